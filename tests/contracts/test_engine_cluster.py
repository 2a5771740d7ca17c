"""The cluster's engine alone: it agrees with the memory engine, and many write to it at once."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soso.engines.memory import MemoryEngine
from soso.engines.opensearch import OpenSearchEngine, builds
from soso.model.errors import BadInput, IndexMismatch, NotFound
from soso.model.ids import DocId
from soso.ports.engine import Engine
from soso.query.clauses import Everything
from soso.query.plan_types import Plan
from soso.schema.document import Document
from soso.schema.fields import WORDS

from .engine_cases import EVERYTHING, fill, matching, post, word
from .engine_cluster import cluster_engine
from .test_engine_agree import _explained, documents, plans

pytestmark = pytest.mark.servers


@pytest.fixture
def engine(opensearch_url: str) -> Iterator[OpenSearchEngine]:
    with cluster_engine(opensearch_url) as made:
        yield made


def refill(engine: Engine, batch: list[Document]) -> None:
    with engine.writer() as writer:
        writer.apply((), list(engine.iter_doc_ids()))
        writer.apply(batch, ())
        writer.commit()


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(batch=st.lists(documents, max_size=20), asked=st.lists(plans, min_size=1, max_size=6))
def test_random_plans_match_the_same_documents(
    cluster_index: OpenSearchEngine, batch: list[Document], asked: list[Plan]
) -> None:
    memory = MemoryEngine()
    for one in (memory, cluster_index):
        refill(one, batch)
    for plan in asked:
        expected, found = memory.search(plan), cluster_index.search(plan)
        assert (found.total, found.full) == (expected.total, expected.full)
        assert found.facets == expected.facets
        everything = Plan(full=plan.full, filters=plan.filters, limit=100)
        assert cluster_index.search(everything) == memory.search(everything)
        assert all(_explained(cluster_index, plan, hit) for hit in found.hits[:3])


def test_two_write_at_once_and_the_higher_version_stays(engine: OpenSearchEngine) -> None:
    with engine.writer() as early, engine.writer() as late:
        late.apply([post(2, "新"), post(4, "新")], [DocId(6)], version=9)
        late.commit()
        early.apply([post(2, "旧"), post(6, "旧"), post(8, "旧")], [DocId(4)], version=8)
        early.commit()
    assert matching(engine, word("新")) == {2, 4}
    assert matching(engine, word("旧")) == {8}


def test_a_build_is_filled_beside_the_live_one_and_takes_its_place(
    engine: OpenSearchEngine, opensearch_url: str
) -> None:
    fill(engine, [post(2)])
    builds = engine.builds
    before, build = builds.live(), builds.begin()
    for doc in (4, 6):  # by two who know its name
        with builds.writer(build) as writer:
            writer.apply([post(doc)], ())
            writer.commit()
    assert matching(engine, Everything()) == {2}
    with builds.writer(before) as late:
        builds.finish(build)
        builds.finish(build)
        assert (builds.live(), matching(engine, Everything())) == (build, {4, 6})
        late.apply([post(8)], ())
        with pytest.raises(NotFound):
            late.commit()
    with pytest.raises(NotFound), builds.writer(before):
        pytest.fail("it was dropped")
    with pytest.raises(BadInput, match="serves"):
        builds.drop(build)
    builds.drop(before)
    assert matching(engine, Everything()) == {4, 6}


def test_an_index_of_other_analyzers_serves_and_is_not_written(opensearch_url: str) -> None:
    with cluster_engine(opensearch_url) as engine:
        fill(engine, [post(2, "甲")])
        name = engine.builds.live().rpartition("-")[0]
        with cluster_engine(opensearch_url, name=name, fingerprint="newer") as newer:
            assert newer.search(EVERYTHING).total == 1
            assert (newer.status().stale, newer.status().fingerprint) == (True, "ours")
            with pytest.raises(IndexMismatch), newer.writer():
                pytest.fail("a stale index was written")
            with newer.rebuild() as writer:
                writer.apply([post(4)], ())
            assert matching(newer, Everything()) == {4}
            assert not newer.status().stale


def test_indexes_that_serve_nothing_are_told_once_they_are_old(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, orphan = engine.builds.live(), engine.builds.begin()
    assert engine.builds.list_idle() == []
    monkeypatch.setattr(builds, "_LIKELY_IN_USE_S", -3_600.0)
    assert engine.builds.list_idle() == [orphan]
    engine.builds.finish(orphan)
    assert engine.builds.list_idle() == []
    with pytest.raises(NotFound):
        engine.builds.identity(live)


def test_what_is_noted_in_an_index_makes_it_no_other(engine: OpenSearchEngine) -> None:
    fill(engine, [post(2)])
    build = engine.builds.live()
    before = engine.builds.identity(build)
    assert engine.builds.reached(build) is None
    for seq in (7, 7, 9):
        engine.builds.note_reached(build, seq)
        assert engine.builds.reached(build) == seq
    assert engine.builds.identity(build) == before
    assert not engine.status().stale
    fill(engine, [post(4)])
    assert matching(engine, Everything()) == {2, 4}


def test_a_node_that_is_gone_is_passed_over(opensearch_url: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with cluster_engine(f"{gone},{opensearch_url}") as engine:
            for doc in (2, 4, 6, 8):
                fill(engine, [post(doc)])
            assert all(matching(engine, Everything()) == {2, 4, 6, 8} for _ in range(8))


def test_a_document_larger_than_a_bulk_is_indexed(engine: OpenSearchEngine) -> None:
    large = [f"w{number}" for number in range(1_000_000)]
    batch = [post(2, "甲"), Document(doc=DocId(4), terms={WORDS: large}), post(6, "甲")]
    fill(engine, batch)
    assert matching(engine, word("w999999")) == {4}
    assert matching(engine, word("甲")) == {2, 6}
