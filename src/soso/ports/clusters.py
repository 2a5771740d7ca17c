"""Which posts are copies of which, as they are kept."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from soso.model.ids import ChatKey, DocId, PostKey
from soso.model.value import Value
from soso.similarity.boilerplate import Sampled
from soso.similarity.clusters import Row, Settled


class Dressing(Value):
    """What a chat puts under or over most posts, as marks of segments.

    identity: how the chat was named when its posts were seen; forwards find their origin by it.
    bound: a post whose order is above it can't be in the sample; None while every post is in it.
    stale: posts of the chat were compared with other marks left out, and must be seen anew.
    """

    chat: ChatKey
    identity: str
    marks: frozenset[int] = frozenset()
    bound: int | None = None
    stale: bool = False


class Copies(Protocol):
    """The clusters. Readers are given keys; visibility is decided where posts are shown.

    One process may change them at a time: whoever works out a change reads `copies_turn` first
    and hands it to `put_copies`, which refuses it when anybody else has written since.
    """

    def copies_turn(self) -> int:
        """Return a number that every put_copies raises."""
        ...

    def put_copies(
        self,
        turn: int,
        settled: Settled,
        *,
        dressings: Sequence[tuple[Dressing, Sequence[Sampled] | None]] = (),
        done: tuple[str, int] | None = None,
    ) -> int:
        """Write a change in one transaction and return the new turn.

        Tellings (ports/stories.py) of posts that have another head now are given it, and are due.
        dressings: what was learnt; a sample of None stays as it is. done: a consumer of the change
        log and the seq it has done with this. Raises Busy, and writes nothing, if the turn has
        passed; Unavailable.
        """
        ...

    def drop_copies(self) -> None:
        """Forget all clusters and dressings: they are made anew."""
        ...

    def find_rows(self, keys: Collection[PostKey]) -> dict[PostKey, Row]: ...

    def find_by_text(self, texts: Collection[int]) -> dict[int, Row]: ...

    def find_by_features(self, features: Collection[int]) -> dict[int, set[PostKey]]: ...

    def find_by_origin(self, origins: Collection[int]) -> dict[int, list[Row]]: ...

    def find_members(self, heads: Collection[PostKey]) -> Iterable[Row]:
        """See similarity/clusters.Known for these five."""
        ...

    def find_dressings(self, chats: Collection[ChatKey]) -> dict[ChatKey, Dressing]:
        """Return what is learnt of the chats that have something."""
        ...

    def find_sample(self, chat: ChatKey) -> list[Sampled]:
        """Return what a chat's dressing was learnt from."""
        ...

    def list_stale_chats(self) -> list[ChatKey]:
        """Return the chats whose posts must be seen anew."""
        ...

    def clusters_of(self, docs: Sequence[DocId]) -> dict[DocId, DocId]:
        """Return for each post that has a row the document of its cluster's head.

        A post that is alone is its own head. Chats and unknown documents are left out. One or two
        round trips, whatever the number of documents.
        """
        ...

    def cluster_sizes(self, heads: Collection[DocId]) -> dict[DocId, tuple[int, int]]:
        """Return how many posts, and of how many chats, each cluster shows to readers: those that
        are not buried, hidden or of a chat that is not listed. Posts that are alone, and clusters
        that show none, are left out."""
        ...

    def list_cluster(self, key: PostKey) -> list[PostKey]:
        """Return all posts of a post's cluster, itself too, by time; [key] if it is alone."""
        ...

    def count_copies(self) -> tuple[int, int]:
        """Return how many posts are in clusters of two and more, and how many such clusters."""
        ...
