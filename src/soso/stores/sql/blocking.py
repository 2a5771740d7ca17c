"""Which posts a block keeps out."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.batch import Block
from soso.model.chat import Chat
from soso.model.errors import BadInput
from soso.model.identity import fold_name
from soso.model.post import Post
from soso.model.versions import ids_of
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.dialect import put
from soso.stores.sql.tables import blocks

Fold = Callable[[str], str]


class Blocker:
    """The blocks that concern one chat, ready to be asked about its posts."""

    def __init__(self, found: Iterable[Block], chat: Chat, fold: Fold) -> None:
        names = {chat.ref, *(f"@{fold_name(known.name)}" for known in chat.usernames)}
        here = [b for b in found if b.chat is None or _fold_chat(b.chat) in names]
        self._all = any(b.chat and b.post_id is None and not (b.author or b.word) for b in here)
        self._ids = {b.post_id for b in here if b.post_id is not None}
        self._authors = {b.author for b in here if b.author}
        self._words = [folded for b in here if b.word and (folded := fold(b.word).strip())]
        self._fold = fold

    def keeps_out(self, post: Post) -> bool:
        """Whether the post may not come in."""
        if self._all or post.id in self._ids:
            return True
        if post.author_peer is not None and post.author_peer.ref in self._authors:
            return True
        if not self._words:
            return False
        said = self._fold("\n".join(_texts(post)))
        return any(word in said for word in self._words)

    def items_kept_out(self, post: Post) -> AbstractSet[int]:
        """Return the items of an album whose media may not come in."""
        return ids_of(post) & self._ids if post.album else set()


def load_blocks(conn: Connection) -> list[Block]:
    """Return all blocks, in the order of what they name."""
    query = sa.select(blocks.c.body).order_by(blocks.c.subject)
    return [decode(body, Block) for body in conn.execute(query).scalars()]


def keep_blocks(conn: Connection, added: Iterable[Block]) -> None:
    """Add blocks; one that names the same as another is left. Raises BadInput for an empty one."""
    rows = [{"subject": subject_of(b), "body": encode(b, "A block")} for b in added]
    put(conn, blocks, list({row["subject"]: row for row in rows}.values()), replace=False)


def subject_of(block: Block) -> str:
    """Return what a block names, as one text. Raises BadInput if it names nothing."""
    if block.post_id is not None and not block.chat:
        raise BadInput("A block of one post must name its chat.")
    named = (
        _fold_chat(block.chat or ""),
        "" if block.post_id is None else str(block.post_id),
        block.author or "",
        (block.word or "").strip().casefold(),
    )
    if not any(named):
        raise BadInput("A block must name a chat, a post, a person or a word.")
    return "\n".join(named)


def _fold_chat(chat: str) -> str:
    return f"@{fold_name(chat)}" if chat.strip().startswith("@") else chat.strip()


def _texts(post: Post) -> Iterable[str]:
    yield post.text
    for item in post.media:
        yield from (text for text in (item.file_name, item.title) if text)
    if post.poll is not None:
        yield post.poll.question
        yield from (answer.text for answer in post.poll.answers)
