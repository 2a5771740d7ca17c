"""Which documents lie nearest to a query in meaning."""

from collections.abc import Sequence
from typing import Protocol

from soso.model.ids import DocId
from soso.model.value import Value
from soso.ports.embedder import Vectors
from soso.ports.vectors import DocVectors


class Near(Value):
    """A document near a query.

    cosine: of its best passage. second: of the next best, the same where there is only one.
    first: of the passage it begins with. passage: which is the best, counted from 0, as the
    embedder cut them.
    """

    doc: DocId
    cosine: float
    second: float
    first: float
    passage: int = 0


class Nearby(Value):
    """What lies near a query, the highest cosine first; mean and spread are of all passages there are.

    They say how much a cosine is worth: models crowd all texts into a narrow range.
    """

    found: tuple[Near, ...]
    mean: float = 0.0
    spread: float = 0.0


class Nearest(Protocol):
    """Asked by searches in many threads beside one that brings it up to the store.

    It holds nothing that the store does not: a process fills its own when it starts, or one fills
    that of all (SharedNearest).
    """

    def apply(self, rows: Sequence[DocVectors]) -> None:
        """Take in rows in place of those of the same documents; without vectors they are dropped.

        Raises BadInput for vectors of another length; then none of the call is taken.
        """
        ...

    def find(self, query: Vectors, *, limit: int, among: Sequence[DocId] | None = None) -> Nearby:
        """Return the nearest documents, at most limit; ties by rising document.

        query: shape (dimension,), unit length. among: only these. Raises BadInput, Unavailable.
        """
        ...

    def __len__(self) -> int:
        """Return how many passages it holds."""
        ...


class SharedNearest(Nearest, Protocol):
    """One that all processes ask, outside of them, while one brings it up to the store.

    It outlives them, so it keeps how far it has come. Of two writes of a document the one whose row
    has the higher seq stays, whenever it comes. mean and spread may be of a sample.
    """

    def place(self) -> int:
        """Return the seq of the store's vectors that it has come to; 0: it is to be filled anew.

        It is made here if it is not there. Raises Unavailable, also where it never can be made.
        """
        ...

    def keep_place(self, seq: int) -> None:
        """Keep that all rows up to this seq were applied. Raises Unavailable."""
        ...


class SharedTables(Protocol):
    """Where there are shared ones, each of a model."""

    def open(self, model: str, dimension: int) -> SharedNearest:
        """Return the one of a model; nothing is asked of it yet."""
        ...

    def lacking(self) -> str | None:
        """Return what is missing for there to be any, None when nothing is. Raises Unavailable."""
        ...

    def drop(self, model: str) -> None:
        """Forget the vectors of a model, if there are any. Raises Unavailable."""
        ...
