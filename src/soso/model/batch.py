"""What sources hand over, and what came of it."""

from collections.abc import Mapping
from datetime import datetime

from soso.model.chat import ChatSighting
from soso.model.ids import DocId
from soso.model.post import Post, Revision
from soso.model.value import Value


class Tombstone(Value):
    """A post that the source knows to be deleted."""

    post_id: int
    at: datetime


class Archived(Value):
    """What only our own dump knows of a post beside the post itself.

    observed_at: of this post, where it differs from the batch's.
    version_at: as in StoredPost.
    """

    first_seen_at: datetime
    observed_at: datetime | None = None
    version_at: datetime | None = None
    revisions: tuple[Revision, ...] = ()
    hidden: bool = False
    sensitive: bool = False
    buried_at: datetime | None = None


class Block(Value):
    """Something that must not come in: a chat, a post, a person's messages, or a word.

    chat: a ref or @name; post_id only with chat; author: a ref; word: folded before it is compared.
    """

    at: datetime
    chat: str | None = None
    post_id: int | None = None
    author: str | None = None
    word: str | None = None
    reason: str = ""


class Batch(Value):
    """A run of posts of one chat, small enough to hold in memory (about 1,000 posts).

    posts: rising ids, each once. skipped: reason -> how many, in words fit for a report.
    cursor: where to go on after this batch; given back to the source as it was.
    read_bytes: how far into its input the source is, for the progress bar.
    archived: by post id, only from our own dump.
    partial: the input ended before its end; what it held is here.
    """

    chat: ChatSighting
    observed_at: datetime
    posts: tuple[Post, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    blocks: tuple[Block, ...] = ()
    archived: Mapping[int, Archived] = {}
    skipped: Mapping[str, int] = {}
    notices: tuple[str, ...] = ()
    cursor: str | None = None
    read_bytes: int = 0
    partial: bool = False


class Applied(Value):
    """What applying a batch did; the sum of the first five is the number of posts given."""

    inserted: int = 0
    revised: int = 0
    refreshed: int = 0
    kept: int = 0
    blocked: int = 0
    buried: int = 0


class Change(Value):
    """A row of the change log: a document that may have to be indexed anew."""

    seq: int
    doc: DocId
