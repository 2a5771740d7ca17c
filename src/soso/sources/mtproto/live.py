"""A chat followed by an account. Fills ports/live_source.py.

Knows how a chat's place moves. New posts, edits and deletions are one request for what changed since
a pts, the number Telegram gives every change of a channel: the same for a minute and for a night
without network, so there is no second way for catching up and nothing pushed that a crash could
lose. Where Telegram says that too much has changed, everything above the newest post is read as
history, and the newest page once more for what was edited or deleted in it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from soso.following.states import refused
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import BadInput, Unavailable
from soso.model.following import Followed, SourceState
from soso.model.value import Value
from soso.ports.live_source import Step
from soso.sources.mtproto.account import Account, Difference, Door, Page
from soso.sources.mtproto.media import parse_file_name
from soso.sources.mtproto.parse import parse_chat, parse_messages, read_names
from soso.sources.mtproto.wire import as_int, field

_STEPS: Final = 5
_RECENT: Final = 20
_ALBUM: Final = 10
_MAX_ABSENT: Final = 2000
_UNTOLD_S: Final = 300.0
_BACKFILL_PACE: Final = timedelta(seconds=4)  # Telegram allows about ten history calls in 30 s
_DESCRIBED: Final = timedelta(hours=12)
_UNFIT: Final = frozenset({ChatKind.PERSON, ChatKind.BOT})


class Place(Value):
    """The cursor. pts: None until the first page told it; behind: read up from newest_id first.

    described_at: when title and members were asked for.
    """

    door: Door
    pts: int | None = None
    behind: bool = False
    described_at: datetime | None = None


class AccountLive:
    """The route of an account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._doors: dict[int, Door] = {}

    def visit(self, followed: Followed, now: datetime, *, background: bool) -> Iterator[Step]:
        """Yield a step for each request; see ports/live_source.py."""
        place = _load(followed.cursor)
        if place is None:
            found = self._account.resolve(followed.name)
            chat = parse_chat(found.entity, found.full)
            if chat is None:
                raise BadInput(f"{followed.name} is neither a channel nor a group")
            followed = _known(followed, chat)
            if found.door is None or chat.kind in _UNFIT:
                why = "a person or a bot has no posts to follow"
                yield Step(after=refused(followed, SourceState.UNFIT, now, why=why))
                return
            place = Place(door=found.door)
            followed = _at(followed, place)
        self._doors[place.door.number] = place.door
        if background:
            yield self._backfill(followed, place, now)
            return
        chat, place = self._describe(followed, place, now)
        followed = _at(_known(followed, chat), place)
        if followed.newest_id is None:
            yield self._first(followed, place, chat, now)
            return
        yield from self._catch_up(followed, place, chat, now)

    def wait_s(self) -> float:
        """Return how long the account has to be left alone: a while too if that can't be told."""
        try:
            return self._account.wait_s()
        except Unavailable:
            return _UNTOLD_S

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return the picture of a message, if it stands in a chat that was visited."""
        name = parse_file_name(source)
        if name is None or (door := self._doors.get(name[0])) is None:
            return None
        return self._account.download(door, name[1], thumb=name[2], max_bytes=max_bytes)

    def _describe(
        self, followed: Followed, place: Place, now: datetime
    ) -> tuple[ChatSighting, Place]:
        """Ask for title and members now and then; between, the chat is who it is."""
        asked = place.described_at
        if asked is not None and asked <= now < asked + _DESCRIBED:
            return ChatSighting(peer=followed.peer), place
        found = self._account.describe(place.door)
        chat = parse_chat(found.entity, found.full) or ChatSighting(peer=followed.peer)
        return chat, msgspec.structs.replace(place, described_at=now)

    def _first(self, followed: Followed, place: Place, chat: ChatSighting, now: datetime) -> Step:
        page = self._account.history(place.door)
        batch = _parse(page.messages, page.entities, chat, now)
        place = msgspec.structs.replace(place, pts=page.pts)
        after = _read(_at(followed, place), page.messages)
        lowest = _lowest(_whole(page, downward=True))
        after = msgspec.structs.replace(
            after,
            newest_id=after.newest_id or 0,
            oldest_id=lowest,
            backfill_before=lowest,
            is_backfilled=page.is_last,
            next_work_at=None if page.is_last else now,
        )
        return Step(after=_seen(after, batch), batch=batch)

    def _backfill(self, followed: Followed, place: Place, now: datetime) -> Step:
        before = followed.backfill_before
        if followed.is_backfilled or before is None:
            return Step(after=msgspec.structs.replace(followed, next_work_at=None))
        page = self._account.history(place.door, before=before)
        messages = _whole(page, downward=True)
        batch = _parse(messages, page.entities, ChatSighting(peer=followed.peer), now)
        lowest = _lowest(messages)
        done = page.is_last or lowest is None or lowest >= before or lowest <= 1
        after = msgspec.structs.replace(
            followed,
            oldest_id=min(lowest or before, followed.oldest_id or before),
            backfill_before=lowest or before,
            is_backfilled=done,
            next_work_at=None if done else now + _BACKFILL_PACE,
        )
        return Step(after=after, batch=batch)

    def _catch_up(
        self, followed: Followed, place: Place, chat: ChatSighting, now: datetime
    ) -> Iterator[Step]:
        for _ in range(_STEPS):
            if place.behind or place.pts is None:
                step, place, more = self._read_up(followed, place, chat, now)
            else:
                step, place, more = self._changes(followed, place, chat, now)
            yield step
            followed = step.after
            if not more:
                return

    def _read_up(
        self, followed: Followed, place: Place, chat: ChatSighting, now: datetime
    ) -> tuple[Step, Place, bool]:
        """Read what lies above the newest post; at the top, the newest page for what changed."""
        page = self._account.history(place.door, after=followed.newest_id or 0)
        messages = _whole(page, downward=False)
        followed = _read(followed, messages)
        if not page.is_last:
            batch = _parse(messages, page.entities, chat, now)
            return Step(after=_seen(followed, batch), batch=batch), place, True
        top = self._account.history(place.door)
        pts = top.pts if place.pts is None else place.pts
        place = msgspec.structs.replace(place, pts=pts, behind=False)
        # The ids of basic groups are of the account: those between belong to other chats.
        gone = () if place.door.is_group else _absent(top)
        batch = _parse((*messages, *top.messages), (*page.entities, *top.entities), chat, now, gone)
        after = _at(_read(followed, top.messages), place)
        return Step(after=_seen(after, batch), batch=batch), place, False

    def _changes(
        self, followed: Followed, place: Place, chat: ChatSighting, now: datetime
    ) -> tuple[Step, Place, bool]:
        told: Difference = self._account.changes(place.door, place.pts or 0)
        place = msgspec.structs.replace(place, pts=told.pts, behind=told.too_long)
        after = _at(followed, place)
        if told.too_long:
            return Step(after=after), place, True
        messages, entities = self._with_albums(place.door, told)
        more = not told.final
        if not (messages or told.deleted):
            return Step(after=after), place, more
        batch = _parse(messages, entities, chat, now, told.deleted)
        return Step(after=_seen(_read(after, messages), batch), batch=batch), place, more

    def _with_albums(self, door: Door, told: Difference) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Return the messages with all items of their albums: those come one by one, and a change
        may be of one alone."""
        groups = {group for raw in told.messages if (group := field(raw, "grouped_id")) is not None}
        if not groups:
            return told.messages, told.entities
        have = {as_int(field(raw, "id")) for raw in told.messages}
        grouped = [raw for raw in told.messages if field(raw, "grouped_id") is not None]
        ids = {
            number + shift
            for raw in grouped
            if (number := as_int(field(raw, "id"), low=1)) is not None
            for shift in range(1 - _ALBUM, _ALBUM)
        }
        wanted = tuple(sorted(number for number in ids if number > 0 and number not in have))
        page = self._account.around(door, wanted)
        rest = [raw for raw in page.messages if field(raw, "grouped_id") in groups]
        return (*told.messages, *rest), (*told.entities, *page.entities)


def _load(cursor: str | None) -> Place | None:
    try:
        return msgspec.json.decode(cursor, type=Place) if cursor else None
    except (msgspec.DecodeError, UnicodeError):
        return None


def _at(followed: Followed, place: Place) -> Followed:
    return msgspec.structs.replace(followed, cursor=msgspec.json.encode(place).decode())


def _known(followed: Followed, chat: ChatSighting) -> Followed:
    return msgspec.structs.replace(
        followed,
        peer=chat.peer or followed.peer,
        title=chat.title or followed.title,
        kind=chat.kind or followed.kind,
        members=followed.members if chat.members is None else chat.members,
        shown_name=chat.username or followed.shown_name,
    )


def _read(followed: Followed, messages: tuple[Any, ...]) -> Followed:
    newest = max(_ids(messages), default=0)
    return msgspec.structs.replace(followed, newest_id=max(newest, followed.newest_id or 0))


def _seen(followed: Followed, batch: Batch) -> Followed:
    times = {int(post.at.timestamp()) for post in batch.posts} | set(followed.recent_s)
    return msgspec.structs.replace(followed, recent_s=tuple(sorted(times, reverse=True)[:_RECENT]))


def _parse(
    messages: tuple[Any, ...],
    entities: tuple[Any, ...],
    chat: ChatSighting,
    now: datetime,
    deleted: tuple[int, ...] = (),
) -> Batch:
    return parse_messages(messages, chat, read_names(entities), observed_at=now, deleted=deleted)


def _ids(messages: tuple[Any, ...]) -> list[int]:
    return [number for raw in messages if (number := as_int(field(raw, "id"), low=1)) is not None]


def _lowest(messages: tuple[Any, ...]) -> int | None:
    return min(_ids(messages), default=None)


def _whole(page: Page, *, downward: bool) -> tuple[Any, ...]:
    """Return a page's messages without an album that its far end may have cut in two."""
    if page.is_last or not page.messages:
        return page.messages
    edge = page.messages[-1] if downward else page.messages[0]
    group = field(edge, "grouped_id")
    if group is None:
        return page.messages
    kept = tuple(raw for raw in page.messages if field(raw, "grouped_id") != group)
    return kept or page.messages


def _absent(page: Page) -> tuple[int, ...]:
    """Return the ids that a page skips: an account is shown all there is of a channel."""
    ids = set(_ids(page.messages))
    if len(ids) < 2 or max(ids) - min(ids) > _MAX_ABSENT:
        return ()
    return tuple(sorted(set(range(min(ids), max(ids))) - ids))
