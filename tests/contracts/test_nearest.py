"""What holds of whatever looks for the nearest, in memory or in a cluster."""

from collections.abc import Iterator

import numpy as np
import pytest

from soso.engines.exact import ExactTable
from soso.model.errors import BadInput
from soso.model.ids import DocId
from soso.ports.nearest import Nearest
from soso.ports.vectors import DocVectors

from .nearest_cases import SIZE, docs, drawn, expected, row, shared_tables


@pytest.fixture(params=["exact", pytest.param("opensearch", marks=pytest.mark.servers)])
def table(request: pytest.FixtureRequest) -> Iterator[Nearest]:
    """An empty one of each kind."""
    if request.param == "exact":
        yield ExactTable(SIZE)
        return
    with shared_tables(request.getfixturevalue("opensearch_url")) as tables:
        made = tables.open("a model", SIZE)
        made.place()
        yield made


def fill(table: Nearest, vectors: dict[int, np.ndarray]) -> None:
    table.apply([row(doc, passages) for doc, passages in vectors.items()])


def test_the_nearest_are_those_of_a_sort(table: Nearest) -> None:
    counts = np.random.default_rng(3).integers(1, 5, 60)
    vectors = {doc: drawn(int(count), doc) for doc, count in enumerate(counts)}
    fill(table, vectors)
    assert len(table) == counts.sum()
    for seed, limit in ((1, 70), (2, 60), (3, 7), (4, 1), (5, 0)):
        query = drawn(1, seed + 1_000)[0]
        cosines = expected(vectors, query)
        found = table.find(query, limit=limit).found
        best = sorted(cosines, key=lambda doc: (-round(max(cosines[doc]), 6), doc))[:limit]
        assert [one.doc for one in found] == best
        for one in found:
            ranked = sorted(cosines[one.doc], reverse=True)
            assert one.cosine == pytest.approx(ranked[0], abs=1e-5)
            assert one.second == pytest.approx(ranked[min(1, len(ranked) - 1)], abs=1e-5)
            assert one.first == pytest.approx(cosines[one.doc][0], abs=1e-5)
            assert cosines[one.doc][one.passage] == pytest.approx(ranked[0], abs=1e-5)


def test_only_some_are_looked_at(table: Nearest) -> None:
    vectors = {doc: drawn(2, doc) for doc in range(100)}
    query = drawn(1, 7)[0]
    among = [DocId(doc) for doc in (3, 99, 50, 3, 1_000)]
    cosines = expected(vectors, query)
    fill(table, vectors)
    found = docs(table.find(query, limit=10, among=among))
    assert found == sorted((3, 50, 99), key=lambda doc: -max(cosines[doc]))
    assert docs(table.find(query, limit=1, among=among)) == found[:1]
    assert docs(table.find(query, limit=5, among=[])) == []


def test_many_of_very_many_are_looked_at(table: Nearest) -> None:
    vectors = {doc: drawn(1, doc) for doc in range(0, 2_400)}
    query = drawn(1, 7)[0]
    cosines = expected(vectors, query)
    fill(table, vectors)
    among = [DocId(doc) for doc in range(1, 2_400, 2)]
    best = sorted(among, key=lambda doc: -max(cosines[doc]))
    found = docs(table.find(query, limit=20, among=among))
    assert len(found) == 20
    assert len(set(found) & set(best[:20])) >= 19
    assert docs(table.find(query, limit=len(among), among=among)) == best


def test_mean_and_spread_are_of_all_passages(table: Nearest) -> None:
    vectors = {doc: drawn(3, doc) for doc in range(50)}
    query = drawn(1, 7)[0]
    every = [cosine for found in expected(vectors, query).values() for cosine in found]
    fill(table, vectors)
    near = table.find(query, limit=1)
    assert near.mean == pytest.approx(np.mean(every), abs=1e-5)
    assert near.spread == pytest.approx(np.std(every), abs=1e-5)


def test_a_row_takes_the_place_of_the_one_before_and_an_empty_one_drops_it(table: Nearest) -> None:
    one, other = drawn(2)
    fill(table, {1: one[None], 2: other[None]})
    assert docs(table.find(one, limit=1)) == [1]
    table.apply([row(1, np.stack([other, other]))])
    assert len(table) == 3
    assert table.find(one, limit=2, among=[DocId(1)]).found[0].cosine < 0.9
    nothing = np.empty((0, SIZE), np.float32)
    table.apply([row(1, nothing), row(9, nothing)])
    assert docs(table.find(one, limit=5)) == [2]
    assert docs(table.find(one, limit=5, among=[DocId(1)])) == []
    assert len(table) == 1


def test_of_a_document_twice_in_a_call_the_last_counts(table: Nearest) -> None:
    one, other = drawn(2)
    table.apply([row(1, one[None]), row(1, other[None])])
    assert len(table) == 1
    assert table.find(other, limit=1).found[0].cosine > 0.99


def test_equals_come_in_the_order_of_their_documents(table: Nearest) -> None:
    one = drawn(1)
    fill(table, dict.fromkeys((5, 31, 9, 1), one))
    assert docs(table.find(one[0], limit=3)) == [1, 5, 9]


def test_an_empty_table_finds_nothing(table: Nearest) -> None:
    assert len(table) == 0
    assert table.find(drawn(1)[0], limit=5).found == ()
    assert table.find(drawn(1)[0], limit=5, among=[DocId(1)]).found == ()


def test_another_length_is_refused_and_nothing_is_taken(table: Nearest) -> None:
    with pytest.raises(BadInput):
        table.apply([row(1, drawn(1)), DocVectors(doc=DocId(2), mark=b"", packed=b"x" * 7)])
    assert len(table) == 0
    with pytest.raises(BadInput, match="16"):
        table.find(np.ones(8, np.float32), limit=1)
