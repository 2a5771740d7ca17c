"""The index: which documents match, and in which order."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from soso.model.ids import DocId
from soso.model.value import Value
from soso.query.plan_types import Found, Plan
from soso.schema.document import Document


class EngineStatus(Value):
    """fingerprint: of the schema and analyzers it was built with; stale: it is not ours."""

    documents: int
    bytes: int
    fingerprint: str
    stale: bool


class Explained(Value):
    """Why a document has its score: a tree of (what, value, parts)."""

    what: str
    value: float
    parts: tuple["Explained", ...] = ()


class IndexWriter(Protocol):
    """The one writer of an index. Nothing is seen by readers before commit returns.

    After any error the writer has rolled back to the last commit and is healthy again; the caller
    applies what was not committed once more (law g).
    """

    def apply(
        self, upserts: Sequence[Document], deletes: Sequence[DocId], *, version: int = 0
    ) -> None:
        """Put documents in place of those with the same id, and take documents away.

        version: how far the change log had come when they were read. Where several write, what a
        higher version wrote stays. A document that can't be indexed raises BadInput naming it;
        none of the call is kept.
        """
        ...

    def commit(self) -> None:
        """Make what was applied lasting and visible. Raises Unavailable.

        On one machine all of it is seen in one step; in a cluster each document is, and two of them
        may be a moment apart.
        """
        ...


class Engine(Protocol):
    """Searched by many threads and processes beside one writer.

    Raises Unavailable, IndexMismatch.
    """

    def search(self, plan: Plan) -> Found:
        """Answer a plan.

        By relevance: full documents first, then partial ones, each by score, ties by DOC falling.
        NEWEST and OLDEST by ORDER, VIEWS by AUDIENCE, ties by DOC; these list full documents alone,
        or, when there is none, partial ones.
        """
        ...

    def explain(self, plan: Plan, doc: DocId) -> Explained | None:
        """Return why the document scores as it does, None if it does not match."""
        ...

    def doc_freqs(self, field: str, terms: Sequence[str]) -> list[int]:
        """Return in how many documents each term stands; deleted ones may still count."""
        ...

    def status(self) -> EngineStatus: ...

    @property
    def builds(self) -> "Builds | None":
        """Whole indexes beside each other, where many may write at once; None: one writer only."""
        ...

    def writer(self) -> AbstractContextManager[IndexWriter]:
        """Take the writer's lock, held until the context ends. Raises Busy at once if it is taken.

        Where many may write at once nobody is refused.
        """
        ...

    def rebuild(self) -> AbstractContextManager[IndexWriter]:
        """Give a writer of a new, empty index, which takes the old one's place when the context
        ends without an error. Readers see the old index until then, and follow by themselves.
        Raises Busy if a writer or another rebuild is at work."""
        ...

    def iter_doc_ids(self) -> Iterator[DocId]:
        """Yield all documents' ids, rising, for the doctor."""
        ...


class Builds(Protocol):
    """The indexes of an engine that many may write to at once: one serves, others are being built.

    A build outlives the process that began it, so several can fill it and any can finish it.
    """

    def version(self) -> str:
        """Return what our schema and analyzers are called; two that build alike are called alike."""
        ...

    def live(self) -> str:
        """Return the name of the one that serves, made empty if there is none. Raises Unavailable."""
        ...

    def begin(self) -> str:
        """Make an empty index of our schema, and return its name; it serves nothing yet."""
        ...

    def writer(self, build: str) -> AbstractContextManager[IndexWriter]:
        """Write to one of them, beside others. Raises NotFound when it is there no more."""
        ...

    def finish(self, build: str) -> None:
        """Let it serve from now on, and drop the one that did; repeating it is no error."""
        ...

    def drop(self, build: str) -> None:
        """Forget one that does not serve; one that is not there is no error."""
        ...

    def list_idle(self) -> list[str]:
        """Return those that serve nothing and were begun more than an hour ago."""
        ...

    def identity(self, build: str) -> str:
        """Return what stays the same until the index is restored from a snapshot."""
        ...

    def reached(self, build: str) -> int | None:
        """Return what was noted in the index, or in the snapshot it was restored from."""
        ...

    def note_reached(self, build: str, seq: int) -> None:
        """Note in the index that it has all changes up to seq."""
        ...
