"""What a search and a list of related posts cost, inside one process."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

from benchmarks.exports import chat_id
from benchmarks.figures import Figure
from benchmarks.peers import ROWS, ScanPeer, WordPeer
from benchmarks.probes import Timing, time_calls
from benchmarks.queries import bare, mixed
from benchmarks.stage import Stage, Told
from soso.bootstrap import App, open_app
from soso.config import load_settings
from soso.query.results import SearchRequest

SCANNED: Final = 60
"""A scan takes tens of milliseconds whatever is asked, so fewer calls tell as much."""

WARMING: Final = 20
SEARCH_GOAL_MS: Final = 10.0
RELATED_GOAL_MS: Final = 5.0
GOAL_FROM: Final = 300_000  # the size that the goal of the search is set for
RELATED: Final = 8


def measure_searching(stage: Stage, *, told: Told) -> Iterator[Figure]:
    """Ask the archive that measure_building built, and its peers, the same queries."""
    with (
        open_app(load_settings(data=stage.archive, store_url="")) as app,
        closing(WordPeer(stage.word_file, app.analyzers.words)) as words,
    ):
        yield from _searches(stage, app, words, told)
        yield from _related(stage, app, words, told)


def _searches(stage: Stage, app: App, words: WordPeer, told: Told) -> Iterator[Figure]:
    def search(text: str) -> object:
        return app.search(SearchRequest(text=text, limit=ROWS, facets=False))

    def counted(text: str) -> object:
        return app.search(SearchRequest(text=text, limit=ROWS))

    queries = mixed(stage.queries)
    plain = [bare(query) for query in queries]
    told("search through the flow")
    ours = _warm(search, queries)
    told("search with facets")
    facets = _warm(counted, queries)
    told("search by the peers")
    by_words = _warm(words.search, plain)
    with closing(ScanPeer(stage.word_file)) as scan:
        scanned = time_calls(scan.search, plain[:SCANNED])
    goal = SEARCH_GOAL_MS if stage.size >= GOAL_FROM else None
    for peer, theirs in (("FTS5, our words", by_words), ("LIKE scan", scanned)):
        yield from _pair(stage, "search, 20 hits", ours, peer, theirs, goal)
    yield from _pair(stage, "search with facets", facets, "FTS5, our words", by_words, None)
    for kind, asked in stage.queries.items():
        told(f"search: {kind}")
        alone = time_calls(search, asked)
        others = time_calls(words.search, map(bare, asked))
        yield _one(stage, f"search: {kind}, p99", alone.p99_ms, "FTS5, our words", others.p99_ms)


def _related(stage: Stage, app: App, words: WordPeer, told: Told) -> Iterator[Figure]:
    told("related posts")
    drawn = random.Random(0).sample(stage.posts, min(stage.calls * 2, len(stage.posts)))
    texts = {f"{chat_id(post.chat)}/{post.id}": post.text for post in drawn}

    def related(name: str) -> object:
        chat, _, number = name.partition("/")
        return app.get_related(chat, int(number), limit=RELATED)

    ours = _warm(related, list(texts))
    theirs = _warm(words.search, list(texts.values()))
    peer = "FTS5, all words of the post"
    yield from _pair(stage, "related posts", ours, peer, theirs, RELATED_GOAL_MS)


def _warm(call: Callable[[str], object], arguments: list[str]) -> Timing:
    time_calls(call, arguments[:WARMING])
    return time_calls(call, arguments)


def _pair(
    stage: Stage, what: str, ours: Timing, peer: str, theirs: Timing, goal: float | None
) -> Iterator[Figure]:
    yield _one(stage, f"{what}, p50", ours.p50_ms, peer, theirs.p50_ms)
    yield _one(stage, f"{what}, p99", ours.p99_ms, peer, theirs.p99_ms, goal)


def _one(
    stage: Stage, what: str, ours: float, peer: str, theirs: float, goal: float | None = None
) -> Figure:
    return Figure(
        posts=stage.size, what=what, unit="ms", ours=ours, peer=peer, theirs=theirs, goal=goal
    )
