"""writer: which documents it has seen, and what it keeps of them. The rest is in the contract."""

import random

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from soso.engines.tantivy.mapping import build_schema
from soso.engines.tantivy.writer import SeenDocs, TantivyWriter
from soso.model.errors import Unavailable
from soso.model.ids import DocId
from soso.schema.document import Document
from soso.schema.fields import WORDS

docs = st.integers(0, 2**63 - 1) | st.integers(0, 300) | st.integers(8000, 8300)


@given(st.lists(docs.map(DocId)))
def test_seen_docs_are_a_set(numbers: list[DocId]) -> None:
    seen, expected = SeenDocs(), set()
    for number in numbers:
        assert seen.add(number) == (number not in expected)
        expected.add(number)


def count(index: tantivy.Index, word: str) -> int:
    index.reload()
    query = tantivy.Query.term_query(index.schema, WORDS, word)
    return len(index.searcher().search(query, limit=1000).hits)


def a_document(doc: int, word: str) -> Document:
    return Document(doc=DocId(doc), terms={WORDS: [word]})


def test_a_new_index_keeps_the_last_of_documents_that_come_again() -> None:
    """Also when what came first was committed, deleted or rolled back."""
    index = tantivy.Index(build_schema())
    writer = TantivyWriter(index, heap_bytes=0, empty=True)
    order = [number % 100 for number in range(300)]
    random.Random(7).shuffle(order)
    last: dict[int, int] = {}
    for turn, doc in enumerate(order):
        writer.apply([a_document(doc, f"turn{turn}")], ())
        last[doc] = turn
        if turn % 70 == 69:
            writer.commit()
    writer.apply((), [DocId(0)])
    writer.apply([a_document(0, "again")], ())
    writer.commit()
    writer.finish()
    index.reload()
    assert index.searcher().num_docs == 100
    for doc, turn in last.items():
        assert count(index, f"turn{turn}") == (doc != 0)
    assert count(index, "again") == 1


def test_a_closed_writer_frees_tantivys_lock() -> None:
    index = tantivy.Index(build_schema())
    writer = TantivyWriter(index, heap_bytes=0)
    writer.apply([a_document(2, "one")], ())
    second = TantivyWriter(index, heap_bytes=0)
    with pytest.raises(Unavailable):
        second.apply([a_document(4, "two")], ())
    writer.close()
    second.apply([a_document(4, "two")], ())
    second.commit()
    assert (count(index, "one"), count(index, "two")) == (0, 1)


def test_finishing_without_having_written_is_nothing() -> None:
    index = tantivy.Index(build_schema())
    TantivyWriter(index, heap_bytes=0).finish()
    assert count(index, "one") == 0


def test_a_writer_that_deleted_much_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soso.engines.tantivy.writer._MOST_DELETES", 3)
    index = tantivy.Index(build_schema())
    writer = TantivyWriter(index, heap_bytes=0)
    writer.apply([a_document(2, "one"), a_document(4, "two")], ())
    writer.commit()
    first = writer._native
    assert first is not None
    writer.apply([], [DocId(4), DocId(6)])
    writer.commit()
    assert writer._native is not first
    writer.apply([a_document(8, "three")], ())
    writer.commit()
    index.reload()
    assert [count(index, word) for word in ("one", "two", "three")] == [1, 0, 1]
