"""The change log that feeds the index and whatever else follows the archive."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from soso.model.batch import Change
from soso.model.ids import DocId


class Changes(Protocol):
    """Rows are written in the transaction that made the change, so none is missing and none early.

    seq rises strictly in the order of commits.
    """

    def changes(
        self, consumer: str, *, after: int | None = None, limit: int = 1000
    ) -> list[Change]:
        """Return the oldest changes the consumer has not acknowledged; a new one starts at 0.

        after: go on behind this seq instead, without acknowledging it.
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

    def lag(self, consumer: str) -> int:
        """Return how many changes wait for the consumer."""
        ...

    def iter_docs(self) -> Iterator[Sequence[DocId]]:
        """Yield the documents of all chats and posts, in runs of about 1,000, for a rebuild."""
        ...

    def trim_changes(self) -> int:
        """Forget rows that every consumer has acknowledged; return how many."""
        ...
