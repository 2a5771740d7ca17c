"""The change log that feeds the index and whatever else follows the archive."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from soso.model.batch import Change
from soso.model.ids import DocId
from soso.model.value import Value


class Share(Value):
    """One of the parts that the documents are divided into, so that several workers can follow the
    log side by side: a document's changes all lie in one share, in their order.

    number: counted from 0, below of.
    """

    number: int
    of: int


class Changes(Protocol):
    """Rows are written in the transaction that made the change, so none is missing and none early.

    seq rises strictly in the order of commits. A consumer of one share has a name of its own.
    """

    def changes(
        self,
        consumer: str,
        *,
        after: int | None = None,
        limit: int = 1000,
        share: Share | None = None,
    ) -> list[Change]:
        """Return the oldest changes the consumer has not acknowledged; a new one starts at 0.

        after: go on behind this seq instead, without acknowledging it. share: only of its documents.
        """
        ...

    def ack(self, consumer: str, seq: int) -> None:
        """Say that all up to seq is done for certain. Going back is ignored."""
        ...

    def reset(self, consumer: str, seq: int) -> None:
        """Set a consumer's place, backwards too (a rebuilt index begins where its build began)."""
        ...

    def drop_consumer(self, consumer: str) -> None:
        """Forget a consumer that will not come again, so that it holds up no trimming."""
        ...

    def last_seq(self) -> int:
        """Return the newest change's seq, 0 when there is none."""
        ...

    def lag(self, consumer: str, *, share: Share | None = None) -> int:
        """Return how many changes wait for the consumer, only those of a share if one is given."""
        ...

    def iter_docs(self, *, after: int = 0, until: int | None = None) -> Iterator[Sequence[DocId]]:
        """Yield the documents of all chats and posts, in runs of about 1,000, for a rebuild.

        after, until: only those whose keys lie above the one and not above the other.
        """
        ...

    def last_key(self) -> int:
        """Return the highest key that a chat or a post has, 0 when there is none."""
        ...

    def trim_changes(self) -> int:
        """Forget rows that every consumer has acknowledged; return how many."""
        ...
