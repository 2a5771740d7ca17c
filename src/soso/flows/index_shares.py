"""The change log into an index that many write to: divided into shares, each followed by one.

A share's place is a consumer of its own, and who follows it has a lease of the same name. What a
worker writes after it lost its lease does no harm: each write says how far the log had come, and an
older one never takes the place of a newer one.
"""

import time
from collections.abc import Iterable
from math import inf
from typing import Final

from soso.flows import index
from soso.flows.index import Builder, IndexReport, Told, put
from soso.ports.changes import Share
from soso.ports.engine import Builds, Engine
from soso.ports.store import Store

LEASE_S: Final = 60.0
"""How long nobody follows the share of a worker that died; a step takes a few seconds."""

QUIET: Final = 10_000
"""A share with nothing to do holds up the trimming of so many changes of others at most."""

SHARES: Final = "index-shares"
"""The settings that hold how many shares a build has."""


class Sharing:
    """Who writes to which indexes, beside others. owner: a name that no other worker has."""

    def __init__(
        self, store: Store, builds: Builds, builder: Builder, *, owner: str, shares: int
    ) -> None:
        self.store = store
        self.builds = builds
        self.builder = builder
        self.owner = owner
        self.shares = shares
        self.is_told_older = False


class Held:
    """A lease that is held on while the work goes on."""

    def __init__(self, sharing: Sharing, name: str) -> None:
        self._sharing = sharing
        self._name = name
        self._since = time.monotonic()
        self._is_lost = False

    def keep(self, *, surely: bool = False) -> bool:
        """Hold on where a quarter of the time is over, or in any case; whether it is still ours.

        Once another had it, it is not: the work under way is over.
        """
        since, now = self._since, time.monotonic()
        if not self._is_lost and (surely or now - since >= LEASE_S / 4):
            self._since = now
            store, owner = self._sharing.store, self._sharing.owner
            self._is_lost = not store.take_lease(self._name, owner, for_s=LEASE_S)
        return not self._is_lost


def list_shares(build: str, of: int) -> dict[str, Share]:
    """Return the names of a build's consumers, and what each follows."""
    return {f"index@{build}/{number}": Share(number=number, of=of) for number in range(of)}


def fix_shares(sharing: Sharing, build: str) -> dict[str, Share]:
    """Return a build's shares. Their number stays as it was when the build was first followed."""
    kept = sharing.store.add_setting(f"{SHARES}/{build}", str(sharing.shares))
    return list_shares(build, int(kept))


def lag(store: Store, engine: Engine) -> int:
    """Return how many changes wait for the index that serves, whoever follows them."""
    return sum(_lags(store, engine))


def is_behind(store: Store, engine: Engine) -> bool:
    """Whether changes wait for the index that serves."""
    return any(_lags(store, engine))


def _lags(store: Store, engine: Engine) -> Iterable[int]:
    if engine.builds is None:
        return [store.lag(index.CONSUMER)]
    build = engine.builds.live()
    kept = store.get_setting(f"{SHARES}/{build}")
    if kept is None:  # nobody followed it yet
        return [store.last_seq()]
    shares = list_shares(build, int(kept))
    return (store.lag(name, share=share) for name, share in shares.items())


def follow(
    sharing: Sharing, build: str, *, told: Told | None = None, for_s: float = inf
) -> IndexReport:
    """Follow every share that has something to do and that no other worker follows.

    for_s: begin no step after so many seconds; what is left is for the next time.
    Raises NotFound when the build is there no more, Unavailable.
    """
    store = sharing.store
    until = time.monotonic() + for_s
    waiting = _find_waiting(store, fix_shares(sharing, build))
    report = IndexReport()
    total = sum(store.lag(name, share=share) for name, share in waiting.items()) if told else 0
    while waiting and time.monotonic() < until:
        name = store.take_free_lease(list(waiting), sharing.owner, for_s=LEASE_S)
        if name is None:
            break
        try:
            done = _follow_share(sharing, build, name, waiting.pop(name), until)
        finally:
            store.end_lease(name, sharing.owner)
        report = add(report, done)
        if told is not None:
            count = report.indexed + report.removed
            told(count, max(total, count))
    return report


def _find_waiting(store: Store, shares: dict[str, Share]) -> dict[str, Share]:
    """Return the shares that have something to do, and move the places of others on."""
    head = store.last_seq()
    waiting: dict[str, Share] = {}
    for name, share in shares.items():
        if store.changes(name, limit=1, share=share):
            waiting[name] = share
            continue
        # All up to the head was there when nothing of this share was found.
        oldest = store.changes(name, limit=1)
        if oldest and oldest[0].seq <= head - QUIET:
            store.ack(name, head)
    return waiting


def _follow_share(
    sharing: Sharing, build: str, name: str, share: Share, until: float
) -> IndexReport:
    store, held = sharing.store, Held(sharing, name)
    indexed = removed = waiting = 0
    failed: list[str] = []
    place: int | None = None  # done, not committed yet
    with sharing.builds.writer(build) as writer:
        while changes := store.changes(name, after=place, limit=index.STEP, share=share):
            upserts, deletes = sharing.builder.build(change.doc for change in changes)
            place = changes[-1].seq
            bad = put(writer, upserts, deletes, version=place)
            failed += bad
            indexed += len(upserts) - len(bad)
            removed += len(deletes)
            waiting += len(changes)
            if waiting >= index.COMMIT_EVERY:
                writer.commit()
                if held.keep(surely=True):
                    store.ack(name, place)
                waiting, place = 0, None
            if not held.keep():  # another goes on from the last place
                place = None
                break
            if len(changes) < index.STEP or time.monotonic() >= until:
                break
        if place is not None:
            writer.commit()
            if held.keep(surely=True):
                store.ack(name, place)
    return IndexReport(indexed=indexed, removed=removed, failed=tuple(failed))


def add(one: IndexReport, other: IndexReport) -> IndexReport:
    """Return what both did."""
    return IndexReport(
        indexed=one.indexed + other.indexed,
        removed=one.removed + other.removed,
        failed=one.failed + other.failed,
    )
