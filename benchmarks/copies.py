"""python -m benchmarks.copies: how well copies are told, and what it costs.

Everything goes through the store and the flow, as in an archive. What was chosen on which half:
docs/guide/copies.md.
"""

import gzip
import itertools
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import msgspec
from rich.table import Table

from benchmarks.dressing import KINDS, START, Dressed, dress_posts, make_channels
from benchmarks.probes import ROOT
from soso.cli.terminal import out
from soso.evaluation.sets import Half, half_of
from soso.flows.cluster import cluster_changes
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import ChatKey, Peer, PeerKind, post_doc
from soso.model.post import Post
from soso.ports.store import Store
from soso.stores.sql.store import SqlStore

BASES: Final = 600
LENGTHS: Final = (24, 45, 80, 110, 160, 240, 400, 650)
UNLIKE: Final = ("lcqmc", "zhihu_edits", "channel_story_pairs")
MOST_STEP: Final = 8
F1, RECALL, WRONG, SPEED = 0.97, 0.90, 0.01, 3_000.0


class Row(NamedTuple):
    """A line of the table. goal: None where there is none; above: the goal is a floor."""

    name: str
    value: float
    posts: int
    goal: float | None = None
    above: bool = True


@click.command()
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=ROOT.parent / "shared",
    help="Folder with the labelled sets. [default: ../shared]",
)
@click.option("--half", type=click.Choice([half.value for half in Half]), default="report")
@click.option("--sizes", default="", help="Measure the cost too, at these numbers of posts.")
@click.option("--cost-only", is_flag=True, help="Measure nothing but that.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(shared: Path, half: str, sizes: str, cost_only: bool, as_json: bool) -> None:
    """Measure how well copies are told on dressed posts and labelled pairs, and what it costs."""
    wanted = Half(half)
    rows: list[Row] = []
    if not cost_only:
        rows += measure_dressed(shared / "eval", wanted)
        rows += measure_pairs(shared / "eval", wanted)
    for size in filter(None, sizes.split(",")):
        rows += measure_cost(shared / "eval", int(size))
    if as_json:
        click.echo(msgspec.json.encode([row._asdict() for row in rows]).decode())
    else:
        out().print(_table(rows, half))
    missed = [row for row in rows if row.goal is not None and not _reached(row)]
    sys.exit(1 if missed else 0)


def measure_dressed(folder: Path, half: Half) -> Iterator[Row]:
    """Yield pairwise F1 for each dressing alone and for all together."""
    texts = _bases(folder, half)
    seed = 1 if half is Half.CHOOSE else 2
    for name, kinds in (*((kind, (kind,)) for kind in KINDS), ("together", KINDS)):
        dressed = dress_posts(texts, seed, kinds=kinds)
        with filled(_by_channel(dressed, seed)) as (store, keys):
            cluster_changes(store)
            docs = {number: post_doc(key) for number, key in keys.items()}
            heads = store.clusters_of(list(docs.values()))
            found = {number: int(heads.get(doc, doc)) for number, doc in docs.items()}
        truth = {one.post.id: one.base for one in dressed}
        yield Row(f"dressed, {name}: F1", pairwise_f1(truth, found), len(dressed), F1)


def measure_pairs(folder: Path, half: Half) -> Iterator[Row]:
    """Yield recall on reprints, and how many pairs that are no copies are called copies."""
    called, count = _called(folder, "news_reprints", 1, half)
    yield Row("news_reprints: recall", called / count, count, RECALL)
    for name in UNLIKE:
        called, count = _called(folder, name, 0, half)
        yield Row(f"{name}, label 0: called copies", called / count, count, WRONG, above=False)


def measure_cost(folder: Path, size: int) -> Iterator[Row]:
    """Yield posts a second, bytes a post and peak memory of clustering so many posts."""
    texts = list(_news(folder))
    with filled(_load(texts, size)) as (store, keys):
        before = store.size_bytes()
        begun, worked = time.perf_counter(), time.process_time()
        cluster_changes(store)
        took, worked = time.perf_counter() - begun, time.process_time() - worked
        yield Row(f"{size:,} posts: clustered, posts/s", size / took, size, SPEED)
        yield Row(f"{size:,} posts: clustered, posts/s of one core's time", size / worked, size)
        yield Row(f"{size:,} posts: bytes a post", (store.size_bytes() - before) / size, size)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Row(f"{size:,} posts: peak memory of the whole run, MB", peak, size)
        clustered, clusters = store.count_copies()
        yield Row(f"{size:,} posts: posts with copies", clustered, size)
        yield Row(f"{size:,} posts: clusters of two and more", clusters, size)
        docs = [post_doc(key) for key in list(keys.values())[:500]]
        store.clusters_of(docs)
        begun = time.perf_counter()
        heads = store.clusters_of(docs)
        asked = time.perf_counter() - begun
        store.cluster_sizes(set(heads.values()))
        sized = time.perf_counter() - begun - asked
        yield Row(f"{size:,} posts: clusters of 500, ms", asked * 1e3, 500, 2.0, above=False)
        yield Row(f"{size:,} posts: sizes of those, ms", sized * 1e3, 500)


def pairwise_f1(truth: dict[int, int], found: dict[int, int]) -> float:
    """Return F1 over pairs of posts: together in truth, together as found."""
    both = _pairs(Counter((truth[key], found[key]) for key in truth))
    expected, made = _pairs(Counter(truth.values())), _pairs(Counter(found.values()))
    return 2 * both / (expected + made) if expected + made else 1.0


def _pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _called(folder: Path, name: str, label: int, half: Half) -> tuple[int, int]:
    """Return how many pairs of a set are in one cluster, and how many there are."""
    pairs = [
        (one["a"], one["b"])
        for one in _read(folder / name / "pairs.jsonl.gz")
        if one["label"] == label and (half is Half.ALL or half_of(one["a"]) is half)
    ]
    posts = [
        (side, Post(id=2 * place + side + 1, at=START + timedelta(minutes=place), text=text))
        for place, pair in enumerate(pairs)
        for side, text in enumerate(pair)
    ]
    called = 0
    with filled(
        [(f"{name}{side}", [one for at, one in posts if at == side]) for side in (0, 1)]
    ) as (
        store,
        keys,
    ):
        cluster_changes(store)
        rows = store.find_rows(list(keys.values()))
        for place in range(len(pairs)):
            one, other = (rows.get(keys[2 * place + side + 1]) for side in (0, 1))
            called += one is not None and other is not None and one.head == other.head
    return called, len(pairs)


@contextmanager
def filled(chats: Iterable[tuple[str, list[Post]]]) -> Iterator[tuple[Store, dict[int, Any]]]:
    """Give a store with the posts of channels, and the key of each post by its number."""
    with tempfile.TemporaryDirectory(prefix="soso-copies-") as folder:
        store = SqlStore(f"sqlite:///{folder}/archive.db")
        at = START + timedelta(days=900)
        keys: dict[int, Any] = {}
        for number, (name, posts) in enumerate(chats):
            chat = store.add_chat(
                ChatSighting(
                    peer=Peer(kind=PeerKind.CHANNEL, id=1_000 + number),
                    kind=ChatKind.CHANNEL,
                    title=name,
                    username=name,
                    is_public=True,
                ),
                at,
            )
            for start in range(0, len(posts), 1_000):
                run = tuple(posts[start : start + 1_000])
                batch = Batch(chat=ChatSighting(), observed_at=at, posts=run)
                store.apply(chat.key, batch, source="benchmark", at=at)
            keys |= _keys(store, chat.key, posts)
        try:
            yield store, keys
        finally:
            store.close()


def _keys(store: Store, chat: ChatKey, posts: Sequence[Post]) -> dict[int, Any]:
    return {stored.post.id: stored.key for stored in store.iter_posts(chat)}


def _by_channel(dressed: Sequence[Dressed], seed: int) -> Iterator[tuple[str, list[Post]]]:
    for channel in make_channels(seed):
        yield channel.name, [one.post for one in dressed if one.channel == channel.number]


def _load(texts: Sequence[str], size: int) -> Iterator[tuple[str, list[Post]]]:
    """Yield 100 channels; a third of their posts have been posted by others, before or after."""
    chats = 100
    different = _slices(texts, size - size // 3)
    for number in range(chats):
        posts = []
        for place in range(number, size, chats):
            text = different[place // 3 if place % 3 == 0 else place - place // 3 - 1]
            if place % 6 == 3:
                text = f"快讯：{text[:15]}\n\n{text}"
            at = START + timedelta(minutes=place * 7919 % size)
            signed = f"{text}\n\n📢 订阅 @channel_{number}"
            posts.append(Post(id=place + 1, at=at, text=signed))
        yield f"channel_{number}", posts


def _slices(texts: Sequence[str], count: int) -> list[str]:
    """Return texts of 40 to 260 letters that have nothing in common.

    When the articles are used up they are read backwards, then every second letter of them, every
    third, and so on: letters as frequent, other runs of them.
    """
    made: list[str] = []
    rng = random.Random(0)
    for step, back in itertools.product(range(1, MOST_STEP + 1), (1, -1)):
        for place, text in itertools.product(range(step), texts):
            rest = text[::back][place::step]
            while len(rest) > 40 and len(made) < count:
                length = rng.randint(40, 260)
                made.append(rest[:length])
                rest = rest[length:]
    if len(made) < count:
        raise click.UsageError(f"there is text for {len(made) * 3 // 2:,} posts at most")
    return made


def _bases(folder: Path, half: Half) -> list[str]:
    """Return texts of many lengths, one of an article, that begin differently."""
    texts: dict[str, str] = {}
    for place, text in enumerate(_news(folder)):
        if half is not Half.ALL and half_of(text) is not half:
            continue
        cut = text[: LENGTHS[place % len(LENGTHS)]]
        texts.setdefault(cut[:20], cut)
        if len(texts) >= BASES:
            break
    return list(texts.values())


def _news(folder: Path) -> Iterator[str]:
    return (one["text"] for one in _read(folder / "load_news" / "corpus.jsonl.gz"))


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _reached(row: Row) -> bool:
    if row.goal is None:
        return True
    return row.value >= row.goal if row.above else row.value <= row.goal


def _table(rows: Sequence[Row], half: str) -> Table:
    table = Table(title=f"Copies, half {half!r}")
    for name in ("what", "value", "of", "goal", ""):
        table.add_column(name, justify="left" if name in ("what", "") else "right")
    for row in rows:
        goal = "" if row.goal is None else f"{'≥' if row.above else '≤'} {row.goal:g}"
        told = "" if row.goal is None else ("reached" if _reached(row) else "missed")
        value = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:.4f}"
        table.add_row(row.name, value, f"{row.posts:,}", goal, told)
    return table


if __name__ == "__main__":
    main()
