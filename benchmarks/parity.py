"""python -m benchmarks.parity: what the cluster's ranking differs by from Tantivy's.

The same posts and queries on both. Exact: which documents match. Ranking: how many of Tantivy's
first ten are in the cluster's, and nDCG with Tantivy's order as the ideal.
"""

import math
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from benchmarks.posts import BenchPost, iter_posts
from benchmarks.probes import ROOT
from benchmarks.queries import make_queries
from benchmarks.stage import find_sources
from soso.engines.opensearch import Access, Layout, OpenSearchEngine
from soso.engines.opensearch.client import Cluster
from soso.engines.tantivy import TantivyEngine
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.ids import ChatKey, PostKey
from soso.model.post import Post, StoredPost
from soso.ports.engine import Engine
from soso.query.parse import parse
from soso.query.plan import Context, make_plan
from soso.query.plan_types import Plan
from soso.ranking.weights import BOOSTS
from soso.schema.build import build_document
from soso.schema.document import Document
from soso.text.analyzers import Analyzers, load_analyzers

TOP: Final = 10
STEP: Final = 1_000
ZONE: Final = ZoneInfo("Asia/Shanghai")


@click.command()
@click.option("--opensearch-url", required=True, help="Nodes, with commas between.")
@click.option("--size", default=20_000, show_default=True, help="How many posts.")
@click.option("--calls", default=100, show_default=True, help="Queries of each of five kinds.")
def main(opensearch_url: str, size: int, calls: int) -> None:
    """Print one line for each number of shards."""
    sources = find_sources(ROOT.parent / "shared")
    posts = list(iter_posts(size, news=sources.news))
    queries = make_queries([post.text for post in posts], each=calls, log=sources.log)
    analyzers = load_analyzers()
    documents = list(_documents(posts, analyzers))
    context = Context(now=datetime.now(UTC), zone=ZONE, chats={})
    plans = [
        make_plan(parse(text).query, analyzers, BOOSTS, context)
        for kind in queries.values()
        for text in kind
    ]
    with tempfile.TemporaryDirectory() as folder:
        local = TantivyEngine(Path(folder) / "index", fingerprint="parity")
        _fill(local, documents)
        for shards in (1, 3):
            name = f"parity{secrets.token_hex(4)}"
            layout = Layout(name=name, fingerprint="parity", shards=shards, replicas=0)
            access = Access(urls=tuple(opensearch_url.split(",")))
            engine = OpenSearchEngine(access, layout)
            try:
                _fill(engine, documents)
                click.echo(f"{shards} shards: {compare(local, engine, plans)}")
            finally:
                _clear(access, engine.builds.live())
                engine.close()


def compare(local: Engine, cluster: Engine, plans: Sequence[Plan]) -> str:
    """Return how far two engines agree over plans."""
    same, overlaps, gains = 0, [], []
    for plan in plans:
        one, other = local.search(plan), cluster.search(plan)
        same += (one.total, one.full) == (other.total, other.full)
        ideal = [hit.doc for hit in one.hits[:TOP]]
        got = [hit.doc for hit in other.hits[:TOP]]
        if ideal:
            overlaps.append(len(set(ideal) & set(got)) / len(ideal))
            worth = {doc: len(ideal) - place for place, doc in enumerate(ideal)}
            gains.append(_gain([worth.get(d, 0) for d in got]) / _gain(list(worth.values())))
    answered = len(overlaps)
    return (
        f"same totals {same}/{len(plans)}; of {answered} answered: overlap of the first {TOP} "
        f"{sum(overlaps) / answered:.4f}, nDCG {sum(gains) / answered:.4f}"
    )


def _gain(worth: Sequence[int]) -> float:
    return sum(value / math.log2(place + 2) for place, value in enumerate(worth))


def _fill(engine: Engine, documents: Sequence[Document]) -> None:
    with engine.rebuild() as writer:
        for start in range(0, len(documents), STEP):
            writer.apply(documents[start : start + STEP], ())


def _clear(access: Access, build: str) -> None:
    cluster = Cluster(access)
    cluster.ask("DELETE", f"/{build}")
    cluster.close()


def _documents(posts: Sequence[BenchPost], analyzers: Analyzers) -> Iterator[Document]:
    for number, bench in enumerate(posts, start=1):
        chat = Chat(
            key=ChatKey(bench.chat + 1),
            kind=ChatKind.CHANNEL,
            title=f"频道{bench.chat}",
            visibility=Visibility.PUBLIC,
        )
        at = datetime.fromtimestamp(bench.at_s, UTC)
        stored = StoredPost(
            key=PostKey(number),
            chat=chat.key,
            post=Post(id=bench.id, at=at, text=bench.text),
            observed_at=at,
            first_seen_at=at,
        )
        yield build_document(stored, chat, analyzers, zone=ZONE)


if __name__ == "__main__":
    main()
