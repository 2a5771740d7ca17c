"""A visit to a chat's preview pages: what is asked, and what becomes of the answer.

Fills ports/live_source.py for the route that needs no account. Knows the order of steps; which page
comes next is following/plan.py, what a page adds following/pages.py, what vanished
following/absences.py.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec

from soso.flows.identify import follow_merges
from soso.following.absences import Absent, note_absences, shown_ids, take_single
from soso.following.pace import Habits
from soso.following.pages import Ask, Purpose, Reading, Shown, check_page, span_of, take_page
from soso.following.plan import plan_gap, plan_work
from soso.following.states import refused, renamed
from soso.model.batch import Batch, Tombstone
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import BadInput, NotFound
from soso.model.following import Followed, Route, SourceState
from soso.model.identity import fold_name
from soso.model.ids import ChatKey
from soso.ports.clock import Clock
from soso.ports.live_source import Step
from soso.ports.preview_site import PreviewSite
from soso.ports.store import Store

GAP_PAGES: Final = 10
"""Pages of a gap that are read in the visit that noticed it; the rest is work for later."""

WORK_PAGES: Final = 10
_MOST_ALIVE: Final = 2000
_LOOKED_UP: Final = 600

_REFUSED: Final = {
    Shown.CLOSED: SourceState.CLOSED,
    Shown.PRIVATE: SourceState.PRIVATE,
    Shown.FREE: SourceState.GONE,
    Shown.BOT: SourceState.UNFIT,
    Shown.PERSON: SourceState.UNFIT,
    Shown.NO_POST: SourceState.GONE,
}
_WHY: Final = {
    Shown.CLOSED: "its posts are not shown to everyone; a bot in it or an account can follow it",
    Shown.PRIVATE: "only an invitation opens it",
    Shown.FREE: "nobody has this name: renamed, deleted or banned",
    Shown.BOT: "a bot has no posts to follow",
    Shown.PERSON: "a person has no posts to follow",
    Shown.NO_POST: "nobody has this name: renamed, deleted or banned",
}


class PreviewVisits:
    """Fills ports.live_source.LiveSource."""

    def __init__(self, site: PreviewSite, store: Store, clock: Clock, habits: Habits) -> None:
        self._site = site
        self._store = store
        self._clock = clock
        self._habits = habits

    def wait_s(self) -> float:
        """Return how long until the site may be asked."""
        return self._site.wait_s()

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a picture."""
        return self._site.open_media(source, max_bytes=max_bytes)

    def visit(self, followed: Followed, now: datetime, *, background: bool) -> Iterator[Step]:
        """Ask for the newest page and what it shows to be missing, or do a few pages of work."""
        followed = self._under_its_name(followed)
        if background:
            yield from self._work(followed)
            return
        step = self._ask(followed, Ask(purpose=Purpose.NEWEST))
        yield step
        for _ in range(GAP_PAGES):
            ask = plan_gap(step.after)
            if ask is None or step.after.state in _REFUSED.values():
                return
            step = self._ask(step.after, ask)
            yield step

    def _work(self, followed: Followed) -> Iterator[Step]:
        for _ in range(WORK_PAGES):
            followed, ask = plan_work(followed, self._clock.now(), self._habits)
            if ask is None:
                yield Step(after=followed)
                return
            step = self._ask(followed, ask)
            yield step
            followed = step.after
            if followed.state in _REFUSED.values():
                return

    def _ask(self, followed: Followed, ask: Ask) -> Step:
        is_newest = ask.purpose is Purpose.NEWEST
        reading = self._site.read(
            followed.name,
            ask,
            etag=followed.etag if is_newest else None,
            last_modified=followed.last_modified if is_newest else None,
        )
        now = self._clock.now()
        if reading.shown is Shown.UNCHANGED:
            return Step(after=followed)
        is_single = ask.post_id is not None and reading.shown is Shown.NO_POST
        if reading.shown is not Shown.POSTS and not is_single:
            return _turn_away(followed, reading, now)
        if _shows_nothing(followed, ask, reading):
            raise BadInput("the page shows no posts and no id, though the chat had some")
        if reading.chat is not None and _is_another(followed, reading.chat):
            why = f"the name belongs to another chat now: {reading.chat.title or 'without title'}"
            return Step(after=refused(followed, SourceState.TAKEN, now, why=why))
        return self._take(followed, ask, reading, now)

    def _take(self, followed: Followed, ask: Ask, reading: Reading, now: datetime) -> Step:
        """Return the step that a page of posts, or a post's own page, makes."""
        dead: tuple[Tombstone, ...] = ()
        if ask.post_id is not None:
            after = take_single(followed, ask, reading)
        else:
            reading = check_page(followed, ask, reading)
            after = take_page(followed, ask, reading)
            after, dead = self._note(after, ask, reading, now)
        after = self._describe(after, ask, reading)
        return Step(after=after, batch=_batch_of(after, reading, dead))

    def _note(
        self, followed: Followed, ask: Ask, reading: Reading, now: datetime
    ) -> tuple[Followed, tuple[Tombstone, ...]]:
        """Compare the page with what the archive has of its span."""
        span = span_of(ask, reading)
        key = self._chat_of(followed)
        if span is None or key is None:
            return followed, ()
        alive = self._store.list_alive_ids(key, low=span.low, high=span.high, limit=_MOST_ALIVE)
        shown = shown_ids(reading)
        away = [number for number, seen in alive if number not in shown and seen < reading.at]
        stored = self._store.find_posts(key, away[:_LOOKED_UP])
        absent: list[Absent] = []
        for number, one in stored.items():
            # An album that is gone goes with its first message; items wait until that is settled.
            is_item = one.post.id != number
            if self._site.lists(one.post) and not (is_item and one.post.id in stored):
                absent.append(Absent(number, one.post.views is not None, is_item))
        return note_absences(
            followed, span, reading, absent, now=now, confirm_s=self._habits.confirm_s
        )

    def _describe(self, followed: Followed, ask: Ask, reading: Reading) -> Followed:
        """Return the source with what a page says of the chat and of its pace."""
        chat = reading.chat
        if chat is None or ask.purpose is not Purpose.NEWEST:
            return followed
        last = followed.last_post_at
        if followed.recent_s:
            newest = datetime.fromtimestamp(followed.recent_s[0], UTC)
            last = newest if last is None else max(last, newest)
        followed = msgspec.structs.replace(
            _described(followed, chat),
            peer=followed.peer or chat.peer,
            last_post_at=last,
            skipped=sum(reading.skipped.values()),
            etag=reading.etag,
            last_modified=reading.last_modified,
        )
        return self._under(followed, chat.username)

    def _under_its_name(self, followed: Followed) -> Followed:
        """Return a source whose name is lost under the one its chat is known to have now."""
        lost = followed.state in (SourceState.GONE, SourceState.TAKEN)
        key = self._chat_of(followed)
        if not lost or key is None:
            return followed
        return self._under(followed, self._store.get_chat(key).username)

    def _under(self, followed: Followed, username: str | None) -> Followed:
        name = fold_name(username or "")
        if not name or followed.name.startswith("+"):
            return followed
        if name != followed.name and self._store.find_followed(Route.PREVIEW, name) is not None:
            return followed  # followed under that name, too
        return renamed(followed, name, username or name)

    def _chat_of(self, followed: Followed) -> ChatKey | None:
        """Return the chat that holds the posts now, None if it is not here or not any more."""
        store = self._store
        try:
            if followed.chat is not None:
                return follow_merges(store, store.get_chat(followed.chat)).key
        except NotFound:  # purged
            return None
        known = None if followed.peer is None else store.find_chat_by_peer(followed.peer)
        return None if known is None else follow_merges(store, known).key


def _is_another(followed: Followed, chat: ChatSighting) -> bool:
    return None not in (followed.peer, chat.peer) and followed.peer != chat.peer


def _turn_away(followed: Followed, reading: Reading, now: datetime) -> Step:
    """Return the step after a page without posts; the archive learns of chats and bots."""
    after = refused(followed, _REFUSED[reading.shown], now, why=_WHY[reading.shown])
    chat = reading.chat
    if chat is None:
        return Step(after=after)
    after = _described(after, chat)
    if reading.shown not in (Shown.CLOSED, Shown.BOT) or chat.username is None:
        return Step(after=after)
    return Step(after=after, batch=_batch_of(after, reading, ()))


def _described(followed: Followed, chat: ChatSighting) -> Followed:
    return msgspec.structs.replace(
        followed,
        title=chat.title or followed.title,
        kind=followed.kind if chat.kind in (None, ChatKind.UNKNOWN) else chat.kind,
        members=followed.members if chat.members is None else chat.members,
    )


def _shows_nothing(followed: Followed, ask: Ask, reading: Reading) -> bool:
    """Whether a newest page is empty of a chat that had posts: perhaps another chat has the name
    now, which only a post could tell. Nothing may be concluded from it."""
    chat = reading.chat
    is_empty = not reading.posts and (chat is None or chat.peer is None)
    is_same = chat is not None and chat.title == followed.title  # then it was emptied
    is_newest = ask.before is None and ask.post_id is None
    return (
        reading.shown is Shown.POSTS
        and is_newest
        and is_empty
        and not is_same
        and followed.peer is not None
        and followed.newest_id is not None
    )


def _batch_of(followed: Followed, reading: Reading, dead: tuple[Tombstone, ...]) -> Batch | None:
    """Return a page as a batch; a page that names no id is of the chat that is followed."""
    chat = reading.chat or ChatSighting()
    if chat.peer is None and followed.peer is not None and reading.shown is not Shown.BOT:
        chat = msgspec.structs.replace(chat, peer=followed.peer)
    if chat.peer is None and chat.username is None:
        chat = msgspec.structs.replace(chat, username=followed.shown_name or followed.name)
    if reading.chat is None and not dead:
        return None
    return Batch(
        chat=chat,
        observed_at=reading.at,
        posts=reading.posts,
        tombstones=dead,
        skipped=reading.skipped,
        notices=reading.notices,
    )
