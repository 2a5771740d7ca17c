"""What makes an index that was restored from a snapshot catch up, instead of lacking what came since.

The places in the log stand in the store, so after a restore they are those of the index that was
lost. Each index is therefore known by a mark that a restore changes, and bears in itself how far it
had come a day ago; the log is kept for some days to go back in. Where it does not reach back, the
index is built anew.
"""

from datetime import datetime
from typing import Final

import msgspec

from soso.flows.index_shares import LEASE_S, SHARES, Sharing, fix_shares
from soso.model.value import Value
from soso.ports.store import Store

KEPT: Final = "index@kept"
"""The consumer that holds the log back, and the setting and lease of what is known about it."""

EVERY_S: Final = 3_600.0
LONGEST_SNAPSHOT_S: Final = 86_400.0
"""A snapshot holds the documents as of its beginning, and how far they had come as of its end."""

_DAY_S: Final = 86_400.0
_IDENTITY: Final = "index-identity"


class Mark(Value):
    """How far the index had come for certain at a time, in Unix seconds."""

    at_s: float
    seq: int


class Kept(Value):
    """build: the index that serves. marks: oldest first; all changes after the first are there."""

    build: str
    marks: tuple[Mark, ...]


def is_whole(sharing: Sharing, build: str) -> bool | None:
    """Whether an index has all up to its places in the log; where it was restored they are set back.

    False: it must be built anew. None: another worker is at it just now. Raises Unavailable.
    """
    store, name = sharing.store, f"{_IDENTITY}/{build}"
    identity = sharing.builds.identity(build)
    known = store.get_setting(name)
    if known == identity:
        return True
    reached = sharing.builds.reached(build)
    is_ours = store.get_setting(f"{SHARES}/{build}") is not None
    if known is None and (is_ours or reached is None):  # seen for the first time
        store.add_setting(name, identity)
        return True
    shares = fix_shares(sharing, build)
    held = [one for one in shares if store.take_lease(one, sharing.owner, for_s=LEASE_S)]
    try:
        if len(held) < len(shares):
            return None
        if store.get_setting(name) == identity:
            return True
        kept = _load(store)
        if reached is None or kept is None or not kept.marks[0].seq <= reached <= store.last_seq():
            return False
        for one in shares:
            store.reset(one, reached)
        store.set_setting(name, identity)
        return True
    finally:
        for one in held:
            store.end_lease(one, sharing.owner)


def remember(sharing: Sharing, *, now: datetime, days: float) -> None:
    """Keep the log for so many days, and note in the index how far it had come a day ago.

    Called now and then; nothing is done within an hour of the last time. days: 0 keeps nothing.
    """
    store = sharing.store
    if not store.take_lease(KEPT, sharing.owner, for_s=LEASE_S):
        return
    try:
        if days <= 0:
            store.set_setting(KEPT, "")
            store.drop_consumer(KEPT)
            return
        build = sharing.builds.live()
        if not is_whole(sharing, build):
            return
        at_s = now.timestamp()
        kept = _load(store)
        marks = kept.marks if kept is not None and kept.build == build else ()
        if marks and 0 <= at_s - marks[-1].at_s < EVERY_S:
            return
        store.changes(KEPT, limit=1)  # from now on nothing is trimmed that it has not passed
        marks = (*marks, Mark(at_s=at_s, seq=find_reached(sharing, build)))
        marks = _drop_older(marks, at_s - max(days * _DAY_S, LONGEST_SNAPSHOT_S))
        store.set_setting(KEPT, msgspec.json.encode(Kept(build=build, marks=marks)).decode())
        store.ack(KEPT, marks[0].seq)  # after it is told: what is told to be there is there
        sure = [mark.seq for mark in marks if mark.at_s <= at_s - LONGEST_SNAPSHOT_S]
        if sure:
            sharing.builds.note_reached(build, sure[-1])
    finally:
        store.end_lease(KEPT, sharing.owner)


def find_reached(sharing: Sharing, build: str) -> int:
    """Return a seq up to which every share is done."""
    store = sharing.store
    head = store.last_seq()  # what comes after it was not looked for
    waiting = [
        change.seq - 1
        for name, share in fix_shares(sharing, build).items()
        for change in store.changes(name, limit=1, share=share)
    ]
    return min([head, *waiting])


def _drop_older(marks: tuple[Mark, ...], since_s: float) -> tuple[Mark, ...]:
    """Leave out the marks from before a time but the last of them."""
    before = sum(mark.at_s <= since_s for mark in marks)
    return marks[max(before - 1, 0) :]


def _load(store: Store) -> Kept | None:
    try:
        kept = msgspec.json.decode(store.get_setting(KEPT) or "null", type=Kept | None)
    except msgspec.MsgspecError:
        return None
    return kept if kept is not None and kept.marks else None
