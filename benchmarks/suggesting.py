"""python -m benchmarks.suggesting: what suggestions cost at a million posts.

The posts are made up: titles of word pairs, few of them common and most rare, one in twenty with
the same beginning (a daily paper's), a tag on one in five, in 2,000 channels. They are written to a
store of their own in the temporary folder (TMPDIR; about 1 GB at a million) and removed.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

import click
import msgspec

from benchmarks.posts import FIRST_AT_S, TWO_YEARS_S, Piece, word_pairs
from soso.bootstrap import App, open_app
from soso.cli.terminal import err, out, progress
from soso.config import load_settings
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post

POSTS: Final = 1_000_000
CHATS: Final = 2_000
BATCH: Final = 2_000
CALLS: Final = 3_000
LENGTHS: Final = (1, 2, 3, 4, 6, 8)


@click.command()
@click.option("--posts", default=POSTS, show_default=True, type=click.IntRange(1_000))
@click.option("--calls", default=CALLS, show_default=True, help="How often each kind is asked.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the store here, and use the one that is there already.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def main(posts: int, calls: int, folder: Path | None, as_json: bool) -> None:
    """Fill a store, bring its suggestions up, and type beginnings of what is in it."""
    with (
        tempfile.TemporaryDirectory(prefix="soso-suggest-") as made,
        open_app(load_settings(data=folder or Path(made), embedder="none")) as app,
    ):
        figures: dict[str, object] = {"posts": posts}
        drawn = random.Random(7)
        if app.store.count_suggestions() == 0:
            figures |= build(app, posts, drawn)
        figures["entries"] = app.store.count_suggestions()
        figures |= measure(app, calls, drawn)
    if as_json:
        out().print_json(msgspec.json.encode(figures).decode())
        return
    for name, figure in figures.items():
        out().print(f"{name:28} {figure}", markup=False)
    err().print("goal: p99 of all below 10 ms")


def build(app: App, posts: int, drawn: random.Random) -> dict[str, object]:
    """Write the posts and bring the suggestions up to them; return how fast and how large."""
    with progress(of_bytes=False) as bar:
        task = bar.add_task("writing posts", total=posts, note="")
        started = time.perf_counter()
        for done in fill(app, posts, drawn):
            bar.update(task, completed=done)
        written_s = time.perf_counter() - started
        before = app.store.size_bytes()
        task = bar.add_task("suggestions", total=posts + CHATS, note="")
        started, worked = time.perf_counter(), time.process_time()
        followed = 0
        while done := app.offer_step():
            followed += done
            bar.update(task, completed=followed)
    return {
        "posts written a second": round(posts / written_s),
        "followed a second": round(posts / (time.perf_counter() - started)),
        "a second of the processor": round(posts / (time.process_time() - worked)),
        "posts, MiB": round(before / 2**20, 1),
        "suggestions, MiB": round((app.store.size_bytes() - before) / 2**20, 1),
    }


def fill(app: App, count: int, drawn: random.Random) -> Iterator[int]:
    """Write so many posts and yield how many are written."""
    piece = word_pairs(drawn)
    keys = []
    for number in range(CHATS):
        sighting = ChatSighting(
            peer=Peer(kind=PeerKind.CHANNEL, id=1_500_000_001 + number),
            kind=ChatKind.CHANNEL,
            title=f"{piece(4)[:4]}{number}" if number % 3 else piece(6)[:6],
            username=f"channel_{number}",
            members=int(drawn.lognormvariate(7, 2)),
            is_public=True,
        )
        keys.append((sighting, app.store.add_chat(sighting, app.clock.now()).key))
    now = app.clock.now()
    first = now - timedelta(seconds=now.timestamp() - FIRST_AT_S)
    weights = list(accumulate(1 / place for place in range(1, CHATS + 1)))
    for start in range(0, count, BATCH):
        sighting, key = drawn.choices(keys, cum_weights=weights)[0]
        posts = tuple(
            Post(
                id=number + 1,
                at=first + timedelta(seconds=number * TWO_YEARS_S // count),
                text=make_text(number, piece, drawn),
                views=int(drawn.lognormvariate(6, 2)),
            )
            for number in range(start, min(start + BATCH, count))
        )
        batch = Batch(chat=sighting, observed_at=now, posts=posts)
        app.store.apply(key, batch, source="benchmark", at=now)
        yield start + len(posts)


def make_text(number: int, piece: Piece, drawn: random.Random) -> str:
    """Return a post: a title on its first line, a body, perhaps a tag."""
    words = piece(drawn.randint(6, 24)).replace("，", " ")
    title = (
        f"每日早报 第{number}期：{words}" if number % 20 == 0 else f"{words}{drawn.randint(1, 999)}"
    )
    tag = f"\n#{piece(4)[:4]}" if drawn.random() < 0.2 else ""
    return f"{title}\n{piece(80)}{tag}"


def measure(app: App, calls: int, drawn: random.Random) -> dict[str, object]:
    """Type beginnings of titles, tags and names, of all lengths, whole and as a last word."""
    cards = app.list_newest(limit=2_000)
    titles = [card.title.text for card in cards if card.title.text]
    names = [row.chat.title for row in app.list_chats(limit=500)]
    typed: dict[str, list[str]] = {
        f"titles, {length} typed": [drawn.choice(titles)[:length] for _ in range(calls)]
        for length in LENGTHS
    }
    typed["the daily paper"] = ["每日早报 第"[: drawn.randint(3, 6)] for _ in range(calls)]
    typed["one Latin letter"] = [drawn.choice("abcdefghjklmnpqrstwxyz") for _ in range(calls)]
    typed["pinyin of a channel"] = [
        "".join(app.analyzers.pinyin(drawn.choice(names)))[: drawn.randint(2, 8)] or "a"
        for _ in range(calls)
    ]
    typed["two words"] = [
        f"{drawn.choice(titles)[:2]} {drawn.choice(titles)[:1]}" for _ in range(calls)
    ]
    figures: dict[str, object] = {}
    every: list[tuple[float, float]] = []
    for name, texts in typed.items():
        app.suggest(texts[0])
        took = [timed(app, text) for text in texts]
        every += took
        figures[f"{name}, ms"] = told(took)
    figures["all, ms"] = told(every)
    return figures


def told(took: list[tuple[float, float]]) -> str:
    """Return the middle, the 99th of 100 and the worst time, and the 99th of processor time: on a
    machine that others use the two differ."""
    walls, works = sorted(wall for wall, _ in took), sorted(work for _, work in took)
    middle, late = len(took) // 2, len(took) * 99 // 100
    return (
        f"p50 {walls[middle]:.2f}, p99 {walls[late]:.2f}, worst {walls[-1]:.2f};"
        f" of the processor {works[middle]:.2f}, {works[late]:.2f}"
    )


def timed(app: App, text: str) -> tuple[float, float]:
    """Return how many milliseconds a suggestion took, and how many of the processor."""
    started, worked = time.perf_counter(), time.thread_time()
    app.suggest(text)
    return (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000


if __name__ == "__main__":
    main()
