"""python -m benchmarks.alerts: what 10,000 saved queries cost against 1,000 posts.

Three times are told. ours: what the worker does with a batch, from the stored posts to who is to
be told. bare: an index of the batch in Tantivy's memory, asked every query by a loop, compiled
before and kept; it makes the same hits, which is checked. compiled: the same, compiling each time.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
import msgspec
import tantivy

from benchmarks.posts import BenchPost, iter_posts
from benchmarks.probes import ROOT
from benchmarks.queries import make_queries
from benchmarks.stage import find_sources
from soso.alerts.demand import demand_of
from soso.alerts.matcher import Questions
from soso.alerts.watch import Door, Owner, Watch
from soso.cli.terminal import out
from soso.engines.tantivy.compile import compile_unscored
from soso.engines.tantivy.document import build_native
from soso.engines.tantivy.mapping import build_schema
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.ids import ChatKey, PostKey
from soso.model.post import Post, StoredPost
from soso.query.clauses import Clause
from soso.query.plan import Context
from soso.ranking.weights import BOOSTS
from soso.schema.build import build_document
from soso.schema.document import Document
from soso.schema.fields import DOC
from soso.text.analyzers import Analyzers, load_analyzers

POSTS: Final = 1_000
WATCHES: Final = 10_000
TIMES: Final = 5
GOAL_S: Final = 0.5
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_EXTRAS: Final = ("", "", "", "-广告", "kind:link", "after:7d", "has:link OR 视频")


@click.command()
@click.option("--posts", default=POSTS, show_default=True, type=click.IntRange(10))
@click.option("--watches", default=WATCHES, show_default=True, type=click.IntRange(10))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT.parent / "shared",
    help="Folder with real text. [default: ../shared; without it the posts are made up]",
)
def main(posts: int, watches: int, as_json: bool, shared: Path) -> None:
    """Match saved queries with a batch of posts, beside the bare loop of the engine."""
    analyzers = load_analyzers()
    sources = find_sources(shared)
    made = list(iter_posts(posts, news=sources.news))
    stored = [_stored(number, post) for number, post in enumerate(made, 1)]
    queries = make_queries([post.text for post in made], each=watches, log=sources.log)
    figures: dict[str, object] = {"posts": posts, "watches": watches, "text": sources.named}
    for kind, texts in (("two words", queries["two words"]), ("mixed", _mixed(queries, watches))):
        figures |= {f"{kind}: {name}": value for name, value in _measure(stored, texts, analyzers)}
    if as_json:
        out().print_json(msgspec.json.encode(figures).decode())
        return
    for name, figure in figures.items():
        out().print(f"{name:44} {figure}", markup=False)
    out().print(f"goal: ours in all below {GOAL_S * 1000:.0f} ms", markup=False)


def _mixed(queries: Any, watches: int) -> list[str]:
    """Queries of all kinds, some of them narrowed as people narrow them."""
    kinds = list(queries.values())
    return [
        f"{kinds[n % len(kinds)][n]} {_EXTRAS[n % len(_EXTRAS)]}".strip() for n in range(watches)
    ]


def _measure(
    stored: Sequence[StoredPost], texts: Sequence[str], analyzers: Analyzers
) -> list[tuple[str, object]]:
    context = Context(now=_NOW, zone=_ZONE, chats={})
    clauses, planned_s = _timed(
        lambda: [demand_of(_watch(text), analyzers, BOOSTS, context) for text in texts], times=1
    )
    questions = Questions()
    _, added_s = _timed(lambda: _put(questions, clauses), times=1)
    documents, built_s = _timed(lambda: _build(stored, analyzers))
    ours, matched_s = _timed(lambda: questions.match(documents))
    schema = build_schema()
    native, compiled_s = _timed(lambda: [compile_unscored(c, schema) for c in clauses], times=1)
    index, indexed_s = _timed(lambda: _index(documents, schema))
    theirs, asked_s = _timed(lambda: _ask(index, native), times=2)
    if {number: sorted(docs) for number, docs in ours.items()} != theirs:
        raise click.ClickException("the two do not find the same: something is wrong")
    return [
        ("ours, posts to documents, ms", _ms(built_s)),
        ("ours, documents to hits, ms", _ms(matched_s)),
        ("ours, in all, ms", _ms(built_s + matched_s)),
        ("bare, index in memory, ms", _ms(indexed_s)),
        ("bare, asking every query, ms", _ms(asked_s)),
        ("bare, in all, ms", _ms(built_s + indexed_s + asked_s)),
        ("bare, compiling as well, ms", _ms(built_s + indexed_s + asked_s + compiled_s)),
        ("once, at the start: reading queries, ms", _ms(planned_s + added_s)),
        ("hits", sum(map(len, ours.values()))),
    ]


def _put(questions: Questions, clauses: Sequence[Clause]) -> None:
    for number, clause in enumerate(clauses):
        questions.put(number, clause)


def _timed(call: Callable[[], Any], *, times: int = TIMES) -> tuple[Any, float]:
    """Return what the call gives and the best of some times, in seconds."""
    best, found = float("inf"), None
    for _ in range(times):
        started = time.perf_counter()
        found = call()
        best = min(best, time.perf_counter() - started)
    return found, best


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _watch(text: str) -> Watch:
    owner = Owner(door=Door.BOT, id="1")
    return Watch(owner=owner, text=text, created_at=_NOW, since=_NOW)


def _stored(number: int, post: BenchPost) -> StoredPost:
    at = _NOW - timedelta(minutes=number * 10)
    return StoredPost(
        key=PostKey(number),
        chat=ChatKey(post.chat + 1),
        post=Post(id=post.id, at=at, text=post.text),
        observed_at=_NOW,
        first_seen_at=_NOW,
    )


def _build(stored: Sequence[StoredPost], analyzers: Analyzers) -> list[Document]:
    chats = {
        post.chat: Chat(
            key=post.chat,
            kind=ChatKind.CHANNEL,
            title=f"频道 {post.chat}",
            visibility=Visibility.PUBLIC,
        )
        for post in stored
    }
    return [build_document(one, chats[one.chat], analyzers, zone=_ZONE) for one in stored]


def _index(documents: Sequence[Document], schema: tantivy.Schema) -> tantivy.Index:
    index = tantivy.Index(schema)
    writer = index.writer(15_000_000, 1)
    for document in documents:
        writer.add_document(build_native(document))
    writer.commit()
    index.reload()
    return index


def _ask(index: tantivy.Index, queries: Sequence[tantivy.Query]) -> dict[int, list[int]]:
    searcher = index.searcher()
    found: dict[int, list[int]] = {}
    limit = max(searcher.num_docs, 1)
    for number, query in enumerate(queries):
        # Without a limit near the hits most of the time goes into room for all of the batch.
        hits: Any = searcher.search(query, limit=20)
        if hits.count > len(hits.hits):
            hits = searcher.search(query, limit=limit)
        if hits.hits:
            addresses = [address for _, address in hits.hits]
            values: list[Any] = searcher.fast_field_values(DOC, addresses)
            found[number] = sorted(values)
    return found


if __name__ == "__main__":
    main()
