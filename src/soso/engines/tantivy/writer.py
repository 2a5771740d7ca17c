"""The one writer of an index.

Knows how Tantivy's writer fails and is mended; must not know folders or who may write. A document
that kills one of its threads is noticed at a later add or at the commit, which loses the batch, and
the commit after that may succeed and store nothing. So any failure rolls back at once, and a writer
that can't roll back is opened anew; what was not committed is the caller's to apply again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import tantivy

from soso.engines.rules import check_doc
from soso.engines.tantivy.document import build_native
from soso.engines.tantivy.failures import is_panic, translated
from soso.model.ids import DocId
from soso.schema.document import Document
from soso.schema.fields import DOC

_THREADS: Final = 1
"""Cutting text takes longer than writing it, so a second thread gains little and costs its memory."""

_LEAST_HEAP_BYTES: Final = 15_000_000
"""What Tantivy asks for per thread."""

_MOST_DELETES: Final = 50_000
"""Tantivy keeps each delete (1.2 kB) for as long as its writer lives, commits or not; an import of
600,000 private posts took 900 MB. So a writer that deleted this much is opened anew."""


class TantivyWriter:
    """The port IndexWriter over an index that nobody else writes to.

    heap_bytes: how much is gathered before a segment is written; the peak is about twice that.
    empty: the index is new, so only documents seen before need be deleted when they come again.
    Raises Unavailable; after BadInput everything is as it was before the call.
    """

    def __init__(self, index: tantivy.Index, *, heap_bytes: int, empty: bool = False) -> None:
        self._index = index
        self._heap_bytes = max(heap_bytes, _LEAST_HEAP_BYTES)
        self._seen = SeenDocs() if empty else None
        # Only ever held by this attribute: a second reference, in a traceback say, would keep
        # Tantivy's own lock and the writer could not be opened anew.
        self._native: tantivy.IndexWriter | None = None
        self._deletes = 0  # since it was opened

    def apply(
        self, upserts: Sequence[Document], deletes: Sequence[DocId], *, version: int = 0
    ) -> None:
        """Put documents in and take documents out; one in both is taken out, of two the last stays.

        Raises BadInput naming the document that can't be indexed, before anything is touched.
        """
        natives = [(document.doc, build_native(document)) for document in upserts]
        gone = [check_doc(doc) for doc in deletes]
        with self._mending("writing to the index"):
            for doc, native in natives:
                if self._seen is None or not self._seen.add(doc):
                    self._delete(doc)
                self._open().add_document(native)
            for doc in gone:
                self._delete(doc)

    def commit(self) -> None:
        """Make what was applied lasting and visible."""
        with self._mending("committing to the index"):
            self._open().commit()
            if self._deletes >= _MOST_DELETES:
                self.finish()

    def finish(self) -> None:
        """Let running merges end, so that the work in them is kept; then close."""
        with translated("merging the index"):
            if self._native is not None:
                self._native.wait_merging_threads()
        self.close()

    def close(self) -> None:
        """Free Tantivy's own lock at once, without what was not committed."""
        self._native = None

    def _open(self) -> tantivy.IndexWriter:
        if self._native is None:
            self._native = self._index.writer(self._heap_bytes, _THREADS)
            self._deletes = 0
        return self._native

    def _delete(self, doc: DocId) -> None:
        # By query: delete_documents_by_term takes a Python int for a signed one, which no document
        # of an unsigned field has, and deletes nothing without a word.
        query = tantivy.Query.term_query(self._index.schema, DOC, doc)
        self._open().delete_documents_by_query(query)
        self._deletes += 1

    @contextmanager
    def _mending(self, doing: str) -> Iterator[None]:
        """Go back to the last commit after whatever ends the block, an interruption included."""
        try:
            with translated(doing):
                yield
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._native is None:
            return
        try:
            self._native.rollback()
        except BaseException as error:
            self._native = None  # the next apply or commit opens another
            if not isinstance(error, ValueError | RuntimeError) and not is_panic(error):
                raise


class SeenDocs:
    """A set of document ids: one bit each where they lie close together, as rows' numbers do.

    A million documents take 250 kB here and 60 MB in a set; deleting each before it is added, so
    that none need be remembered, takes Tantivy 1.2 kB each until the next commit.
    """

    _CHUNK: Final = 1 << 13

    def __init__(self) -> None:
        self._chunks: dict[int, bytearray] = {}

    def add(self, doc: DocId) -> bool:
        """Add a document; return whether it is new."""
        chunk, place = divmod(doc, self._CHUNK)
        bits = self._chunks.setdefault(chunk, bytearray())
        byte, bit = divmod(place, 8)
        if len(bits) <= byte:
            bits.extend(bytes(byte + 1 - len(bits)))
        is_new = not bits[byte] >> bit & 1
        bits[byte] |= 1 << bit
        return is_new
