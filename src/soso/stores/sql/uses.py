"""Who uses a picture, and what a block names; see ports.posts."""

from collections.abc import Iterator

import sqlalchemy as sa

from soso.model.batch import Block
from soso.model.chat import Chat, Visibility
from soso.model.ids import PostKey
from soso.stores.sql.blocking import Blocker, Fold
from soso.stores.sql.codec import decode
from soso.stores.sql.connect import Database
from soso.stores.sql.posts import SqlPosts
from soso.stores.sql.tables import chat_blobs, chats, post_blobs, posts


class SqlUses:
    """Fills the part of ports.posts.Posts that looks across chats."""

    def __init__(self, database: Database, found: SqlPosts, fold: Fold) -> None:
        self._database = database
        self._posts = found
        self._fold = fold

    def find_blocked(self, block: Block) -> Iterator[PostKey]:
        """Yield the shown posts that a block names; reads every post, in bounded memory."""
        with self._database.reading() as conn:
            bodies = conn.execute(sa.select(chats.c.body)).scalars()
            found = [decode(body, Chat) for body in bodies]
        for chat in found:
            blocker = Blocker([block], chat, self._fold)
            for stored in self._posts.iter_posts(chat.key):
                if blocker.keeps_out(stored.post) and not stored.hidden:
                    yield stored.key

    def is_blob_shown(self, blob: str) -> bool:
        """Whether a reader may see the picture somewhere."""
        readable = sa.and_(
            chats.c.visibility != Visibility.PRIVATE.value, chats.c.merged_into.is_(None)
        )
        of_posts = (
            sa.select(post_blobs.c.blob)
            .join(posts, posts.c.key == post_blobs.c.key)
            .join(chats, chats.c.key == posts.c.chat)
            .where(post_blobs.c.blob == blob, posts.c.shown, readable)
        )
        of_chats = (
            sa.select(chat_blobs.c.blob)
            .join(chats, chats.c.key == chat_blobs.c.chat)
            .where(chat_blobs.c.blob == blob, readable)
        )
        with self._database.reading() as conn:
            return conn.execute(of_posts.union_all(of_chats).limit(1)).first() is not None
