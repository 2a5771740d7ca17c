"""Writes a sheet: rows, album ids, revisions, blobs, change rows and the chat's counts, in bulk.

Knows the order in which rows may be written so that no id ever stands under two of them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.ids import ChatKey, PostKey, post_doc
from soso.model.post import StoredPost
from soso.stores.sql import numbers
from soso.stores.sql.codec import encode
from soso.stores.sql.dialect import insert, put
from soso.stores.sql.rows import blobs_of, in_runs, is_shown, pictures_of, values_of
from soso.stores.sql.sheet import Entry, Sheet
from soso.stores.sql.tables import album_ids, chats, post_blobs, posts, revisions

Row = dict[str, Any]

_INDEXED: Final = ("chat", "post_id", "at_s", "shown", "kinds")


def flush(conn: Connection, sheet: Sheet) -> None:
    """Write what the sheet holds. Raises BadInput for a post that can't be kept."""
    fresh = [e for e in sheet.entries if e.into is None and e.origin is None]
    gone = [e for e in sheet.entries if e.into is not None and e.origin is not None]
    changed = [e for e in sheet.entries if e.into is None and e.origin not in (None, e.stored)]
    _assign_keys(conn, fresh)
    _remove_absorbed(conn, gone)
    _update_rows(conn, changed)
    insert(conn, posts, [values_of(e.stored) for e in fresh])
    _write_album_ids(conn, fresh, changed)
    _write_revisions(conn, fresh + changed)
    _write_blobs(conn, fresh, changed)
    log = [post_doc(e.stored.key) for e in (*fresh, *changed) if e.log]
    numbers.log_changes(conn, [*log, *(post_doc(e.stored.key) for e in gone)])
    _count(conn, sheet)


def drop_rows(conn: Connection, keys: Sequence[PostKey]) -> None:
    """Delete posts with all that hangs on them but their change rows."""
    for run in in_runs(keys):
        for table in (revisions, album_ids, post_blobs, posts):
            conn.execute(sa.delete(table).where(table.c.key.in_(run)))


def recount(conn: Connection, chat: ChatKey, difference: int) -> None:
    """Carry into the chat that so many more of its posts are shown, and the time of the newest."""
    newest = (
        sa.select(sa.func.max(posts.c.at_s))
        .where(posts.c.chat == chat, posts.c.shown == sa.true())
        .scalar_subquery()
    )
    values = {"posts": chats.c.posts + difference, "last_at_s": newest}
    conn.execute(sa.update(chats).where(chats.c.key == chat).values(values))


def _assign_keys(conn: Connection, fresh: Sequence[Entry]) -> None:
    if fresh:
        first = numbers.take(conn, numbers.POSTS, len(fresh))
        for place, entry in enumerate(fresh):
            key = PostKey(first + place)
            entry.stored = msgspec.structs.replace(entry.stored, key=key)


def _remove_absorbed(conn: Connection, gone: Iterable[Entry]) -> None:
    """Delete rows that became part of another, which takes their revisions."""
    keys = []
    for entry in gone:
        keys.append(entry.stored.key)
        if entry.stored.revisions:
            heir = _heir(entry).stored.key
            moved = sa.update(revisions).where(revisions.c.key == entry.stored.key)
            conn.execute(moved.values(key=heir))
    drop_rows(conn, keys)


def _heir(entry: Entry) -> Entry:
    while entry.into is not None:
        entry = entry.into
    return entry


def _update_rows(conn: Connection, changed: Iterable[Entry]) -> None:
    """Update rows; columns of indexes are left alone where they stay, which halves the work."""
    light: list[Row] = []
    full: list[Row] = []
    for entry in changed:
        assert entry.origin is not None
        before, after = values_of(entry.origin), values_of(entry.stored)
        key = after.pop("key")
        if all(before[name] == after[name] for name in _INDEXED):
            rows = light
            for name in _INDEXED:
                del after[name]
        else:
            rows = full
        rows.append({"row_key": key, **after})
    for rows in (light, full):
        if rows:
            names = [name for name in rows[0] if name != "row_key"]
            values: Row = {name: sa.bindparam(name) for name in names}
            where = posts.c.key == sa.bindparam("row_key")
            conn.execute(sa.update(posts).where(where).values(values), rows)


def _write_album_ids(conn: Connection, fresh: Iterable[Entry], changed: Iterable[Entry]) -> None:
    moved = [
        entry
        for entry in changed
        if entry.origin is not None and _places(entry.origin) != _places(entry.stored)
    ]
    for run in in_runs([entry.stored.key for entry in moved]):
        conn.execute(sa.delete(album_ids).where(album_ids.c.key.in_(run)))
    rows: list[Row] = [
        {"chat": chat, "post_id": post_id, "key": entry.stored.key}
        for entry in (*fresh, *moved)
        for chat, post_id in _places(entry.stored)
    ]
    insert(conn, album_ids, rows)


def _places(stored: StoredPost) -> list[tuple[ChatKey, int]]:
    post = stored.post
    return [(stored.chat, post_id) for post_id in post.album if post_id != post.id]


def _write_revisions(conn: Connection, entries: Iterable[Entry]) -> None:
    found = [(entry.stored.key, revision) for entry in entries for revision in entry.revisions]
    if not found:
        return
    first = numbers.take(conn, numbers.REVISIONS, len(found))
    rows = [
        {
            "number": first + place,
            "key": key,
            "replaced_at": revision.replaced_at,
            "body": encode(revision, "A revision"),
        }
        for place, (key, revision) in enumerate(found)
    ]
    insert(conn, revisions, rows)


def _write_blobs(conn: Connection, fresh: Iterable[Entry], changed: Iterable[Entry]) -> None:
    rows: list[Row] = []
    stale: list[int] = []
    for entry in (*fresh, *changed):
        blobs = _blobs(entry.stored)
        if entry.origin is not None:
            if blobs == _blobs(entry.origin):
                continue
            stale.append(entry.stored.key)
        rows += [{"key": entry.stored.key, "blob": blob} for blob in sorted(blobs)]
    for run in in_runs(stale):
        conn.execute(sa.delete(post_blobs).where(post_blobs.c.key.in_(run)))
    put(conn, post_blobs, rows, replace=False)


def _blobs(stored: StoredPost) -> set[str]:
    return blobs_of(pictures_of(stored.post.media))


def _count(conn: Connection, sheet: Sheet) -> None:
    """Carry into the chats how many posts are shown now."""
    differences: dict[ChatKey, int] = {sheet.chat: 0}
    for entry in sheet.entries:
        if entry.origin is not None:
            chat = entry.origin.chat
            differences[chat] = differences.get(chat, 0) - is_shown(entry.origin)
        if entry.into is None:
            differences[sheet.chat] += is_shown(entry.stored)
    for chat, difference in differences.items():
        recount(conn, chat, difference)
