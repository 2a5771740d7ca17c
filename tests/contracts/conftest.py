"""What the contract suites share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from soso.engines.opensearch import OpenSearchEngine
from soso.ports.store import Store

from .engine_cluster import cluster_engine
from .store_cases import STORES, make_store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind, sound at the end of every test; closing it twice is no error."""
    made = make_store(request.param, tmp_path)
    yield made
    assert made.check() == []
    made.close()
    made.close()


@pytest.fixture(scope="module")
def cluster_index(opensearch_url: str) -> Iterator[OpenSearchEngine]:
    """An index of three shards in the real cluster, for all tests of a file: making one is slow."""
    with cluster_engine(opensearch_url, shards=3) as engine:
        yield engine
