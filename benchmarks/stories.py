"""python -m benchmarks.stories: how well stories are told, beside two other ways, and what it costs.

Ours goes through the store and the flows, as in an archive. Everybody's settings are chosen on one
half of the judged stories and reported on the other: docs/guide/stories.md.
"""

import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import click
import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from benchmarks.grouping import News, Score, dbscan, f1, load_news, read_rows, score, single_pass
from benchmarks.posts import CHATS, iter_posts
from benchmarks.probes import ROOT
from soso.cli.terminal import err, out
from soso.embedders.e5 import load_e5
from soso.evaluation.sets import Half
from soso.flows.cluster import cluster_changes
from soso.flows.lay_out import CardMaker
from soso.flows.read_stories import StoryReading, list_stories
from soso.flows.tell_stories import StoryTeller
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey, post_doc
from soso.model.post import Post
from soso.ports.vectors import DocVectors
from soso.similarity.vectors import pack_vectors, unpack_vectors
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import Analyzers, load_analyzers

NOW: Final = datetime(2027, 1, 1, tzinfo=UTC)
SAME: Final = 3.0
"""From this grade on two news of semeval2022_news tell of one event."""

MODEL: Final = "bench"
T = TypeVar("T")
Packed = NDArray[np.int8]


class Line(NamedTuple):
    """A line of the answer."""

    name: str
    of: int
    values: dict[str, float]


@click.command()
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=ROOT.parent / "shared",
    help="Folder with the labelled sets. [default: ../shared]",
)
@click.option(
    "--models",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the e5 model; without it nothing is told by vectors.",
)
@click.option("--sizes", default="", help="Measure the cost at these numbers of posts instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(shared: Path, models: Path | None, sizes: str, as_json: bool) -> None:
    """Measure stories on labelled news and pairs, or what they cost."""
    folder = shared / "eval"
    if sizes:
        lines = [measure_cost(folder, int(size)) for size in sizes.split(",")]
    else:
        lines = [*measure_news(folder, models), *measure_pairs(folder, models)]
    if as_json:
        click.echo(json.dumps([line._asdict() for line in lines], ensure_ascii=False))
    else:
        out().print(_table(lines))


def measure_news(folder: Path, models: Path | None) -> Iterator[Line]:
    """Yield each method's measures on the half that is reported."""
    news = load_news(folder / "channel_story")
    analyzers = load_analyzers()
    judged = sum(one.story is not None for one in news)
    packed = _embed(models, [one.whole for one in news])

    words = [analyzers.words(one.whole) for one in news]
    best = _choose(
        news,
        product((0.2, 0.25, 0.3, 0.35), (1, 3)),
        lambda need, days: single_pass(news, words, need=need, days=int(days)),
    )
    yield _line("single pass, TF-IDF", judged, best)
    three = [(need, 3.0) for need in (0.2, 0.25, 0.3, 0.35)]
    best = _choose(
        news, three, lambda need, days: single_pass(news, words, need=need, days=int(days))
    )
    yield _line("single pass, TF-IDF", judged, best)  # as many days as ours
    if packed is not None:
        vectors = unpack_vectors(packed)
        best = _choose(
            news,
            product((0.05, 0.06, 0.07, 0.08), (1, 3)),
            lambda eps, days: dbscan(news, vectors, eps=eps, days=int(days)),
        )
        yield _line("DBSCAN over vectors", judged, best)
    pairs = _judged_pairs(folder)
    for name, of_posts in (("ours, words", None), ("ours, words and vectors", packed)):
        if of_posts is None and name != "ours, words":
            continue
        groups = _tell_news(news, analyzers, of_posts)
        yield _line(name, judged, ("", score(news, groups, Half.REPORT)))
        yield _judge_pairs(f"channel_story_pairs, {name}", news, groups, pairs)


def measure_pairs(folder: Path, models: Path | None) -> Iterator[Line]:
    """Yield how many pairs of semeval2022_news are rightly told as one story, a pair a fortnight."""
    rows = list(read_rows(folder / "semeval2022_news" / "pairs.jsonl.gz"))
    analyzers = load_analyzers()
    start = datetime(2010, 1, 1, tzinfo=UTC)
    news = [
        News(name, start + timedelta(days=14 * place), "", row[name], None)
        for place, row in enumerate(rows)
        for name in ("a", "b")
    ]
    packed = _embed(models, [one.text for one in news])
    for name, of_posts in (("words", None), ("words and vectors", packed)):
        if of_posts is None and name != "words":
            continue
        groups = _tell_news(news, analyzers, of_posts)
        joined = [groups[2 * place] == groups[2 * place + 1] for place in range(len(rows))]
        same = [row["label"] >= SAME for row in rows]
        right = sum(a and b for a, b in zip(joined, same, strict=True))
        precision, recall = right / max(sum(joined), 1), right / sum(same)
        values = {"precision": precision, "recall": recall, "f1": f1(precision, recall)}
        yield Line(f"semeval2022_news, ours, {name}", len(rows), values)


def measure_cost(folder: Path, size: int) -> Line:
    """Return what telling so many posts costs, and a list of stories after it."""
    analyzers = load_analyzers()
    corpus = folder / "load_news" / "corpus.jsonl.gz"
    bench = iter_posts(size, news=corpus if corpus.exists() else None)
    with _opened() as store:
        chats = [_add_chat(store, number) for number in range(CHATS)]
        for run in _runs(bench, 5_000):
            of_chat: dict[int, list[Post]] = {}
            for one in run:
                at = datetime.fromtimestamp(one.at_s, UTC)
                of_chat.setdefault(one.chat, []).append(Post(id=one.id, at=at, text=one.text))
            for chat, posts in of_chat.items():
                _put(store, chats[chat], chat, posts)
        cluster_changes(store)
        before_mb = _peak_mb()
        teller = StoryTeller(store, analyzers, lambda: None)
        begun = time.perf_counter()
        taken_s = 0.0
        while not (report := teller.step()).is_idle:
            if report.taken:
                taken_s = time.perf_counter() - begun
        whole_s = time.perf_counter() - begun
        needs = StoryReading(store, CardMaker(store, analyzers, sensitive=False), UTC, False)
        times = []
        for _ in range(20):
            begun = time.perf_counter()
            list_stories(needs, limit=6)
            times.append((time.perf_counter() - begun) * 1e3)
        values = {
            "posts/s": size / whole_s,
            "taken in/s": size / taken_s,
            "told/s": size / (whole_s - taken_s),
            "MB more": _peak_mb() - before_mb,
            "MB peak": _peak_mb(),
            "home p50 ms": sorted(times)[10],
            "stories": float(len(store.list_stories(limit=1_000_000))),
        }
    return Line(f"{size:,} posts", size, values)


def _choose(
    news: Sequence[News],
    settings: Iterable[tuple[float, float]],
    method: Callable[[float, float], list[int]],
) -> tuple[str, Score]:
    """Return the setting that is best on the one half, and its score on the other."""
    best: tuple[float, str, Score] | None = None
    for need, days in settings:
        groups = method(need, days)
        chosen = score(news, groups, Half.CHOOSE)
        value = chosen.b3[2] + chosen.pairs[2]
        if best is None or value > best[0]:
            best = (value, f"{need:g}, {days:g} days", score(news, groups, Half.REPORT))
    assert best is not None
    return best[1:]


def _tell_news(news: Sequence[News], analyzers: Analyzers, packed: Packed | None) -> list[int]:
    """Return the story of each post as an archive tells it; a number of its own where it is alone."""
    with _opened() as store:
        sources = {name: n for n, name in enumerate(dict.fromkeys(one.source for one in news))}
        keys: dict[int, PostKey] = {}
        for name, number in sources.items():
            chat = _add_chat(store, number)
            own = [place for place, one in enumerate(news) if one.source == name]
            for run in _runs(own, 1_000):
                posts = [
                    Post(id=place + 1, at=news[place].at, text=news[place].whole) for place in run
                ]
                _put(store, chat, number, posts)
                found = store.find_posts(chat, [place + 1 for place in run])
                keys |= {place: found[place + 1].key for place in run}
        cluster_changes(store)
        if packed is not None:
            rows = [
                DocVectors(doc=post_doc(key), mark=b"b", packed=packed[place].tobytes())
                for place, key in keys.items()
            ]
            store.put_vectors(MODEL, rows)
        model = (MODEL, packed.shape[1]) if packed is not None else None
        teller = StoryTeller(store, analyzers, lambda: model)
        while not teller.step().is_idle:
            pass
        measure = store.load_measure()
        err().print(f"need {measure.need if measure is not None else 0:.3f}")
        told = store.find_told(keys.values())
        return [
            story if key in told and (story := told[key].story) is not None else -key
            for _, key in sorted(keys.items())
        ]


def _judged_pairs(folder: Path) -> list[dict[str, Any]]:
    return list(read_rows(folder / "channel_story_pairs" / "pairs.jsonl.gz"))


def _judge_pairs(
    name: str, news: Sequence[News], groups: Sequence[int], pairs: Sequence[dict[str, Any]]
) -> Line:
    """Return how many pairs of each label are in one story."""
    places = {one.whole: place for place, one in enumerate(news)}
    joined: dict[int, list[bool]] = {0: [], 1: []}
    for row in pairs:
        if row["a"] in places and row["b"] in places:
            one, other = groups[places[row["a"]]], groups[places[row["b"]]]
            joined[int(row["label"])].append(one == other)
    values = {f"label {label} joined": float(np.mean(found)) for label, found in joined.items()}
    return Line(name, sum(map(len, joined.values())), values)


def _embed(models: Path | None, texts: Sequence[str]) -> Packed | None:
    """Return one packed vector of each text, of its beginning."""
    if models is None:
        return None
    embedder = load_e5(models, threads=2)
    parts = []
    for run in _runs(texts, 500):
        parts.append(pack_vectors(embedder.embed_posts([embedder.passages(t)[0] for t in run])))
    return np.concatenate(parts)


def _runs(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while run := list(islice(iterator, size)):
        yield run


@contextmanager
def _opened() -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{Path(folder) / 'archive.sqlite'}")
        try:
            yield store
        finally:
            store.close()


def _sighting(number: int) -> ChatSighting:
    peer = Peer(kind=PeerKind.CHANNEL, id=1_000 + number)
    return ChatSighting(
        peer=peer, kind=ChatKind.CHANNEL, title=f"频道{number}", username=None, is_public=True
    )


def _add_chat(store: SqlStore, number: int) -> ChatKey:
    return store.add_chat(_sighting(number), NOW).key


def _put(store: SqlStore, chat: ChatKey, number: int, posts: Sequence[Post]) -> None:
    batch = Batch(chat=_sighting(number), observed_at=NOW, posts=tuple(posts))
    store.apply(chat, batch, source="bench", at=NOW)


def _line(name: str, judged: int, found: tuple[str, Score]) -> Line:
    chosen, of = found
    names = ("B3 P", "B3 R", "B3 F1", "pair P", "pair R", "pair F1")
    values = dict(zip(names, (*of.b3, *of.pairs), strict=True))
    return Line(f"{name} ({chosen})" if chosen else name, judged, values)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _table(lines: Sequence[Line]) -> Table:
    table = Table("what", "of", "measures", box=None)
    for line in lines:
        values = "  ".join(
            f"{name} {value:,.0f}" if value >= 10 else f"{name} {value:.3f}"
            for name, value in line.values.items()
        )
        table.add_row(line.name, f"{line.of:,}", values)
    return table


if __name__ == "__main__":
    main()
