"""Vectors drawn by chance, the plain sums over them, and tables in a real cluster."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from soso.engines.opensearch import Access, ClusterVectors, Layout
from soso.engines.opensearch.client import Cluster
from soso.model.ids import DocId
from soso.ports.nearest import Nearby
from soso.ports.vectors import DocVectors
from soso.similarity.vectors import pack_vectors

SIZE = 16


def drawn(count: int, seed: int = 0, size: int = SIZE) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(0, 1, (count, size))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def row(doc: int, vectors: np.ndarray, seq: int = 0) -> DocVectors:
    packed = pack_vectors(vectors).tobytes() if len(vectors) else b""
    return DocVectors(doc=DocId(doc), mark=b"", packed=packed, seq=seq)


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


@contextmanager
def shared_tables(
    urls: str, *, shards: int = 3, replicas: int = 0, name: str | None = None
) -> Iterator[ClusterVectors]:
    """Yield tables of a name of their own, which are dropped; urls with commas between."""
    access = Access(urls=tuple(urls.split(",")))
    name = name or f"test{secrets.token_hex(6)}"
    tables = ClusterVectors(
        access, Layout(name=name, fingerprint="ours", shards=shards, replicas=replicas)
    )
    try:
        yield tables
    finally:
        tables.close()
        cluster = Cluster(access)
        for index in cluster.ask("GET", f"/{name}-*"):
            cluster.ask("DELETE", f"/{index}")
        cluster.close()
