"""From what waits to what is sent: one message a watch, one line for all copies.

Knows the order of steps. When a watch is due says alerts/due.py, how a delivery goes on
alerts/delivery.py; how something is sent knows the door.

A watch has at most one delivery on its way: while the other side is down, what matches gathers in
the next one. What is said of posts is read when it is sent, so that nothing taken down is told.
"""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from soso.alerts.delivery import Delivery, DeliveryState, End, Outcome, proceed
from soso.alerts.digest import LISTED, Digest, fold_matches
from soso.alerts.due import SPACED, due_at
from soso.alerts.watch import Door, Owner, Rhythm, Watch, WatchState
from soso.flows.cluster import CONSUMER as CLUSTER
from soso.flows.fold import count_copies
from soso.flows.lay_out import CardMaker
from soso.model.chat import Chat
from soso.model.errors import BadInput, NotFound
from soso.model.ids import PostKey, doc_key, post_doc
from soso.model.post import StoredPost
from soso.model.value import Value
from soso.ports.alert_door import AlertDoor
from soso.ports.clock import Clock
from soso.ports.store import Store
from soso.ports.watches import Waiting
from soso.query.marks import marks_of
from soso.query.parse import parse
from soso.query.results import Card
from soso.text.analyzers import Analyzers

log = logging.getLogger(__name__)

AT_ONCE: Final = 64
"""Deliveries taken in one step, sent by THREADS threads."""

THREADS: Final = 8
LEASE_S: Final = 600.0
"""How long a sender may take before it counts as dead; doors take two minutes at most."""

COPIES_WAIT: Final = timedelta(seconds=30)
"""How long a match waits until it is known whether it is a copy."""

FEED_ROWS: Final = 50


class Delivering(NamedTuple):
    """What delivering needs."""

    store: Store
    analyzers: Analyzers
    clock: Clock


class DeliverReport(Value):
    """Of one step. later: to be tried again. paused_s: by door, how long nothing goes out of it."""

    opened: int = 0
    sent: int = 0
    later: int = 0
    ended: int = 0
    paused_s: dict[str, float] = {}

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.opened or self.sent or self.later or self.ended)


class WatchFeed(Value):
    """What the feed of a watch shows, newest first."""

    watch: Watch
    cards: tuple[Card, ...]


def deliver_due(doors: Mapping[Door, AlertDoor], needs: Delivering) -> DeliverReport:
    """Tell what is due through these doors; a step of at most AT_ONCE deliveries.

    Raises Unavailable; what was taken then is taken again when its lease has run out.
    """
    now = needs.clock.now()
    due = needs.store.list_due(now=now, doors=doors.keys(), limit=AT_ONCE)
    opened = sum(_open(one, needs, now) for one in due)
    taken = needs.store.take_deliveries(now=now, doors=doors.keys(), lease_s=LEASE_S, limit=AT_ONCE)
    if not taken:
        return DeliverReport(opened=opened)
    watches = needs.store.get_watches({one.watch for one in taken})
    sender = _Sender(doors, needs)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="alert") as pool:
        jobs = [(one, watches[one.watch]) for one in taken if one.watch in watches]
        after = list(pool.map(lambda job: sender.send(*job), jobs))
    ends = [one.state for one in after]
    return DeliverReport(
        opened=opened,
        sent=ends.count(DeliveryState.SENT),
        later=ends.count(DeliveryState.PENDING),
        ended=len(ends) - ends.count(DeliveryState.SENT) - ends.count(DeliveryState.PENDING),
        paused_s={door.value: paused for door, paused in sender.paused_s.items()},
    )


def stop_all(owner: Owner, reason: str, store: Store) -> int:
    """Stop all watches of an owner who can't be reached; return how many went on until now."""
    stopped = 0
    for watch in store.list_watches(owner=owner, limit=10_000):
        if watch.state is WatchState.ACTIVE:
            gone = msgspec.structs.replace(watch, state=WatchState.GONE, reason=reason)
            store.keep_watch(gone, due_at=None)
            stopped += 1
    return stopped


def read_feed(secret: str, needs: Delivering) -> WatchFeed:
    """Return what a watch matched lately. Raises NotFound for a secret of none."""
    watch = needs.store.find_watch_by_secret(secret) if secret else None
    if watch is None:
        raise NotFound("there is no such feed")
    found = needs.store.list_matches(watch.number, limit=FEED_ROWS * 2)
    keys = [match.post for match in reversed(found)]
    shown = _visible(keys, needs)
    folded = fold_matches(list(shown), _heads(list(shown), needs), frozenset())
    cards = _cards(watch, [shown[key] for key in folded.kept], needs)
    return WatchFeed(watch=watch, cards=tuple(cards[:FEED_ROWS]))


# What is told


def _open(waiting: Waiting, needs: Delivering, now: datetime) -> bool:
    """Make a delivery of what waits; whether there is one."""
    store, watch = needs.store, waiting.watch
    young = waiting.oldest_at is not None and now - waiting.oldest_at < COPIES_WAIT
    if young and store.lag(CLUSTER):
        return False
    shown = _visible(waiting.posts, needs)
    heads = _heads(list(shown), needs)
    folded = fold_matches(list(shown), heads, _told(watch, heads, store))
    hidden = [key for key in waiting.posts if key not in shown]
    next_at = _not_before(watch, now + SPACED)
    dropped = [*folded.copies, *hidden]
    made = store.open_delivery(watch.number, folded.kept, dropped, now=now, due_at=next_at)
    return made is not None


def _visible(keys: Sequence[PostKey], needs: Delivering) -> dict[PostKey, tuple[StoredPost, Chat]]:
    """Return those that readers may see in lists, in their order."""
    maker = CardMaker(needs.store, needs.analyzers, sensitive=False)
    found = maker.find_posts([post_doc(key) for key in keys])
    return {key: found[post_doc(key)] for key in keys if post_doc(key) in found}


def _heads(keys: Sequence[PostKey], needs: Delivering) -> dict[PostKey, PostKey]:
    heads = needs.store.clusters_of([post_doc(key) for key in keys])
    return {PostKey(doc_key(doc)): PostKey(doc_key(head)) for doc, head in heads.items()}


def _told(watch: Watch, heads: Mapping[PostKey, PostKey], store: Store) -> frozenset[PostKey]:
    """Return the heads of those clusters of which the watch has told a post."""
    wanted = set(heads.values())
    if not wanted:
        return frozenset()
    members = {row.seen.key: row.head for row in store.find_members(list(wanted))}
    members |= {head: head for head in wanted}
    told = store.find_told_of_watch(watch.number, members.keys())
    return frozenset(members[key] for key in told)


def _cards(watch: Watch, posts: Sequence[tuple[StoredPost, Chat]], needs: Delivering) -> list[Card]:
    """Return cards, newest first, that know how many other channels have the same."""
    marks = marks_of(parse(watch.text).query, needs.analyzers)
    maker = CardMaker(needs.store, needs.analyzers, sensitive=False)
    newest = sorted(posts, key=lambda one: (one[0].post.at, one[0].key), reverse=True)
    cards = [maker.of_post(stored, chat, marks) for stored, chat in newest]
    return count_copies(cards, needs.store)


def build_digest(delivery: Delivery, watch: Watch, needs: Delivering) -> Digest | None:
    """Return what is sent of a delivery now; None if nothing of it may be shown any more."""
    shown = list(_visible(needs.store.list_delivered(delivery.number), needs).values())
    if not shown:
        return None
    newest = sorted(shown, key=lambda one: (one[0].post.at, one[0].key), reverse=True)
    return Digest(
        number=delivery.number,
        watch=watch,
        cards=tuple(_cards(watch, newest[:LISTED], needs)),
        more=max(len(shown) - LISTED, 0),
        repeat=delivery.doubts > 0,
    )


# Sending


class _Sender:
    """One step's deliveries; a door that is down is asked once, not by each of them."""

    def __init__(self, doors: Mapping[Door, AlertDoor], needs: Delivering) -> None:
        self._doors = doors
        self._needs = needs
        self.paused_s: dict[Door, float] = {}

    def send(self, delivery: Delivery, watch: Watch) -> Delivery:
        """Send one that was taken, and keep what became of it."""
        door = watch.owner.door
        now = self._needs.clock.now()
        if watch.state is not WatchState.ACTIVE:
            return self._keep(delivery, DeliveryState.EMPTY, "the watch was stopped")
        if (begin := _not_before(watch, now)) > now:  # tried again in quiet hours
            return self._put_off(delivery, begin)
        if door in self.paused_s:
            return self._put_off(delivery, now + timedelta(seconds=self.paused_s[door]))
        digest = build_digest(delivery, watch, self._needs)
        if digest is None:
            return self._keep(delivery, DeliveryState.EMPTY, "its posts were taken down")
        outcome = self._doors[door].send(digest)
        if outcome.all_wait:
            self.paused_s[door] = max(outcome.after_s or 0.0, self.paused_s.get(door, 0.0))
        after = proceed(delivery, outcome, door, now=self._needs.clock.now())
        self._needs.store.keep_delivery(after, stopped=_stopped(watch, after))
        if outcome.end is not End.DELIVERED:
            self._tell(watch, after, outcome)
        return after

    def _tell(self, watch: Watch, after: Delivery, outcome: Outcome) -> None:
        log.info("watch %d: %s: %s", watch.number, after.state.value, outcome.reason)
        if after.state is DeliveryState.GONE and watch.owner.door is Door.BOT:
            stop_all(watch.owner, outcome.reason, self._needs.store)

    def _put_off(self, delivery: Delivery, until: datetime) -> Delivery:
        later = msgspec.structs.replace(delivery, state=DeliveryState.PENDING, next_at=until)
        self._needs.store.keep_delivery(later)
        return later

    def _keep(self, delivery: Delivery, state: DeliveryState, reason: str) -> Delivery:
        ended = msgspec.structs.replace(delivery, state=state, reason=reason)
        self._needs.store.keep_delivery(ended)
        return ended


def _stopped(watch: Watch, after: Delivery) -> Watch | None:
    """Return the watch as it stops with its delivery, None if it goes on."""
    states = {DeliveryState.GONE: WatchState.GONE, DeliveryState.FAILED: WatchState.FAILING}
    if after.state not in states:
        return None
    return msgspec.structs.replace(watch, state=states[after.state], reason=after.reason)


def _not_before(watch: Watch, at: datetime) -> datetime:
    """Return the first time from `at` on when the watch is neither muted nor quiet."""
    try:
        return due_at(msgspec.structs.replace(watch, rhythm=Rhythm.AT_ONCE), at)
    except BadInput:  # its zone is known no more on this machine
        return at
