"""A whole index built anew by several workers, beside the one that serves.

What is to be done stands in the store, so that it outlives every worker: the new index's name, and
ranges of keys, each with a lease while it is worked on and a mark when it is done. When all are, the
new index follows the log until it has nearly caught up, and takes the old one's place.
"""

from collections.abc import Callable
from math import inf
from typing import Final

import msgspec

from soso.flows import index, index_versions
from soso.flows.index import IndexReport, Told, put
from soso.flows.index_restored import is_whole
from soso.flows.index_shares import LEASE_S, Held, Sharing, add, fix_shares, follow
from soso.model.errors import IndexMismatch, NotFound, Unavailable
from soso.model.value import Value
from soso.ports.engine import Engine
from soso.ports.store import Store

JOB: Final = "index-rebuild"
"""The setting that holds the job, and the lease of who begins or ends it."""

SMALLEST: Final = 5_000
MOST_RANGES: Final = 1_024
COMMIT_EVERY: Final = 5_000
NEAR: Final = 100
"""A busy archive is never still: so few changes may follow after the new index serves."""

_OFFERED: Final = 32  # ranges that a worker asks for at once
_WAIT_S: Final = 1.0


class Job(Value):
    """build: the new index; old: the one that served when it was begun. version: of the schema.
    until: the highest key of its ranges, None until its places in the log are set. size: keys a
    range."""

    build: str
    old: str
    version: str = ""
    until: int | None = None
    size: int = SMALLEST
    done: bool = False


def load_job(store: Store) -> Job | None:
    """Return the rebuild that is to be done, by whoever has time."""
    job = _load(store)
    return None if job is None or job.done else job


def catch_up(sharing: Sharing, engine: Engine, *, told: Told | None = None) -> IndexReport:
    """Index what waits; where a rebuild is needed or was begun, take part in it.

    Returns when there is nothing more to do that no other worker does. Raises Unavailable.
    """
    if not index_versions.is_current(sharing):
        return _follow_older(sharing, engine, told)
    if load_job(sharing.store) is None and not _is_needed(sharing.store, engine):
        try:
            return _follow_live(sharing, told)
        except IndexMismatch:
            begin(sharing)
            return IndexReport()
    job = begin(sharing, lambda: _is_needed(sharing.store, engine))
    if job is None:
        return IndexReport()
    status = engine.status()
    # Nothing serves yet: what waits goes into the new index alone.
    keep_up = _nothing if status.stale or not status.documents else lambda: _keep_up(sharing)
    return add(keep_up(), work(sharing, job, between=keep_up, told=told))


def reindex(
    sharing: Sharing, *, told: Told | None = None, wait: Callable[[float], object]
) -> IndexReport:
    """Build the index anew, or go on with what was begun, with all who do so; return when it serves.

    wait: for so many seconds, while only others have something to do. Raises Unavailable; what was
    done stays.
    """
    index_versions.make_current(sharing)
    while (job := begin(sharing)) is None:
        wait(_WAIT_S)
    report = IndexReport()
    while True:
        report = add(report, work(sharing, job, told=told))
        now = load_job(sharing.store)
        if now is None or now.build != job.build:
            break
        wait(_WAIT_S)
    if sharing.builds.live() != job.build:
        raise Unavailable("The index that was being built is gone; start again.")
    return report


def begin(sharing: Sharing, is_wanted: Callable[[], bool] = lambda: True) -> Job | None:
    """Return the job, made if there is none and it is wanted; None also while another makes it.

    One that an older version began is given up.
    """
    store, version = sharing.store, sharing.builds.version()
    job = load_job(store)
    if job is not None and job.until is not None and job.version == version:
        return job
    if not store.take_lease(JOB, sharing.owner, for_s=LEASE_S):
        return None
    try:
        job = load_job(store)
        if job is not None and job.version != version:
            _forget(sharing, job)
            job = None
        if job is None and is_wanted():
            old, build = sharing.builds.live(), sharing.builds.begin()
            job = Job(build=build, old=old, version=version)
            _keep(store, job)
        return _prepare(sharing, job) if job is not None and job.until is None else job
    finally:
        store.end_lease(JOB, sharing.owner)


def work(
    sharing: Sharing,
    job: Job,
    *,
    between: Callable[[], IndexReport] | None = None,
    told: Told | None = None,
) -> IndexReport:
    """Fill ranges until none is free; when all are full, follow the log and change over."""
    report = IndexReport()
    full: set[int] = set()
    try:
        while ranges := _find_open(sharing.store, job, full):
            if told is not None:
                told(min(len(full) * job.size, job.until or 0), job.until or 0)
            name = sharing.store.take_free_lease(list(ranges), sharing.owner, for_s=LEASE_S)
            if name is None:
                return report
            try:
                report = add(report, _fill(sharing, job, name, ranges[name], between or _nothing))
            finally:
                sharing.store.end_lease(name, sharing.owner)
        report = add(report, follow(sharing, job.build))
        _finish(sharing, job)
    except (NotFound, IndexMismatch):  # deleted, or begun by another version
        _give_up(sharing, job)
    return report


def forget_old(sharing: Sharing) -> None:
    """Drop the places of the index that served before, also those that a late worker made anew, and
    indexes that a worker died over before it could say that it had begun them."""
    job = _load(sharing.store)
    _drop_orphans(sharing)
    if job is not None and job.done and sharing.builds.live() != job.old:
        _drop_places(sharing, job.old)


def _is_needed(store: Store, engine: Engine) -> bool:
    status = engine.status()
    return status.stale or (status.documents == 0 and store.count_posts(listed=True) > 0)


def _nothing() -> IndexReport:
    return IndexReport()


def _follow_older(sharing: Sharing, engine: Engine, told: Told | None) -> IndexReport:
    """Keep up the index that serves for as long as it is of our version, and begin none."""
    if engine.status().stale:
        index_versions.tell_older(sharing)
        return IndexReport()
    try:
        return _follow_live(sharing, told)
    except IndexMismatch:  # just now a newer one changed over
        return IndexReport()


def _follow_live(sharing: Sharing, told: Told | None = None, *, for_s: float = inf) -> IndexReport:
    try:
        build = sharing.builds.live()
        whole = is_whole(sharing, build)
        if whole is False:
            raise IndexMismatch("the index was restored, and the log does not reach back so far")
        return IndexReport() if whole is None else follow(sharing, build, told=told, for_s=for_s)
    except NotFound:  # another worker changed over
        return IndexReport()


def _keep_up(sharing: Sharing) -> IndexReport:
    try:
        return _follow_live(sharing, for_s=LEASE_S / 4)  # a range is held meanwhile
    except IndexMismatch:  # it is replaced soon
        return IndexReport()


def _prepare(sharing: Sharing, job: Job) -> Job | None:
    """Set the new index's places in the log, then the ranges."""
    store = sharing.store
    names = fix_shares(sharing, job.build)
    for name in names:
        store.changes(name, limit=1)  # from now on no change is trimmed unseen
    place = store.last_seq()
    for name in names:
        store.reset(name, place)
    until = store.last_key()  # after the place: a key above it belongs to a later change
    size = max(SMALLEST, -(-until // MOST_RANGES))
    job = msgspec.structs.replace(job, until=until, size=size)
    if not store.take_lease(JOB, sharing.owner, for_s=LEASE_S):
        return None
    _keep(store, job)
    return job


def _find_open(store: Store, job: Job, full: set[int]) -> dict[str, int]:
    """Return some ranges that are not full, by the name of their lease; note those that are."""
    ranges: dict[str, int] = {}
    for number in range(-(-(job.until or 0) // job.size)):
        if number in full:
            continue
        name = f"{JOB}/{number}"
        if store.get_setting(name) == job.build:
            full.add(number)
            continue
        ranges[name] = number
        if len(ranges) == _OFFERED:
            break
    return ranges


def _fill(
    sharing: Sharing, job: Job, name: str, number: int, between: Callable[[], IndexReport]
) -> IndexReport:
    store, held = sharing.store, Held(sharing, name)
    first = number * job.size
    until = min(first + job.size, job.until or 0)
    indexed = waiting = 0
    failed: list[str] = []
    others = IndexReport()
    with sharing.builds.writer(job.build) as writer:
        for docs in store.iter_docs(after=first, until=until):
            version = store.last_seq()  # before they are read: they are at least so new
            upserts, _ = sharing.builder.build(docs)
            bad = put(writer, upserts, (), version=version)
            failed += bad
            indexed += len(upserts) - len(bad)
            waiting += len(docs)
            if waiting >= COMMIT_EVERY:
                writer.commit()
                waiting = 0
                others = add(others, between())
            if not held.keep():  # another fills it
                return add(others, IndexReport(indexed=indexed, failed=tuple(failed)))
        writer.commit()
    if held.keep(surely=True):
        store.set_setting(name, job.build)
    return add(others, IndexReport(indexed=indexed, failed=tuple(failed)))


def _finish(sharing: Sharing, job: Job) -> None:
    """Change over if the new index has nearly caught up, and nobody else does so."""
    store = sharing.store
    shares = fix_shares(sharing, job.build)
    if sum(store.lag(name, share=share) for name, share in shares.items()) > NEAR:
        return
    if not store.take_lease(JOB, sharing.owner, for_s=LEASE_S):
        return
    try:
        if load_job(store) != job:
            return
        sharing.builds.finish(job.build)
        _drop_places(sharing, job.old)
        store.drop_consumer(index.CONSUMER)  # of an index in a folder that served before
        _keep(store, msgspec.structs.replace(job, done=True))
    finally:
        store.end_lease(JOB, sharing.owner)


def _give_up(sharing: Sharing, job: Job) -> None:
    """Forget a job whose index is of no use; it is begun anew where it is needed."""
    store = sharing.store
    if not store.take_lease(JOB, sharing.owner, for_s=LEASE_S):
        return
    try:
        if load_job(store) == job and job.version == sharing.builds.version():
            _forget(sharing, job)
    finally:
        store.end_lease(JOB, sharing.owner)


def _forget(sharing: Sharing, job: Job) -> None:
    if sharing.builds.live() != job.build:
        sharing.store.set_setting(JOB, "")
        _drop_places(sharing, job.build)
        sharing.builds.drop(job.build)


def _drop_orphans(sharing: Sharing) -> None:
    store = sharing.store
    if not sharing.builds.list_idle() or not store.take_lease(JOB, sharing.owner, for_s=LEASE_S):
        return
    try:
        job = load_job(store)
        for build in sharing.builds.list_idle():  # whoever begins one has the lease
            if job is None or build != job.build:
                _drop_places(sharing, build)
                sharing.builds.drop(build)
    finally:
        store.end_lease(JOB, sharing.owner)


def _drop_places(sharing: Sharing, build: str) -> None:
    for name in fix_shares(sharing, build):
        sharing.store.drop_consumer(name)


def _load(store: Store) -> Job | None:
    try:
        return msgspec.json.decode(store.get_setting(JOB) or "null", type=Job | None)
    except msgspec.MsgspecError:
        return None


def _keep(store: Store, job: Job) -> None:
    store.set_setting(JOB, msgspec.json.encode(job).decode())
