"""python -m benchmarks.parity: what a cluster's answers differ by from Tantivy's.

The same posts and queries on both. Exact: the ids of all that match, in order of time, and the
facets' counts. Ranking: how many of Tantivy's first ten are among the cluster's, nDCG with Tantivy's
order as the ideal, and nDCG by people's judgements where labelled sets are at hand.
"""

import math
import random
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from unittest.mock import patch
from zoneinfo import ZoneInfo

import click
from msgspec.structs import replace

from benchmarks.posts import CHATS, BenchPost, iter_posts
from benchmarks.probes import ROOT
from benchmarks.queries import make_queries
from benchmarks.stage import find_sources
from soso.engines.opensearch import Access, Layout, OpenSearchEngine, client
from soso.engines.tantivy import TantivyEngine
from soso.evaluation.measures import measure
from soso.evaluation.read import load_set
from soso.evaluation.sets import LabelledDocument, LabelledSet, take_part
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.ids import ChatKey, PostKey, post_doc
from soso.model.media import Media, MediaKind
from soso.model.post import Post, StoredPost
from soso.model.value import Value
from soso.ports.engine import Engine
from soso.query.parse import parse
from soso.query.plan import Context, make_plan
from soso.query.plan_types import Plan, Sort
from soso.ranking.weights import BOOSTS
from soso.schema.build import build_document
from soso.schema.document import Document
from soso.schema.fields import CHAT, KIND, LANG, MONTH
from soso.text.analyzers import Analyzers, load_analyzers

TOP: Final = 10
STEP: Final = 1_000
MOST: Final = 100_000
ZONE: Final = ZoneInfo("Asia/Shanghai")
SETS: Final = ("kuake_qtr", "channel_story_title", "rgb_news")
FACETS: Final = (KIND, CHAT, LANG, MONTH)
_KINDS: Final = (None, None, MediaKind.PHOTO, MediaKind.VIDEO, None, MediaKind.FILE, None)
_AT: Final = datetime(2024, 1, 1, tzinfo=UTC)

Queries = Mapping[str, Sequence[str]]


class Agreement(Value):
    """How far two engines agree over some queries.

    same: of how many every hit and count is the same. answered: how many have a hit by relevance.
    overlap: mean share of one's first ten in the other's; least: that of the worst query.
    gain: mean nDCG@10 with one's order as the ideal.
    """

    queries: int
    same: int
    answered: int
    overlap: float
    least: float
    gain: float


@click.command()
@click.option("--opensearch-url", required=True, help="Nodes, with commas between.")
@click.option("--size", default=20_000, show_default=True, help="How many posts.")
@click.option("--calls", default=50, show_default=True, help="Queries of each of ten kinds.")
def main(opensearch_url: str, size: int, calls: int) -> None:
    """Print rows of tables in Markdown."""
    shared = ROOT.parent / "shared"
    sources = find_sources(shared)
    posts = list(iter_posts(size, news=sources.news))
    queries = ask_in_ten_ways(posts, each=calls, log=sources.log)
    analyzers = load_analyzers()
    documents = list(build_all(posts, analyzers))
    access = Access(urls=tuple(opensearch_url.split(",")))
    click.echo(f"{size} posts, {sources.named}; {sum(map(len, queries.values()))} queries\n")
    with local_engine() as local:
        fill(local, documents)
        for shards in (1, 3):
            with cluster_engine(access, shards) as cluster:
                fill(cluster, documents)
                _tell(f"{shards} shards", local, cluster, queries, analyzers)
                if shards > 1:
                    with patch.object(client, "SEARCH_TYPE", "query_then_fetch"):
                        _tell("each by its own statistics", local, cluster, queries, analyzers)
                    for engine in (local, cluster):
                        with engine.writer() as writer:
                            writer.apply(documents[::3], (), version=2)
                            writer.commit()
                    _tell("a third written again", local, cluster, queries, analyzers)
    for name in SETS:
        if (shared / "eval" / name).is_dir():
            _tell_judged(load_set(shared / "eval" / name), access, analyzers, limit=size)


def ask_in_ten_ways(posts: Sequence[BenchPost], *, each: int, log: Path | None) -> Queries:
    """Return so many queries of each of ten kinds; those of EXACT have filters or quotes."""
    drawn = random.Random(1)
    asked = dict(make_queries([post.text for post in posts], each=each, log=log))
    words = asked["rare"] + asked["two words"]
    days = [datetime.fromtimestamp(post.at_s, ZONE).date() for post in drawn.choices(posts, k=each)]

    def beside(filters: Sequence[str]) -> list[str]:
        """Filters alone and beside a word in turn."""
        asked = drawn.choices(filters, k=each)
        return [f"{drawn.choice(words)} {one}" if n % 2 else one for n, one in enumerate(asked)]

    kinds = [f"kind:{kind}" for kind in ("video", "photo", "file", "post", "video,photo")]
    chats = [f"chat:c{number}" for number in range(CHATS)]
    dates = [f"{way}:{day}" for day in days for way in ("after", "before")]
    others = ["has:link", "-has:link", "views:>1k", "lang:zh", "kind:file has:media"]
    several = [f"{drawn.choice(chats)} {drawn.choice(kinds)} {drawn.choice(dates)}" for _ in days]
    return asked | {
        "kind:": beside(kinds),
        "chat:": beside(chats),
        "after:, before:": beside(dates),
        "has:, views:, lang:": beside(others),
        "several filters": beside(several),
    }


RANKED: Final = ("words", "two words", "one character", "rare")
"""The kinds that are ranked; of all others the hits alone count."""


def plan_all(texts: Sequence[str], analyzers: Analyzers) -> list[Plan]:
    """Return the plans of queries, as the search box makes them."""
    chats = {f"c{number}": ChatKey(number + 1) for number in range(CHATS)}
    context = Context(now=datetime(2025, 1, 1, tzinfo=UTC), zone=ZONE, chats=chats)
    return [make_plan(parse(text).query, analyzers, BOOSTS, context) for text in texts]


def compare(one: Engine, other: Engine, plans: Sequence[Plan]) -> Agreement:
    """Return how far two engines agree, with one's order by relevance as the ideal."""
    same, overlaps, gains = 0, [], []
    for plan in plans:
        everything = replace(plan, sort=Sort.NEWEST, limit=MOST, facets=FACETS)
        same += one.search(everything) == other.search(everything)
        ranked = replace(plan, limit=TOP)
        ideal = [hit.doc for hit in one.search(ranked).hits]
        got = [hit.doc for hit in other.search(ranked).hits]
        if ideal:
            overlaps.append(len(set(ideal) & set(got)) / len(ideal))
            worth = {doc: len(ideal) - place for place, doc in enumerate(ideal)}
            gains.append(_gain([worth.get(d, 0) for d in got]) / _gain(list(worth.values())))
    answered = len(overlaps)
    return Agreement(
        queries=len(plans),
        same=same,
        answered=answered,
        overlap=sum(overlaps) / max(answered, 1),
        least=min(overlaps, default=0.0),
        gain=sum(gains) / max(answered, 1),
    )


def _gain(worth: Sequence[int]) -> float:
    return sum(value / math.log2(place + 2) for place, value in enumerate(worth))


def _tell(
    what: str, local: Engine, cluster: Engine, queries: Queries, analyzers: Analyzers
) -> None:
    click.echo(f"| {what} | same hits and counts | first {TOP} alike | the worst | nDCG |")
    click.echo("|---|---|---|---|---|")
    for kind, texts in queries.items():
        found = compare(local, cluster, plan_all(texts, analyzers))
        ranks = f"{found.overlap:.4f} | {found.least:.1f} | {found.gain:.4f}"
        ranks = ranks if kind in RANKED else "| |"
        click.echo(f"| {kind} | {found.same}/{found.queries} | {ranks} |")
    click.echo()


def _tell_judged(
    labelled: LabelledSet, access: Access, analyzers: Analyzers, *, limit: int
) -> None:
    """Print nDCG@10 by people's judgements: Tantivy, one shard, three."""
    labelled = take_part(labelled, sample=500, limit_documents=limit)
    documents = list(_build_labelled(labelled.documents, analyzers))
    with (
        local_engine() as local,
        cluster_engine(access, 1) as single,
        cluster_engine(access, 3) as split,
    ):
        figures = []
        for engine in (local, single, split):
            fill(engine, documents)
            rankings = {
                query.id: _rank(engine, labelled, plan)
                for query, plan in zip(
                    labelled.queries,
                    plan_all([query.text for query in labelled.queries], analyzers),
                    strict=True,
                )
            }
            values = measure(labelled.grades, rankings)["ndcg@10"]
            figures.append(f"{sum(values) / len(values):.4f}")
    size = f"{len(documents)} documents, {len(labelled.queries)} queries"
    click.echo(f"| {labelled.name} | {size} | {' | '.join(figures)} |")


def _rank(engine: Engine, labelled: LabelledSet, plan: Plan) -> list[str]:
    names = {post_doc(PostKey(n)): document.id for n, document in enumerate(labelled.documents, 1)}
    return [names[hit.doc] for hit in engine.search(replace(plan, limit=TOP)).hits]


@contextmanager
def local_engine() -> Iterator[TantivyEngine]:
    """Yield an empty engine in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield TantivyEngine(Path(folder) / "index", fingerprint="parity")


@contextmanager
def cluster_engine(access: Access, shards: int) -> Iterator[OpenSearchEngine]:
    """Yield an empty engine in the cluster, under a name of its own, that leaves nothing behind."""
    layout = Layout(
        name=f"parity{secrets.token_hex(4)}", fingerprint="parity", shards=shards, replicas=0
    )
    engine = OpenSearchEngine(access, layout)
    try:
        yield engine
    finally:
        engine.close()
        cluster = client.Cluster(access)
        for index in cluster.ask("GET", f"/{layout.name}-*", expand_wildcards="all"):
            cluster.ask("DELETE", f"/{index}")
        cluster.close()


def fill(engine: Engine, documents: Sequence[Document]) -> None:
    """Build an engine's index of documents."""
    with engine.rebuild() as writer:
        for start in range(0, len(documents), STEP):
            writer.apply(documents[start : start + STEP], (), version=1)


def build_all(posts: Sequence[BenchPost], analyzers: Analyzers) -> Iterator[Document]:
    """Yield the documents of posts; some get a file, an audience and a chat's name."""
    for number, bench in enumerate(posts, start=1):
        kind = _KINDS[number % len(_KINDS)]
        post = Post(
            id=bench.id,
            at=datetime.fromtimestamp(bench.at_s, UTC),
            text=bench.text,
            views=number * 7 % 3_000,
            media=() if kind is None else (Media(kind=kind, file_name=f"{number}.bin"),),
        )
        yield _build(PostKey(number), bench.chat, post, analyzers)


def _build_labelled(
    documents: Sequence[LabelledDocument], analyzers: Analyzers
) -> Iterator[Document]:
    for number, document in enumerate(documents, start=1):
        post = Post(id=number, at=_AT, text=document.whole)
        yield _build(PostKey(number), 0, post, analyzers)


def _build(key: PostKey, number: int, post: Post, analyzers: Analyzers) -> Document:
    chat = Chat(
        key=ChatKey(number + 1),
        kind=ChatKind.CHANNEL,
        title=f"频道{number}",
        visibility=Visibility.PUBLIC,
    )
    stored = StoredPost(
        key=key, chat=chat.key, post=post, observed_at=post.at, first_seen_at=post.at
    )
    return build_document(stored, chat, analyzers, zone=ZONE)


if __name__ == "__main__":
    main()
