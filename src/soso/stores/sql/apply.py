"""Applies a batch: posts, removals, blocks, cursor and change rows, in one transaction.

Knows the order of these steps. What a sighting does is model/merge.py, which row it belongs to
sheet.py, how rows are written flush.py.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.batch import Applied, Archived, Batch, Tombstone
from soso.model.chat import Chat
from soso.model.errors import BadInput
from soso.model.ids import ChatKey
from soso.model.merge import Insert, Keep, Outcome, Refresh, Revise
from soso.model.post import Post, Revision, StoredPost
from soso.model.value import Value
from soso.model.versions import ids_of
from soso.stores.sql.blocking import Blocker, Fold, keep_blocks, load_blocks
from soso.stores.sql.codec import decode
from soso.stores.sql.dialect import put
from soso.stores.sql.flush import flush
from soso.stores.sql.rows import fetch_by_ids, fits, in_runs
from soso.stores.sql.sheet import Sheet
from soso.stores.sql.tables import cursors, revisions, tombstones

_COUNTED: dict[type[Outcome], str] = {
    Insert: "inserted",
    Revise: "revised",
    Refresh: "refreshed",
    Keep: "kept",
}


class Rules(Value):
    """What other rooms know of posts: how words are folded, and which posts are sensitive."""

    fold: Fold
    is_sensitive: Callable[[Post], bool]


def check_batch(batch: Batch, at: datetime) -> None:
    """Raise BadInput for a batch that no store could keep: naive times, ids beyond 64 bits."""
    times = [at, batch.observed_at, *(post.at for post in batch.posts)]
    times += [t.at for t in batch.tombstones] + [b.at for b in batch.blocks]
    times += [post.edited_at for post in batch.posts if post.edited_at is not None]
    for archived in batch.archived.values():
        given = (archived.observed_at, archived.version_at, archived.buried_at)
        times += [archived.first_seen_at, *(time for time in given if time is not None)]
    if any(time.tzinfo is None for time in times):
        raise BadInput("A batch holds a time without a zone.")
    ids = [id_ for post in batch.posts for id_ in ids_of(post)]
    ids += [tombstone.post_id for tombstone in batch.tombstones]
    if not all(fits(id_) for id_ in ids):
        raise BadInput("A batch holds a message id that is no message id.")


def apply_batch(
    conn: Connection, chat: Chat, batch: Batch, *, source: str, at: datetime, rules: Rules
) -> Applied:
    """Write a batch of a chat that is merged into none; see ports.posts."""
    keep_blocks(conn, batch.blocks)
    blocker = Blocker(load_blocks(conn), chat, rules.fold)
    rows = fetch_by_ids(conn, chat.key, _ids(batch))
    sheet = Sheet(
        chat.key,
        rows,
        deaths=load_deaths(conn, chat.key, _ids(batch)),
        at=at,
        is_sensitive=rules.is_sensitive,
    )
    known = _load_revisions(conn, rows) if batch.archived else {}
    counted: Counter[str] = Counter()
    for post in batch.posts:
        if blocker.keeps_out(post):
            counted["blocked"] += 1
            continue
        outcome = _see(sheet, post, batch, blocker.items_kept_out(post), known)
        counted[_COUNTED[outcome]] += 1
    for tombstone in batch.tombstones:
        counted["buried"] += sheet.bury(tombstone)
    keep_deaths(conn, chat.key, [*batch.tombstones, *_archived_deaths(batch)])
    flush(conn, sheet)
    if batch.cursor is not None:
        put(conn, cursors, [{"source": source, "cursor": batch.cursor}])
    return Applied(**counted)


def _see(
    sheet: Sheet,
    post: Post,
    batch: Batch,
    leave_out: Collection[int],
    known: Mapping[int, list[Revision]],
) -> type[Outcome]:
    """Let the sheet see a post, with what our own dump knows of it."""
    archived = batch.archived.get(post.id)
    if archived is None:
        return sheet.see(post, observed_at=batch.observed_at, leave_out=leave_out)
    outcome = sheet.see(
        post,
        observed_at=_observed_at(batch, archived),
        version_at=archived.version_at,
        leave_out=leave_out,
    )
    stored = sheet.find(post.id)
    assert stored is not None
    sheet.restore(post.id, archived, known.get(stored.key, ()))
    return outcome


def _observed_at(batch: Batch, archived: Archived) -> datetime:
    """When the dump's archive last saw the post alive: not after it was buried there."""
    observed_at = archived.observed_at or batch.observed_at
    return observed_at if archived.buried_at is None else min(observed_at, archived.buried_at)


def _archived_deaths(batch: Batch) -> Iterable[Tombstone]:
    for post_id, archived in batch.archived.items():
        if archived.buried_at is not None:
            yield Tombstone(post_id=post_id, at=archived.buried_at)


def _ids(batch: Batch) -> set[int]:
    ids = {id_ for post in batch.posts for id_ in ids_of(post)}
    return ids | {tombstone.post_id for tombstone in batch.tombstones}


def load_deaths(conn: Connection, chat: ChatKey, ids: Iterable[int]) -> dict[int, datetime]:
    """Return when those of the ids were deleted that a source told of."""
    found: dict[int, datetime] = {}
    for run in in_runs(sorted(ids)):
        query = sa.select(tombstones.c.post_id, tombstones.c.at).where(
            tombstones.c.chat == chat, tombstones.c.post_id.in_(run)
        )
        found |= {row.post_id: row.at for row in conn.execute(query)}
    return found


def keep_deaths(conn: Connection, chat: ChatKey, told: Iterable[Tombstone]) -> None:
    """Keep deletions, the latest of each id."""
    latest: dict[int, datetime] = {}
    for tombstone in told:
        latest[tombstone.post_id] = max(latest.get(tombstone.post_id, tombstone.at), tombstone.at)
    known = load_deaths(conn, chat, latest)
    rows = [
        {"chat": chat, "post_id": post_id, "at": at}
        for post_id, at in latest.items()
        if post_id not in known or known[post_id] < at
    ]
    put(conn, tombstones, rows)


def _load_revisions(conn: Connection, rows: Iterable[StoredPost]) -> dict[int, list[Revision]]:
    found: dict[int, list[Revision]] = {}
    for run in in_runs([row.key for row in rows if row.revisions]):
        query = sa.select(revisions.c.key, revisions.c.body).where(revisions.c.key.in_(run))
        for key, body in conn.execute(query):
            found.setdefault(key, []).append(decode(body, Revision))
    return found
