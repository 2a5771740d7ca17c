"""The table against the same sums done plainly."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.engines.exact import table as module
from soso.engines.exact.table import ExactTable
from soso.model.errors import BadInput
from soso.model.ids import DocId
from soso.ports.nearest import Nearby
from soso.ports.vectors import DocVectors
from soso.similarity.vectors import pack_vectors

SIZE = 16


def drawn(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(0, 1, (count, SIZE))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def row(doc: int, vectors: np.ndarray) -> DocVectors:
    packed = pack_vectors(vectors).tobytes() if len(vectors) else b""
    return DocVectors(doc=DocId(doc), mark=b"", packed=packed)


def filled(vectors: dict[int, np.ndarray]) -> ExactTable:
    table = ExactTable(SIZE)
    table.apply([row(doc, passages) for doc, passages in vectors.items()])
    return table


def docs(near: Nearby) -> list[int]:
    return [one.doc for one in near.found]


def expected(vectors: dict[int, np.ndarray], query: np.ndarray) -> dict[int, list[float]]:
    asked = pack_vectors(query[None])[0].astype(float)
    found = {}
    for doc, passages in vectors.items():
        packed = pack_vectors(passages).astype(float)
        norms = np.linalg.norm(packed, axis=1) * np.linalg.norm(asked)
        found[doc] = (packed @ asked / norms).tolist()
    return found


@given(st.integers(0, 60), st.integers(0, 70), st.integers(0, 2**16))
def test_the_nearest_are_those_of_a_sort(size: int, limit: int, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(1, 5, size)
    vectors = {doc: drawn(int(count), seed + doc) for doc, count in enumerate(counts)}
    query = drawn(1, seed + 1_000)[0]
    cosines = expected(vectors, query)
    found = filled(vectors).find(query, limit=limit).found
    best = sorted(cosines, key=lambda doc: (-round(max(cosines[doc]), 6), doc))[:limit]
    assert [one.doc for one in found] == best
    for one in found:
        ranked = sorted(cosines[one.doc], reverse=True)
        assert one.cosine == pytest.approx(ranked[0], abs=1e-5)
        assert one.second == pytest.approx(
            (ranked * 2)[1] if len(ranked) > 1 else ranked[0], abs=1e-5
        )
        assert one.first == pytest.approx(cosines[one.doc][0], abs=1e-5)
        assert cosines[one.doc][one.passage] == pytest.approx(ranked[0], abs=1e-5)


def test_only_some_are_looked_at() -> None:
    vectors = {doc: drawn(2, doc) for doc in range(100)}
    query = drawn(1, 7)[0]
    among = [DocId(doc) for doc in (3, 99, 50, 3, 1_000)]
    cosines = expected(vectors, query)
    table = filled(vectors)
    found = docs(table.find(query, limit=10, among=among))
    assert found == sorted((3, 50, 99), key=lambda doc: -max(cosines[doc]))
    assert docs(table.find(query, limit=1, among=among)) == found[:1]
    assert docs(table.find(query, limit=5, among=[])) == []


def test_mean_and_spread_are_of_all_passages() -> None:
    vectors = {doc: drawn(3, doc) for doc in range(50)}
    query = drawn(1, 7)[0]
    every = [cosine for found in expected(vectors, query).values() for cosine in found]
    near = filled(vectors).find(query, limit=1)
    assert near.mean == pytest.approx(np.mean(every), abs=1e-5)
    assert near.spread == pytest.approx(np.std(every), abs=1e-5)


def test_a_row_takes_the_place_of_the_one_before_and_an_empty_one_drops_it() -> None:
    one, other = drawn(2)
    table = filled({1: one[None], 2: other[None]})
    assert docs(table.find(one, limit=1)) == [1]
    table.apply([row(1, np.stack([other, other]))])
    assert len(table) == 3
    assert table.find(one, limit=2, among=[DocId(1)]).found[0].cosine < 0.9
    table.apply([row(1, np.empty((0, SIZE))), row(9, np.empty((0, SIZE)))])
    assert docs(table.find(one, limit=5)) == [2]
    assert docs(table.find(one, limit=5, among=[DocId(1)])) == []
    assert len(table) == 1


def test_of_a_document_twice_in_a_call_the_last_counts() -> None:
    one, other = drawn(2)
    table = ExactTable(SIZE)
    table.apply([row(1, one[None]), row(1, other[None])])
    assert len(table) == 1
    assert table.find(other, limit=1).found[0].cosine > 0.99


def test_equals_come_in_the_order_of_their_documents() -> None:
    one = drawn(1)
    table = filled(dict.fromkeys((5, 3, 9, 1), one))
    assert docs(table.find(one[0], limit=2)) == [1, 3]


def test_an_empty_table_finds_nothing() -> None:
    assert ExactTable(SIZE).find(drawn(1)[0], limit=5).found == ()
    assert ExactTable(SIZE).find(drawn(1)[0], limit=5, among=[DocId(1)]).found == ()


def test_another_length_is_refused_and_nothing_is_taken() -> None:
    table = ExactTable(SIZE)
    with pytest.raises(BadInput):
        table.apply([row(1, drawn(1)), DocVectors(doc=DocId(2), mark=b"", packed=b"x" * 7)])
    assert len(table) == 0
    with pytest.raises(BadInput, match="16"):
        table.find(np.ones(8, np.float32), limit=1)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 8)
    monkeypatch.setattr(module, "_RECENT", 5)


@pytest.mark.usefixtures("small_blocks")
def test_many_changes_leave_what_was_written_last() -> None:
    random = np.random.default_rng(1)
    table, kept = ExactTable(SIZE), dict[int, np.ndarray]()
    query = drawn(1, 5)[0]
    for step in range(300):
        changed = {
            int(doc): drawn(int(random.integers(0, 4)), step) for doc in random.integers(0, 40, 3)
        }
        table.apply([row(doc, vectors) for doc, vectors in changed.items()])
        kept |= changed
        kept = {doc: vectors for doc, vectors in kept.items() if len(vectors)}
        if step % 20 == 0:
            assert len(table) == sum(map(len, kept.values()))
            cosines = expected(kept, query)
            best = sorted(cosines, key=lambda doc: (-round(max(cosines[doc]), 6), doc))
            assert docs(table.find(query, limit=1_000)) == best
            assert docs(table.find(query, limit=1_000, among=[DocId(d) for d in range(40)])) == best


@pytest.mark.usefixtures("small_blocks")
def test_searches_go_on_while_rows_come_and_go() -> None:
    table = ExactTable(SIZE)
    fixed = drawn(1, 99_999)
    table.apply([row(1_000, fixed)])
    stop, wrong = threading.Event(), []

    def search() -> None:
        while not stop.is_set():
            if docs(table.find(fixed[0], limit=1)) != [1_000]:
                wrong.append(1)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for step in range(400):
        table.apply([row(step % 30, drawn(step % 4, step))])
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
