"""An engine in the real cluster, under a name of its own, that leaves nothing behind."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from soso.engines.opensearch import Access, Layout, OpenSearchEngine
from soso.engines.opensearch.client import Cluster


@contextmanager
def cluster_engine(
    urls: str, *, shards: int = 1, fingerprint: str = "ours", name: str | None = None
) -> Iterator[OpenSearchEngine]:
    """Yield an empty engine; urls with commas between, as in the settings."""
    access = Access(urls=tuple(urls.split(",")))
    name = name or f"test{secrets.token_hex(6)}"
    layout = Layout(name=name, fingerprint=fingerprint, shards=shards, replicas=0)
    engine = OpenSearchEngine(access, layout)
    try:
        yield engine
    finally:
        engine.close()
        cluster = Cluster(access)
        for index in cluster.ask("GET", f"/{name}-*", expand_wildcards="all"):
            cluster.ask("DELETE", f"/{index}")
        cluster.close()
