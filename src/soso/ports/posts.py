"""The posts of the archive."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from soso.model.batch import Applied, Batch, Block, Tombstone
from soso.model.ids import ChatKey, PostKey
from soso.model.media import MediaKind
from soso.model.post import Revision, StoredPost
from soso.model.value import Value


class Place(Value):
    """Where a post stands in a chat's or the archive's order of time; newest first is falling."""

    at: datetime
    key: PostKey


class Posts(Protocol):
    """Buried and hidden posts are returned (visibility decides) unless a method says otherwise."""

    def apply(self, chat: ChatKey, batch: Batch, *, source: str, at: datetime) -> Applied:
        """Merge a batch's posts (model.merge.decide), tombstones, blocks and cursor, and write the
        change rows, all in ONE transaction. Applying a batch twice changes nothing.

        Batch.archived sets first_seen_at, revisions, hidden, sensitive and buried_at.
        Posts that a block names are counted, not kept. The cursor is kept under source's name.
        Raises Unavailable (disk full, locked for long); then nothing is written.
        """
        ...

    def get_posts(self, keys: Sequence[PostKey]) -> list[StoredPost]:
        """Return the posts in the order of keys; those that no longer exist are left out."""
        ...

    def find_post(self, chat: ChatKey, post_id: int) -> StoredPost | None:
        """Return a post by its id, or the album that took the id in."""
        ...

    def find_posts(self, chat: ChatKey, post_ids: Sequence[int]) -> dict[int, StoredPost]:
        """The same for many ids; the result is by the id asked for."""
        ...

    def list_posts(
        self,
        chat: ChatKey | None,
        *,
        before: Place | None = None,
        after: Place | None = None,
        kinds: Sequence[MediaKind] = (),
        limit: int = 20,
    ) -> list[StoredPost]:
        """Return a page of shown posts with something to show (no service rows), newest first.

        chat: None for all chats that are listed.
        before, after: strictly older or newer than a place; after returns those next to it.
        """
        ...

    def list_revisions(self, key: PostKey) -> list[Revision]:
        """Return what the post said before its edits, oldest first."""
        ...

    def iter_posts(self, chat: ChatKey) -> Iterator[StoredPost]:
        """Yield all posts of a chat, buried and hidden too, by rising id, in bounded memory."""
        ...

    def iter_tombstones(self, chat: ChatKey) -> Iterator[Tombstone]:
        """Yield what is known to be deleted of a chat, kept or not, by rising id."""
        ...

    def count_posts(self, chat: ChatKey | None = None, *, listed: bool = False) -> int:
        """Return how many posts are shown (of one chat, or in all).

        listed: only of chats that visibility.is_listed allows.
        """
        ...

    def hide_post(self, key: PostKey, *, hidden: bool) -> None:
        """Carry out a decision on one post and log the change. Raises NotFound."""
        ...

    def mark_post(self, key: PostKey, *, sensitive: bool) -> None:
        """Mark one post as sensitive or not and log the change. Raises NotFound."""
        ...

    def find_blocked(self, block: Block) -> Iterator[PostKey]:
        """Yield the posts in the archive that a block by author or word names and that are shown."""
        ...

    def is_blob_shown(self, blob: str) -> bool:
        """Whether a post that is shown, of a chat that is readable, or such a chat uses the blob."""
        ...

    def purge_posts(self, keys: Sequence[PostKey]) -> list[str]:
        """Erase posts for good: text, revisions, album ids, change rows; log what the index must
        forget. Returns the blobs that nothing uses any more. Unknown keys are no error."""
        ...

    def purge_chat(self, chat: ChatKey) -> list[str]:
        """The same for a chat and all its posts."""
        ...

    def unused_blobs(self, blobs: Sequence[str]) -> list[str]:
        """Return those of the blobs that no post or chat names."""
        ...
