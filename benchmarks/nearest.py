"""python -m benchmarks.nearest: the nearest by a cluster's graph beside a look at all vectors.

Posts and queries are embedded by e5. What is found is compared with what the exact table finds.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import click
import numpy as np

from benchmarks.posts import iter_posts
from benchmarks.probes import ROOT
from benchmarks.queries import make_queries
from benchmarks.stage import find_sources
from soso.embedders.e5 import load_e5
from soso.engines.exact import ExactTable
from soso.engines.opensearch import Access, ClusterVectors, Layout
from soso.model.ids import DocId
from soso.ports.embedder import Embedder
from soso.ports.nearest import Nearby, SharedNearest
from soso.ports.vectors import DocVectors
from soso.similarity.vectors import pack_vectors
from soso.text.alike import write_alike

NAME: Final = "benchmark"
AT_ONCE: Final = 2_000
TOGETHER: Final = 32


class Kind(NamedTuple):
    """A way of asking. judged: so many of the first are compared."""

    name: str
    judged: int
    limit: int
    among: Sequence[DocId] | None = None


@click.command()
@click.option("--opensearch-url", required=True, help="Nodes with the k-NN plugin, with commas.")
@click.option("--models", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--size", default=5_000, show_default=True, help="How many posts.")
@click.option("--shards", default=3, show_default=True)
@click.option("--calls", default=100, show_default=True, help="How many queries.")
def main(opensearch_url: str, models: Path, size: int, shards: int, calls: int) -> None:
    """Print rows of a table in Markdown."""
    sources = find_sources(ROOT.parent / "shared")
    posts = [post.text for post in iter_posts(size, news=sources.news)]
    embedder = load_e5(models, threads=1)
    rows = list(_embed(embedder, posts))
    asked = make_queries(posts, each=-(-calls // 4), log=sources.log)
    texts = [text for kind in zip(*asked.values(), strict=False) for text in kind][:calls]
    queries = [embedder.embed_query(write_alike(text)) for text in texts]
    exact = ExactTable(embedder.dimension)
    exact.apply(rows)
    access = Access(urls=tuple(opensearch_url.split(",")))
    tables = ClusterVectors(access, Layout(name=NAME, fingerprint="", shards=shards))
    tables.drop(embedder.name)
    try:
        table = tables.open(embedder.name, embedder.dimension)
        took = _fill(table, rows)
        click.echo(f"{len(table)} passages, {shards} shards; filled at {len(table) / took:.0f}/s\n")
        drawn = np.random.default_rng(1).permutation(size)
        for kind in (
            Kind("the first 10", 10, 200),
            Kind("the first 200", 200, 200),
            Kind("200 of half of them", 200, 200, [rows[at].doc for at in drawn[: size // 2]]),
            Kind("all of 300", 300, 300, [rows[at].doc for at in drawn[:300]]),
        ):
            _tell(kind, exact.find, table.find, queries)
    finally:
        tables.drop(embedder.name)
        tables.close()


def _embed(embedder: Embedder, posts: Sequence[str]) -> Sequence[DocVectors]:
    rows: list[DocVectors] = []
    for start in range(0, len(posts), TOGETHER):
        cut = [embedder.passages(text) for text in posts[start : start + TOGETHER]]
        every = [write_alike(passage) for passages in cut for passage in passages]
        packed, at = pack_vectors(embedder.embed_posts(every)), 0
        for passages in cut:
            of_it = packed[at : at + len(passages)].tobytes()
            number = len(rows) + 1
            rows.append(DocVectors(doc=DocId(2 * number), mark=b"", packed=of_it, seq=number))
            at += len(passages)
    return rows


def _fill(table: SharedNearest, rows: Sequence[DocVectors]) -> float:
    table.place()
    started = perf_counter()
    for start in range(0, len(rows), AT_ONCE):
        table.apply(rows[start : start + AT_ONCE])
    return perf_counter() - started


def _tell(
    kind: Kind,
    exact: Callable[..., Nearby],
    graph: Callable[..., Nearby],
    queries: Sequence[np.ndarray],
) -> None:
    there = same = 0
    took: list[float] = []
    for query in queries:
        true = exact(query, limit=kind.limit, among=kind.among).found[: kind.judged]
        started = perf_counter()
        found = graph(query, limit=kind.limit, among=kind.among).found[: kind.judged]
        took.append((perf_counter() - started) * 1000)
        there += len(true)
        same += len({one.doc for one in true} & {one.doc for one in found})
    p50, p95 = np.percentile(took, [50, 95])
    click.echo(f"| {kind.name} | {same / there:.4f} | {p50:.0f} / {p95:.0f} |")


if __name__ == "__main__":
    main()
