from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from telethon.tl import types

from soso.model.errors import Unavailable
from soso.model.following import Followed, Route, SourceState
from soso.ports.live_source import Step
from soso.sources.mtproto.account import Difference, Door, Found, Page
from soso.sources.mtproto.live import AccountLive
from tests.unit.sources.mtproto.tl import CHANNEL, NOW, channel, message, photo

DOOR = Door(number=CHANNEL.id, access_hash=77)
NEW = Followed(route=Route.ACCOUNT, name="liujing_news", added_at=NOW, added_by="test")


class FakeAccount:
    """A channel in lists: messages by id, and what is to be told of its changes."""

    def __init__(self, *ids: int, page: int = 3, grouped: dict[int, int] | None = None) -> None:
        self.grouped = grouped or {}
        self.page = page
        self.posts = {number: self.make(number) for number in ids}
        self.told: list[Difference] = []
        self.asked: list[str] = []
        self.entity: Any = channel()

    def make(self, number: int) -> Any:
        group = self.grouped.get(number)
        return message(number, f"post {number}", grouped_id=group, media=photo() if group else None)

    def resolve(self, name: str) -> Found:
        self.asked.append(f"resolve {name}")
        return Found(
            entity=self.entity, door=DOOR if isinstance(self.entity, types.Channel) else None
        )

    def describe(self, door: Door) -> Found:
        self.asked.append("describe")
        return Found(entity=self.entity, door=door)

    def history(self, door: Door, *, after: int | None = None, before: int | None = None) -> Page:
        self.asked.append(f"history {after} {before}")
        ids = sorted(self.posts)
        if after is not None:
            ids = [number for number in ids if number > after][: self.page]
        else:
            ids = [number for number in ids if before is None or number < before][-self.page :]
        found = tuple(self.posts[number] for number in reversed(ids))
        return Page(messages=found, entities=(self.entity,), pts=40, is_last=not found)

    def around(self, door: Door, ids: tuple[int, ...]) -> Page:
        self.asked.append("around")
        return Page(messages=tuple(self.posts[number] for number in ids if number in self.posts))

    def changes(self, door: Door, pts: int) -> Difference:
        self.asked.append(f"changes {pts}")
        return self.told.pop(0) if self.told else Difference(pts=pts)

    def download(self, door: Door, message: int, *, thumb: bool, max_bytes: int) -> bytes | None:
        return f"{door.number}/{message}/{thumb}".encode()

    def wait_s(self) -> float:
        return 0.0


def visit(
    account: FakeAccount, followed: Followed = NEW, *, background: bool = False
) -> list[Step]:
    return list(AccountLive(account).visit(followed, NOW, background=background))


def ids(steps: list[Step]) -> list[list[int]]:
    return [[post.id for post in step.batch.posts] for step in steps if step.batch is not None]


def backfill(account: FakeAccount, followed: Followed) -> Iterator[Step]:
    for _ in range(50):
        if followed.next_work_at is None:
            return
        (step,) = visit(account, followed, background=True)
        yield step
        followed = step.after
    raise AssertionError("the backfill does not end")


def test_the_first_visit_brings_the_newest_and_who_it_is() -> None:
    account = FakeAccount(*range(1, 9))
    (step,) = visit(account)
    after = step.after
    assert ids([step]) == [[6, 7, 8]]
    assert (after.peer, after.title, after.newest_id, after.backfill_before) == (
        CHANNEL,
        "柳江日报",
        8,
        6,
    )
    assert after.next_work_at == NOW
    assert step.batch is not None
    assert step.batch.chat.username == "liujing_news"


def test_a_name_is_asked_for_once() -> None:
    account = FakeAccount(*range(1, 9))
    (step,) = visit(account)
    visit(account, step.after)
    visit(account, step.after, background=True)
    assert account.asked.count("resolve liujing_news") == 1
    assert account.asked.count("describe") == 1


def test_a_backfill_reads_everything_once_and_ends() -> None:
    account = FakeAccount(*range(1, 11))
    (first,) = visit(account)
    steps = list(backfill(account, first.after))
    read = [number for run in ids([first, *steps]) for number in run]
    assert read == [8, 9, 10, 5, 6, 7, 2, 3, 4, 1]
    assert steps[-1].after.is_backfilled


def test_an_album_is_never_cut_by_a_page() -> None:
    grouped = dict.fromkeys((4, 5, 6, 7), 99) | dict.fromkeys((9, 10), 98)
    account = FakeAccount(*range(1, 13), page=5, grouped=grouped)
    (first,) = visit(account)
    posts = [
        post
        for step in [first, *backfill(account, first.after)]
        for post in (step.batch.posts if step.batch else ())
    ]
    assert {post.album for post in posts} == {(), (4, 5, 6, 7), (9, 10)}
    assert sorted({n for post in posts for n in (post.id, *post.album)}) == list(range(1, 13))


def test_what_changed_is_asked_for_by_pts() -> None:
    account = FakeAccount(1, 2, 3)
    (first,) = visit(account)
    account.told = [
        Difference(pts=45, messages=(message(4), message(2, "changed")), deleted=(1,), final=False),
        Difference(pts=46, messages=(message(5),)),
    ]
    steps = visit(account, first.after)
    assert ids(steps) == [[2, 4], [5]]
    assert steps[0].batch is not None
    assert [t.post_id for t in steps[0].batch.tombstones] == [1]
    assert steps[-1].after.newest_id == 5
    account.asked.clear()
    visit(account, steps[-1].after)
    assert account.asked == ["changes 46"]


def test_after_a_long_gap_what_lies_above_is_read_and_the_newest_page_again() -> None:
    account = FakeAccount(*range(1, 5), page=4)
    (first,) = visit(account)
    account.posts |= {number: account.make(number) for number in range(5, 14)}
    del account.posts[11]
    account.told = [Difference(pts=90, too_long=True)]
    steps = visit(account, first.after)
    assert {number for run in ids(steps) for number in run} == set(range(5, 14)) - {11}
    last = steps[-1]
    assert last.batch is not None
    assert [t.post_id for t in last.batch.tombstones] == [11]
    account.asked.clear()
    visit(account, last.after)
    assert account.asked == ["changes 90"]


def test_a_gap_that_is_cut_off_goes_on_where_it_was() -> None:
    account = FakeAccount(*range(1, 5), page=2)
    (first,) = visit(account)
    account.posts |= {number: account.make(number) for number in range(5, 40)}
    account.told = [Difference(pts=90, too_long=True)]
    followed, seen = first.after, set[int]()
    for _ in range(12):
        steps = visit(account, followed)
        seen |= {number for run in ids(steps) for number in run}
        followed = steps[-1].after
    assert seen == set(range(5, 40))


def test_an_item_of_an_album_brings_the_others() -> None:
    account = FakeAccount(1, 2, 3, grouped=dict.fromkeys((4, 5, 6), 99))
    (first,) = visit(account)
    account.posts |= {number: account.make(number) for number in (4, 5, 6)}
    account.told = [Difference(pts=41, messages=(account.posts[6],))]
    (step,) = visit(account, first.after)
    assert step.batch is not None
    assert [post.album for post in step.batch.posts] == [(4, 5, 6)]


def test_people_and_bots_are_not_followed() -> None:
    account = FakeAccount()
    account.entity = types.User(id=7, first_name="Ann")
    (step,) = visit(account)
    assert step.after.state is SourceState.UNFIT
    assert step.batch is None


def test_an_empty_channel_is_followed() -> None:
    account = FakeAccount()
    (first,) = visit(account)
    assert (first.after.newest_id, first.after.is_backfilled) == (0, True)
    account.told = [Difference(pts=41, messages=(message(1),))]
    assert ids(visit(account, first.after)) == [[1]]


def test_a_broken_cursor_is_as_none() -> None:
    account = FakeAccount(1)
    broken = msgspec.structs.replace(NEW, cursor="{]", newest_id=1)
    assert visit(account, broken)
    assert account.asked[0] == "resolve liujing_news"


def test_pictures_are_fetched_by_their_message() -> None:
    account = FakeAccount(1)
    live = AccountLive(account)
    assert live.open_media("account:1500000001/1", max_bytes=9) is None  # not visited yet
    list(live.visit(NEW, NOW, background=False))
    assert live.open_media("account:1500000001/1/thumb", max_bytes=9) == b"1500000001/1/True"
    assert live.open_media("https://cdn5.telesco.pe/x.jpg", max_bytes=9) is None
    assert live.open_media("account:../1", max_bytes=9) is None


def test_a_flood_wait_ends_the_visit_and_what_was_read_stays() -> None:
    account = FakeAccount(*range(1, 4))
    (first,) = visit(account)

    def flooded(door: Door, pts: int) -> Difference:
        if pts == 40:
            return Difference(pts=44, messages=(message(4),), final=False)
        raise Unavailable("wait", retry_after_s=300)

    account.changes = flooded  # type: ignore[method-assign]
    steps = AccountLive(account).visit(first.after, NOW, background=False)
    assert ids([next(steps)]) == [[4]]
    with pytest.raises(Unavailable) as caught:
        next(steps)
    assert caught.value.retry_after_s == 300


def test_an_account_that_can_not_tell_is_left_alone_and_stops_nobody_else() -> None:
    class Unreadable(FakeAccount):
        def wait_s(self) -> float:
            raise Unavailable("the disk")

    assert AccountLive(Unreadable()).wait_s() > 0
    assert AccountLive(FakeAccount()).wait_s() == 0
