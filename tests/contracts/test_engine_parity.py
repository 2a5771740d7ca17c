"""A cluster's answers beside Tantivy's: benchmarks/parity.py, on fewer posts."""

import pytest

from benchmarks import parity
from benchmarks.posts import iter_posts
from soso.engines.opensearch import Access
from soso.text.analyzers import load_analyzers

pytestmark = pytest.mark.servers


def test_three_shards_answer_as_one_folder_does(opensearch_url: str) -> None:
    posts = list(iter_posts(600, news=None, seed=7))
    queries = parity.ask_in_ten_ways(posts, each=6, log=None)
    analyzers = load_analyzers()
    documents = list(parity.build_all(posts, analyzers))
    access = Access(urls=tuple(opensearch_url.split(",")))
    gains = []
    with parity.local_engine() as local, parity.cluster_engine(access, 3) as cluster:
        for engine in (local, cluster):
            parity.fill(engine, documents)
        for kind, texts in queries.items():
            found = parity.compare(local, cluster, parity.plan_all(texts, analyzers))
            assert found.same == found.queries == 6, kind
            assert found.answered > 2, kind
            if kind in parity.RANKED:
                assert found.overlap >= 0.95, kind
                gains.append(found.gain)
    assert sum(gains) / len(gains) >= 0.99
