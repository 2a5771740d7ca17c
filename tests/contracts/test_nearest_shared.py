"""What only a table that all processes ask must do, on the real cluster."""

import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from soso.engines.exact import ExactTable
from soso.engines.opensearch import ClusterVectors
from soso.model.errors import Unavailable
from soso.model.ids import DocId
from soso.ports.nearest import SharedNearest
from soso.ports.vectors import DocVectors
from tests.servers import opensearch, skip_without

from .nearest_cases import SIZE, docs, drawn, row, shared_tables

pytestmark = pytest.mark.servers

MANY = 4_000
WIDE = 96


@pytest.fixture
def tables(opensearch_url: str) -> Iterator[ClusterVectors]:
    with shared_tables(opensearch_url) as made:
        yield made


def test_what_was_written_later_stays_whenever_it_comes(tables: ClusterVectors) -> None:
    one, other = drawn(2)
    table = tables.open("m", SIZE)
    table.place()
    table.apply([row(1, one[None], seq=7), row(2, drawn(0), seq=9)])
    tables.open("m", SIZE).apply([row(1, other[None], seq=6), row(2, other[None], seq=8)])
    found = table.find(one, limit=5)
    assert docs(found) == [1]
    assert found.found[0].cosine > 0.99
    table.apply([row(2, other[None], seq=10)])
    assert docs(table.find(other, limit=1)) == [2]


def test_another_process_finds_it_filled(tables: ClusterVectors) -> None:
    assert tables.lacking() is None
    table = tables.open("m", SIZE)
    assert table.place() == 0
    table.apply([row(1, drawn(2), seq=3)])
    table.keep_place(3)
    other = tables.open("m", SIZE)
    assert (other.place(), len(other)) == (3, 2)
    assert docs(other.find(drawn(1)[0], limit=1)) == [1]
    assert tables.open("another model", SIZE).place() == 0


def test_a_model_is_dropped_with_its_vectors_alone(tables: ClusterVectors) -> None:
    for name in ("m", "m 2"):
        table = tables.open(name, SIZE)
        table.place()
        table.apply([row(1, drawn(1), seq=3)])
    tables.drop("m")
    tables.drop("never seen")
    gone = tables.open("m", SIZE)
    assert len(gone) == 0
    assert gone.find(drawn(1)[0], limit=1).found == ()
    assert len(tables.open("m 2", SIZE)) == 1
    with pytest.raises(Unavailable, match="gone"):  # instead of an index made out of nothing
        gone.apply([row(1, drawn(1), seq=4)])
    with pytest.raises(Unavailable, match="gone"):
        gone.keep_place(4)
    assert gone.place() == 0
    gone.apply([row(1, drawn(1), seq=4)])
    assert docs(gone.find(drawn(1)[0], limit=1)) == [1]


def test_it_finds_nearly_what_a_look_at_all_finds(tables: ClusterVectors) -> None:
    """Vectors in clusters, as texts lie, two passages a document."""
    random = np.random.default_rng(5)
    middles = drawn(80, 1, WIDE)
    drawn_near = middles[random.integers(0, 80, 2 * MANY)] + 0.8 * drawn(2 * MANY, 2, WIDE)
    drawn_near /= np.linalg.norm(drawn_near, axis=1, keepdims=True)
    rows = [row(doc, drawn_near[2 * doc : 2 * doc + 2], seq=doc + 1) for doc in range(MANY)]
    exact, table = ExactTable(WIDE), tables.open("m", WIDE)
    table.place()
    for start in range(0, MANY, 1_000):
        exact.apply(rows[start : start + 1_000])
        table.apply(rows[start : start + 1_000])
    assert len(table) == len(exact)
    odd = [DocId(doc) for doc in range(1, MANY, 2)]
    shares = {"first 10": 0, "first 100": 0, "first 10 of half": 0}
    for asked in drawn_near[:: MANY // 20] + 0.3 * drawn(40, 3, WIDE):
        query = asked / np.linalg.norm(asked)
        true, found = exact.find(query, limit=100), table.find(query, limit=100)
        shares["first 10"] += len(set(docs(true)[:10]) & set(docs(found)[:10]))
        shares["first 100"] += len(set(docs(true)) & set(docs(found)))
        half, some = (one.find(query, limit=10, among=odd) for one in (exact, table))
        shares["first 10 of half"] += len(set(docs(half)) & set(docs(some)))
        assert found.mean == pytest.approx(true.mean, abs=0.02)
        assert found.spread == pytest.approx(true.spread, abs=0.02)
        same = {one.doc: one for one in true.found}
        assert all(same.get(one.doc, one) == one for one in found.found)  # scores and all
    assert shares["first 10"] >= 0.97 * 40 * 10
    assert shares["first 100"] >= 0.97 * 40 * 100
    assert shares["first 10 of half"] >= 0.97 * 40 * 10


def test_a_node_that_dies_takes_nothing_with_it() -> None:
    skip_without(opensearch.why_absent())
    vectors = drawn(1_200, 4)
    rows = [row(doc, vectors[doc : doc + 1], seq=doc + 1) for doc in range(1_200)]
    cluster = opensearch.Cluster().start()
    try:
        with shared_tables(",".join(cluster.urls), replicas=1) as tables:
            table = tables.open("m", SIZE)
            table.place()
            table.apply(rows[:400])
            cluster.wait_for(nodes=3, status="green")
            wrong: list[object] = []
            answered, stop = [0], threading.Event()

            def look() -> None:
                while not stop.is_set():
                    try:
                        if docs(table.find(vectors[answered[0] % 400], limit=1)) != [
                            answered[0] % 400
                        ]:
                            wrong.append(answered[0])
                    except Unavailable:
                        continue
                    answered[0] += 1

            looking = threading.Thread(target=look)
            looking.start()
            cluster.kill(1)
            before = answered[0]
            for start in range(400, 1_200, 200):
                _insist(table, rows[start : start + 200])
            stop.set()
            looking.join()
            assert wrong == []
            assert answered[0] > before  # it went on without the node
            assert len(table) == 1_200
            found = [docs(table.find(vectors[doc], limit=1)) for doc in range(0, 1_200, 40)]
            assert found == [[doc] for doc in range(0, 1_200, 40)]
    finally:
        cluster.stop()


def _insist(table: SharedNearest, rows: Sequence[DocVectors]) -> None:
    """Apply as the worker does: again, until the cluster takes it."""
    end = time.monotonic() + 120
    while True:
        try:
            table.apply(rows)
        except Unavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
        else:
            return


def test_a_cluster_without_the_plugin_says_so() -> None:
    skip_without(opensearch.why_absent())
    cluster = opensearch.Cluster(nodes=1, knn=False).start()
    try:
        with shared_tables(",".join(cluster.urls)) as tables:
            table = tables.open("m", SIZE)
            for _ in range(2):
                with pytest.raises(Unavailable, match=r"no k-NN plugin.*install opensearch-knn"):
                    table.place()
            with pytest.raises(Unavailable, match="no k-NN plugin"):
                table.find(drawn(1)[0], limit=1)
            assert len(table) == 0
            tables.drop("m")
            lacks = tables.lacking()
            assert lacks is not None
            assert "no k-NN plugin" in lacks
    finally:
        cluster.stop()
