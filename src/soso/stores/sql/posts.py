"""The posts of the archive; see ports.posts for what each method promises."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from soso.model.batch import Applied, Batch, Tombstone
from soso.model.chat import Visibility
from soso.model.errors import NotFound
from soso.model.ids import ChatKey, DocId, PostKey, post_doc
from soso.model.media import MediaKind
from soso.model.post import Revision, StoredPost
from soso.ports.posts import Place
from soso.stores.sql import numbers, purge
from soso.stores.sql.apply import Rules, apply_batch, check_batch
from soso.stores.sql.chat_rows import follow_chat
from soso.stores.sql.codec import decode
from soso.stores.sql.connect import Database
from soso.stores.sql.flush import recount
from soso.stores.sql.rows import (
    fetch_by_ids,
    fits,
    in_runs,
    is_shown,
    kinds_mask,
    second_of,
    select_posts,
    stored_of,
)
from soso.stores.sql.tables import chats, posts, revisions, tombstones

_RUN = 1000


class SqlPosts:
    """Fills ports.posts.Posts."""

    def __init__(
        self,
        database: Database,
        rules: Rules,
        forget: Callable[[Sequence[DocId]], None] = lambda _: None,
    ) -> None:
        """forget: what is told first of what will be purged, to erase what it has made of it."""
        self._database = database
        self._rules = rules
        self._forget = forget

    def apply(self, chat: ChatKey, batch: Batch, *, source: str, at: datetime) -> Applied:
        """Write a batch in one transaction; posts of a merged chat go where it went."""
        check_batch(batch, at)
        with self._database.writing() as conn:
            target = follow_chat(conn, chat)
            return apply_batch(conn, target, batch, source=source, at=at, rules=self._rules)

    def get_posts(self, keys: Sequence[PostKey]) -> list[StoredPost]:
        """Return the posts in the order of keys."""
        found: dict[PostKey, StoredPost] = {}
        with self._database.reading() as conn:
            for run in in_runs(keys):
                rows = conn.execute(select_posts().where(posts.c.key.in_(run)))
                found |= {row.key: stored_of(row) for row in rows}
        return [found[key] for key in keys if key in found]

    def find_post(self, chat: ChatKey, post_id: int) -> StoredPost | None:
        """Return a post by its id or by an id its album took in."""
        return self.find_posts(chat, [post_id]).get(post_id)

    def find_posts(self, chat: ChatKey, post_ids: Sequence[int]) -> dict[int, StoredPost]:
        """Return the posts that the ids lead to, by the id asked for."""
        wanted = set(post_ids)
        with self._database.reading() as conn:
            found = fetch_by_ids(conn, chat, wanted)
        return {
            id_: stored
            for stored in found
            for id_ in (stored.post.id, *stored.post.album)
            if id_ in wanted
        }

    def list_posts(
        self,
        chat: ChatKey | None,
        *,
        before: Place | None = None,
        after: Place | None = None,
        kinds: Sequence[MediaKind] = (),
        limit: int = 20,
    ) -> list[StoredPost]:
        """Return a page of shown posts, newest first."""
        if limit < 1:
            return []
        place = sa.tuple_(posts.c.at_s, posts.c.key)
        query = sa.select(posts.c.key).where(posts.c.shown == sa.true(), _of_chat(chat))
        if kinds:
            query = query.where(posts.c.kinds.bitwise_and(kinds_mask(kinds)) != 0)
        if before is not None:
            query = query.where(place < _tuple(before))
        if after is not None:
            query = query.where(place > _tuple(after))
        # Nearest to `after` first, or the newest; either way the page is shown newest first.
        rising = after is not None and before is None
        order = (posts.c.at_s, posts.c.key) if rising else (posts.c.at_s.desc(), posts.c.key.desc())
        keys = query.order_by(*order).limit(limit).subquery()
        page = (
            select_posts()
            .join(keys, keys.c.key == posts.c.key)
            .order_by(posts.c.at_s.desc(), posts.c.key.desc())
        )
        with self._database.reading() as conn:
            return [stored_of(row) for row in conn.execute(page)]

    def list_revisions(self, key: PostKey) -> list[Revision]:
        """Return what the post said before, oldest first."""
        if not fits(key):
            return []
        query = (
            sa.select(revisions.c.body)
            .where(revisions.c.key == key)
            .order_by(revisions.c.replaced_at, revisions.c.number)
        )
        with self._database.reading() as conn:
            return [decode(body, Revision) for body in conn.execute(query).scalars()]

    def iter_posts(self, chat: ChatKey) -> Iterator[StoredPost]:
        """Yield all posts of a chat by rising id, a run at a time."""
        last: int | None = None
        while True:
            query = select_posts().where(posts.c.chat == chat).order_by(posts.c.post_id)
            if last is not None:
                query = query.where(posts.c.post_id > last)
            with self._database.reading() as conn:
                run = [stored_of(row) for row in conn.execute(query.limit(_RUN))]
            if not run:
                return
            yield from run
            last = run[-1].post.id

    def iter_tombstones(self, chat: ChatKey) -> Iterator[Tombstone]:
        """Yield what is known to be deleted of a chat, a run at a time."""
        last: int | None = None
        while True:
            query = sa.select(tombstones.c.post_id, tombstones.c.at)
            query = query.where(tombstones.c.chat == chat).order_by(tombstones.c.post_id)
            if last is not None:
                query = query.where(tombstones.c.post_id > last)
            with self._database.reading() as conn:
                rows = conn.execute(query.limit(_RUN)).all()
            if not rows:
                return
            yield from (Tombstone(post_id=row.post_id, at=row.at) for row in rows)
            last = rows[-1].post_id

    def count_posts(self, chat: ChatKey | None = None, *, listed: bool = False) -> int:
        """Return how many posts are shown."""
        query = sa.select(sa.func.coalesce(sa.func.sum(chats.c.posts), 0))
        if listed:
            query = query.where(chats.c.visibility == Visibility.PUBLIC.value)
        if chat is not None:
            query = query.where(chats.c.key == chat)
        with self._database.reading() as conn:
            return int(conn.execute(query).scalar_one())

    def hide_post(self, key: PostKey, *, hidden: bool) -> None:
        """Hide a post or show it again."""
        self._mark(key, {"hidden": hidden})

    def mark_post(self, key: PostKey, *, sensitive: bool) -> None:
        """Mark a post as sensitive or not."""
        self._mark(key, {"sensitive": sensitive})

    def purge_posts(self, keys: Sequence[PostKey]) -> list[str]:
        """Erase posts and every trace of them in the database's files.

        Raises Busy when they are erased but a long read keeps the old pages; then purge again.
        """
        self._forget([post_doc(key) for key in keys])
        with self._database.writing() as conn:
            unused = purge.purge_posts(conn, keys)
        self._database.erase_traces()
        return unused

    def purge_chat(self, chat: ChatKey) -> list[str]:
        """Erase a chat, the chats joined into it, and all their posts, the same way."""
        with self._database.reading() as conn:
            docs = purge.list_docs(conn, chat)
        self._forget(docs)
        with self._database.writing() as conn:
            unused = purge.purge_chat(conn, chat)
        self._database.erase_traces()
        return unused

    def unused_blobs(self, blobs: Sequence[str]) -> list[str]:
        """Return those of the blobs that nothing names, in the order given."""
        with self._database.reading() as conn:
            return purge.unused_blobs(conn, blobs)

    def _mark(self, key: PostKey, values: dict[str, bool]) -> None:
        with self._database.writing() as conn:
            query = select_posts().where(posts.c.key == key)
            row = conn.execute(query).one_or_none() if fits(key) else None
            if row is None:
                raise NotFound(f"There is no post with the key {key}.")
            before = stored_of(row)
            conn.execute(sa.update(posts).where(posts.c.key == key).values(values))
            after = stored_of(conn.execute(query).one())
            shown = {"shown": is_shown(after)}
            conn.execute(sa.update(posts).where(posts.c.key == key).values(shown))
            recount(conn, after.chat, is_shown(after) - is_shown(before))
            numbers.log_changes(conn, [post_doc(key)])


def _of_chat(chat: ChatKey | None) -> sa.ColumnElement[bool]:
    if chat is not None:
        return posts.c.chat == chat
    listed = sa.select(chats.c.key).where(
        chats.c.visibility == Visibility.PUBLIC.value, chats.c.merged_into.is_(None)
    )
    return posts.c.chat.in_(listed)


def _tuple(place: Place) -> sa.Tuple:
    return sa.tuple_(sa.literal(second_of(place.at)), sa.literal(place.key))
