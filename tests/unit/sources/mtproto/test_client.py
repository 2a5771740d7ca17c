"""The account against Telethon itself, unconnected: its session is in memory, and what it would
send is answered here."""

import logging
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telethon import TelegramClient, errors
from telethon.sessions import MemorySession
from telethon.tl import functions, types

from soso.model.errors import BadInput, Busy, NotFound, Refused, Unavailable
from soso.sources.mtproto.account import Door
from soso.sources.mtproto.client import TelethonAccount
from soso.sources.mtproto.files import AccountFiles
from tests.unit.sources.mtproto.tl import CHANNEL, NOW, channel, message

DOOR = Door(number=CHANNEL.id, access_hash=77)


class SetClock:
    """A clock that stands where it is set."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class Offline(TelegramClient):  # type: ignore[misc]
    """Answers requests from a script; by default from a channel of 250 messages."""

    def __init__(self) -> None:
        super().__init__(MemorySession(), 1, "hash")
        self.asked: list[Any] = []
        self.script: list[Any] = []
        self.signed_in = True
        self.needs_password = False
        self.online = False

    async def connect(self) -> None:
        self.online = True

    def is_connected(self) -> bool:
        return self.online

    async def is_user_authorized(self) -> bool:
        return self.signed_in

    async def get_me(self, input_peer: bool = False) -> Any:
        return types.User(id=7, first_name="Ann", last_name="Li", username="ann_li", phone="1555")

    async def send_code_request(self, phone: str, **_: Any) -> Any:
        return types.auth.SentCode(types.auth.SentCodeTypeApp(5), "hash")

    async def sign_in(self, phone: Any = None, code: Any = None, **given: Any) -> Any:
        if given.get("password") == "secret":
            self.signed_in = True
        elif given.get("password") is not None:
            raise errors.PasswordHashInvalidError(None)
        elif code != "12345":
            raise errors.PhoneCodeInvalidError(None)
        elif self.needs_password:
            raise errors.SessionPasswordNeededError(None)
        else:
            self.signed_in = True

    async def log_out(self) -> bool:
        self.signed_in = False
        return True

    async def __call__(self, request: Any, ordered: bool = False) -> Any:
        self.asked.append(request)
        if self.script:
            answer = self.script.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        return self.answer(request)

    def answer(self, request: Any) -> Any:
        match request:
            case functions.contacts.ResolveUsernameRequest():
                return types.contacts.ResolvedPeer(types.PeerChannel(CHANNEL.id), [channel()], [])
            case functions.channels.GetFullChannelRequest():
                full = types.ChannelFull(CHANNEL.id, "about", 0, 0, 0, None, None, [], pts=30)  # type: ignore[arg-type]
                linked = channel(id=1700000003, title="Comments", megagroup=True)
                return types.messages.ChatFull(full, [linked, channel()], [])
            case functions.messages.GetHistoryRequest():
                return self.history(request)
        raise AssertionError(request)

    def history(self, request: Any) -> Any:
        """As the server does: offset_id excluded, add_offset moves the window to newer ones."""
        ids = list(range(250, 0, -1))
        start = next((n for n, i in enumerate(ids) if i < request.offset_id), len(ids))
        start = (start if request.offset_id else 0) + request.add_offset
        window = ids[max(start, 0) : max(start + request.limit, 0)]
        found = [message(number) for number in window]
        return types.messages.ChannelMessages(40, 250, found, [], [channel()], [])


class Place:
    def __init__(self, folder: Path) -> None:
        self.files = AccountFiles(folder / "account")
        self.clock = SetClock()
        self.client: Any = None
        self.account = self.open()

    def open(self) -> TelethonAccount:
        return TelethonAccount(
            self.files, self.clock, api_id=1, api_hash="h", pace=0, make_client=self.make
        )

    def make(self) -> Any:
        self.client = self.client or Offline()
        return self.client

    def script(self, *answers: Any) -> None:
        self.make().script += answers


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.account.close()


def test_history_goes_down_and_up_and_misses_nothing(place: Place) -> None:
    down: list[int] = []
    before = None
    while not (page := place.account.history(DOOR, before=before)).is_last:
        down += [raw.id for raw in page.messages]
        before = down[-1]
        assert page.pts == 40
    assert down == list(range(250, 0, -1))
    up = [raw.id for raw in place.account.history(DOOR, after=30).messages]
    assert up == list(range(130, 30, -1))
    assert place.account.history(DOOR, after=250).is_last


def test_a_name_is_found_with_its_description_and_not_its_linked_group(place: Place) -> None:
    found = place.account.resolve("@liujing_news")
    assert (found.door, found.entity.title, found.full.about) == (DOOR, "柳江日报", "about")
    assert place.client.asked[0].username == "liujing_news"


def test_an_invitation_is_used_only_if_it_was_accepted(place: Place) -> None:
    place.script(types.ChatInviteAlready(channel()))
    assert place.account.resolve("+AbCd").door == DOOR
    place.script(types.ChatInvite("t", types.PhotoEmpty(1), 3, 1))
    with pytest.raises(Refused, match="not a member"):
        place.account.resolve("+AbCd")
    kinds = {type(request).__name__ for request in place.client.asked}
    assert kinds == {"CheckChatInviteRequest", "GetFullChannelRequest"}


def test_changes_are_new_posts_edits_and_deletions(place: Place) -> None:
    updates = [
        types.UpdateEditChannelMessage(message(3, "new"), 44, 1),
        types.UpdateDeleteChannelMessages(CHANNEL.id, [1, 2], 46, 2),
        types.UpdateChannelMessageViews(CHANNEL.id, 3, 9),
    ]
    place.script(
        types.updates.ChannelDifference(46, [message(9)], updates, [channel()], [], final=True),
        types.updates.ChannelDifferenceEmpty(46, final=True),
        types.updates.ChannelDifferenceTooLong(
            types.Dialog(types.PeerChannel(CHANNEL.id), 9, 0, 0, 0, 0, 0, 0, None, pts=99),  # type: ignore[arg-type]
            [],
            [],
            [],
        ),
        errors.PersistentTimestampInvalidError(None),
    )
    told = place.account.changes(DOOR, 40)
    assert ([raw.id for raw in told.messages], told.deleted, told.pts) == ([9, 3], (1, 2), 46)
    assert told.final
    assert place.account.changes(DOOR, 46).messages == ()
    long = place.account.changes(DOOR, 46)
    assert (long.too_long, long.pts) == (True, 99)
    lost = place.account.changes(DOOR, 46)
    assert (lost.too_long, lost.pts) == (True, 30)


def test_a_flood_wait_is_obeyed_and_outlives_the_process(place: Place) -> None:
    place.script(errors.FloodWaitError(None, 300))
    with pytest.raises(Unavailable) as caught:
        place.account.history(DOOR)
    assert caught.value.retry_after_s == 301
    place.account.close()
    again = place.open()
    place.clock.time += timedelta(seconds=100)
    asked = len(place.client.asked)
    with pytest.raises(Unavailable) as caught:
        again.history(DOOR)
    assert caught.value.retry_after_s == again.wait_s() == 201
    assert len(place.client.asked) == asked  # nothing was sent
    place.clock.time += timedelta(seconds=201)
    assert again.history(DOOR).messages
    again.close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (errors.UsernameNotOccupiedError(None), NotFound),
        (errors.ChannelPrivateError(None), Refused),
        (errors.AuthKeyUnregisteredError(None), Refused),
        (errors.ServerError(None, "busy"), Unavailable),
        (ConnectionError("no network"), Unavailable),
        (ValueError("odd"), Unavailable),
    ],
)
def test_what_telegram_answers_is_one_of_our_errors(
    place: Place, answer: Exception, error: type[Exception]
) -> None:
    place.script(answer)
    with pytest.raises(error):
        place.account.history(DOOR)


def test_nobody_signed_in_is_said(place: Place) -> None:
    place.make().signed_in = False
    with pytest.raises(Unavailable, match="soso account login"):
        place.account.history(DOOR)
    assert place.account.who() is None


class Operator:
    def __init__(self, code: str = "12345", password: str = "secret") -> None:
        self.answers = (code, password)

    def phone(self) -> str:
        return "+8655500100"

    def code(self) -> str:
        return self.answers[0]

    def password(self) -> str:
        return self.answers[1]


def test_signing_in_and_out(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place.make().signed_in = False
    place.client.needs_password = True
    me = place.account.sign_in(Operator())
    assert (me.number, me.name, me.username) == (7, "Ann Li", "ann_li")
    assert place.account.who() == me
    session = place.files.session
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    assert stat.S_IMODE(session.parent.stat().st_mode) == 0o700
    place.account.sign_out()
    assert not session.exists()
    assert not place.client.signed_in
    assert all(secret not in caplog.text for secret in ("55500100", "12345", "secret"))


@pytest.mark.parametrize(
    ("operator", "said"),
    [(Operator(code="1"), "the code is wrong"), (Operator(password="x"), "the password is wrong")],
)
def test_a_wrong_answer_is_said(place: Place, operator: Operator, said: str) -> None:
    place.make().signed_in = False
    place.client.needs_password = True
    with pytest.raises(BadInput, match=said):
        place.account.sign_in(operator)


def test_one_process_at_a_time(place: Place, tmp_path: Path) -> None:
    assert place.account.history(DOOR).messages
    other = Place(tmp_path)
    with pytest.raises(Busy):
        other.account.history(DOOR)
    place.account.close()
    assert other.account.history(DOOR).messages
    other.account.close()


def test_updates_of_telethons_own_types_go_through_the_reader(place: Place) -> None:
    """What a channel's difference holds are the updates that a dispatcher would push."""
    update = types.UpdateNewChannelMessage(message(12, "pushed"), 50, 1)
    place.script(types.updates.ChannelDifference(50, [], [update], [], [], final=True))
    assert [raw.message for raw in place.account.changes(DOOR, 49).messages] == ["pushed"]
