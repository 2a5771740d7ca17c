"""Visits to followed sources: take a due one, apply what it brings, keep where it stands.

The order of things is what keeps a crash from doing harm: a batch is applied before the state that
says so is kept, and applying it again changes nothing.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from soso.flows.identify import Identifier
from soso.flows.ingest import Ingestion, says_something, take_batch
from soso.following.pace import OPEN, Habits, schedule
from soso.following.states import REFUSED, failed, paused, refused, succeeded
from soso.model.batch import Block
from soso.model.chat import Chat
from soso.model.errors import Busy, NotFound, Refused, SosoError, Unavailable
from soso.model.following import Followed, Route, SourceState
from soso.ports.live_source import LiveSource, Step

log = logging.getLogger(__name__)

LEASE_S: Final = 600.0
"""Longer than any step: a page, its pictures, and the wait for their turns."""

READY_S: Final = 2.0
"""A route that may be used sooner than this is worth taking a source for."""


class Following(NamedTuple):
    """What visits need. owner: who holds the leases, one name a thread."""

    needs: Ingestion
    sources: Mapping[Route, LiveSource]
    habits: Habits
    owner: str
    is_stopped: Callable[[], bool]


class VisitReport(NamedTuple):
    """What a visit did. fault: what ended it; None where it brought what it was made for."""

    followed: Followed
    steps: int = 0
    inserted: int = 0
    revised: int = 0
    buried: int = 0
    fault: SosoError | None = None


def visit_due(following: Following, *, background: bool) -> VisitReport | None:
    """Visit the source that is due for longest; None if none is, or none may be asked now.

    Raises Unavailable when the archive itself does not answer.
    """
    ready = ready_routes(following)
    if not ready:
        return None
    taken = following.needs.store.take_due(
        following.needs.clock.now(),
        following.owner,
        lease_s=LEASE_S,
        routes=ready,
        background=background,
    )
    return None if taken is None else _Visit(following, taken, background).run()


def visit_one(following: Following, number: int, *, background: bool = False) -> VisitReport | None:
    """Visit a source now, due or not; None if somebody is visiting it. Raises NotFound."""
    now = following.needs.clock.now()
    taken = following.needs.store.take_followed(number, now, following.owner, lease_s=LEASE_S)
    return None if taken is None else _Visit(following, taken, background).run()


def ready_routes(following: Following) -> list[Route]:
    """Return the routes that may be used now."""
    return [route for route, live in following.sources.items() if live.wait_s() <= READY_S]


def idle_s(following: Following, *, longest_s: float) -> float:
    """Return how long there is nothing to do, at most longest_s."""
    now = following.needs.clock.now()
    waits = [longest_s]
    for route, live in following.sources.items():
        due_at = following.needs.store.next_due_at([route])
        if due_at is not None:
            waits.append(max((due_at - now).total_seconds(), live.wait_s()))
    return max(min(waits), 0.0)


class _Visit:
    def __init__(self, following: Following, followed: Followed, background: bool) -> None:
        self.following = following
        self.needs = following.needs
        self.followed = followed
        self.background = background
        self.name = f"{followed.route}:{followed.number}"
        # A feed that is taken off and added again is the same chat: its address says so.
        is_feed = followed.route is Route.FEED
        same = f"{followed.route}:{followed.name}" if is_feed else self.name
        self.identifier = Identifier(self.needs.store, same)
        self.report = VisitReport(followed)

    def run(self) -> VisitReport:
        """Make the visit to its end."""
        if self._is_kept_out():
            self._keep(
                paused(self.followed, is_paused=True, why="the chat is blocked"), lease=False
            )
            return self.report
        live = self.following.sources[self.followed.route]
        steps = live.visit(self.followed, self._now(), background=self.background)
        try:
            while not self.following.is_stopped():
                step = next(steps, None)
                if step is None:
                    break
                if not self._take(step, live):
                    return self.report  # the lease is lost: what was applied stays
        except _OfArchive:
            raise
        except SosoError as error:
            return self._fail(error)
        except Exception as error:
            log.exception("a mistake while #%d was visited", self.followed.number)
            return self._fail(Unavailable(f"a mistake of ours: {type(error).__name__}"))
        self._keep(self.followed, lease=False, plan=self.report.steps > 0)
        return self.report

    def _take(self, step: Step, live: LiveSource) -> bool:
        """Apply a step's batch and keep its state; False when the lease is lost."""
        chat = self.followed.chat
        report = self.report._replace(steps=self.report.steps + 1)
        if step.batch is not None and says_something(step.batch):
            try:
                taken = take_batch(
                    step.batch, self.identifier, live, self.needs, name=self.name, live=True
                )
            except (Unavailable, Busy) as error:
                raise _OfArchive(str(error)) from error
            if chat is None or self.followed.route is not Route.FEED:
                chat = taken.chat.key
            report = report._replace(
                inserted=report.inserted + taken.applied.inserted,
                revised=report.revised + taken.applied.revised,
                buried=report.buried + taken.applied.buried,
            )
        self.report = report
        after = msgspec.structs.replace(step.after, chat=chat)
        is_refused = after.state in REFUSED and after.last_visit_at != self.followed.last_visit_at
        if not is_refused:
            after = succeeded(after, self._now())
        return self._keep(after, lease=True)

    def _fail(self, error: SosoError) -> VisitReport:
        """Keep that the visit failed, and when the next one is."""
        if self.following.is_stopped():
            self._keep(self.followed, lease=False, plan=False)
            return self.report
        now = self._now()
        if isinstance(error, NotFound):
            after = refused(self.followed, SourceState.GONE, now, why=str(error))
        elif isinstance(error, Refused):
            after = refused(self.followed, SourceState.PRIVATE, now, why=str(error))
        else:
            after = failed(self.followed, str(error), now)
        after = schedule(after, now, self.following.habits, background=self.background)
        self._keep(_postponed(after, error, now), lease=False, plan=False)
        self.report = self.report._replace(fault=error)
        log.info("%s %s: %s", self.followed.route, self.followed.name, error)
        return self.report

    def _keep(self, after: Followed, *, lease: bool, plan: bool = True) -> bool:
        now = self._now()
        if plan:
            after = schedule(after, now, self.following.habits, background=self.background)
        self.followed = after
        self.report = self.report._replace(followed=after)
        until = now + timedelta(seconds=LEASE_S) if lease else None
        try:
            return self.needs.store.keep_followed(after, self.following.owner, lease_until=until)
        except (Unavailable, Busy) as error:
            raise _OfArchive(str(error)) from error

    def _is_kept_out(self) -> bool:
        """Whether the operator keeps this chat out of the archive."""
        store = self.needs.store
        blocks = [block for block in store.list_blocks() if block.chat and block.post_id is None]
        if not blocks:
            return False
        key = self.followed.chat
        chat = None if key is None else store.get_chats([key]).get(key)  # none: it was purged
        return any(_names(block, self.followed, chat) for block in blocks)

    def _now(self) -> datetime:
        return self.needs.clock.now()


class _OfArchive(Unavailable):
    """The archive failed, not the source."""


def _names(block: Block, followed: Followed, chat: Chat | None) -> bool:
    if block.author or block.word:
        return False
    name = (block.chat or "").strip().casefold()
    known = {followed.name, f"@{followed.name}"}
    if followed.peer is not None:
        known.add(followed.peer.ref)
    if chat is not None:
        known.add(chat.ref)
    return name in known


def _postponed(followed: Followed, error: SosoError, now: datetime) -> Followed:
    """Return the source with no time before the one that the host asked for."""
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is None or followed.state not in OPEN:
        return followed
    earliest = now + timedelta(seconds=retry_after_s)
    times = {
        name: max(at, earliest)
        for name in ("next_visit_at", "next_work_at")
        if (at := getattr(followed, name)) is not None
    }
    return msgspec.structs.replace(followed, **times)
