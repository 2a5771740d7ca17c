"""The vectors of posts and chats, kept beside them so that they outlive any index."""

from collections.abc import Sequence
from typing import Protocol

from soso.model.ids import DocId
from soso.model.value import Value


class DocVectors(Value):
    """What a model made of a document.

    mark: of the text it was made from, to tell whether it must be made anew.
    packed: its vectors one behind the other, as similarity.vectors packs them; empty where there is
      nothing to read, or nothing that may be found.
    seq: rises with every write of a row; 0 until it is written.
    """

    doc: DocId
    mark: bytes
    packed: bytes = b""
    seq: int = 0


class KeptVectors(Protocol):
    """A row for each model and document. They can be made again, at a price: hours of a processor."""

    def put_vectors(self, model: str, rows: Sequence[DocVectors]) -> None:
        """Write rows, in place of those of the same model and documents; their seq is given here.

        A document that the archive does not have (any more) gets a row without mark and vectors, by
        which tables in memory learn that it is gone: a purge may come between reading and this.
        """
        ...

    def find_marks(self, model: str, docs: Sequence[DocId]) -> dict[DocId, bytes]:
        """Return the marks of those documents that have a row."""
        ...

    def find_vectors(self, model: str, docs: Sequence[DocId]) -> dict[DocId, bytes]:
        """Return the packed vectors of those documents that have any."""
        ...

    def list_vectors(self, model: str, *, after: int = 0, limit: int = 1000) -> list[DocVectors]:
        """Return the rows written behind a seq, in the order they were written, without marks."""
        ...

    def list_unembedded(self, model: str, *, after: DocId | None = None, limit: int) -> list[DocId]:
        """Return documents that have no row, chats first, then the posts that came last.

        after: only what comes behind this document in that order.
        """
        ...

    def count_vectors(self, model: str) -> int:
        """Return how many documents have a row."""
        ...

    def list_models(self) -> list[str]:
        """Return the models that have rows, in the order they were first used."""
        ...

    def drop_model(self, model: str) -> None:
        """Forget all rows of a model."""
        ...
