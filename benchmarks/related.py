"""python -m benchmarks.related: what related posts cost as the archive grows.

Each size is imported and indexed by a process of its own; then related posts
of a random sample are asked for in this one, by words alone: vectors of a million posts would take
hours to make. Time is the processor's, since these machines are shared, and the clock's beside it.
"""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click
import msgspec
from rich.table import Table

from benchmarks.exports import chat_id
from benchmarks.probes import ROOT, run_child
from benchmarks.stage import Stage, find_sources
from soso.bootstrap import App, open_app
from soso.cli.terminal import out
from soso.config import load_settings

ASKED: Final = 200
RUNS: Final = 3
ROWS: Final = 8
WARMING: Final = 20
GOAL_MS: Final = 15.0


class Cost(NamedTuple):
    """Milliseconds of a call, and what the process that asks takes in memory."""

    posts: int
    p50_ms: float
    p99_ms: float
    clock_p50_ms: float
    clock_p99_ms: float
    peak_mb: float


@click.command()
@click.option("--sizes", default="100000,300000,1000000", help="Numbers of posts.")
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT.parent / "shared",
    help="Folder with real text. [default: ../shared; without it the posts are made up]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(sizes: str, shared: Path, as_json: bool) -> None:
    """Measure related posts at several sizes of the archive."""
    costs = [measure(int(size), shared) for size in sizes.split(",")]
    if as_json:
        click.echo(msgspec.json.encode([cost._asdict() for cost in costs]).decode())
        return
    table = Table(title="Related posts, by words alone")
    for name in ("posts", "p50, ms", f"p99, ms (goal {GOAL_MS:g})", "p50, clock", "p99, clock"):
        table.add_column(name, justify="right")
    table.add_column("peak memory, MB", justify="right")
    for cost in costs:
        table.add_row(f"{cost.posts:,}", *(f"{value:.1f}" for value in cost[1:]))
    out().print(table)


def measure(size: int, shared: Path) -> Cost:
    """Build an archive of so many posts in the temporary folder, and ask it."""
    with tempfile.TemporaryDirectory(prefix="soso-related-") as folder:
        stage = Stage(Path(folder), size, find_sources(shared), calls=1)
        drawn = random.Random(0).sample(stage.posts, min(ASKED, size))
        asked = [(str(chat_id(post.chat)), post.id) for post in drawn]
        archive, export = stage.archive, stage.export
        stage.posts.clear()  # what is measured is the archive's memory
        run_child("soso", str(export), str(archive))
        with open_app(load_settings(data=archive, store_url="", embedder="none")) as app:
            return ask(app, asked, size)


def ask(app: App, asked: Sequence[tuple[str, int]], size: int) -> Cost:
    """Ask for each post's related posts, several times; of each post the best run counts."""
    for chat, number in asked[:WARMING]:
        app.get_related(chat, number, limit=ROWS)
    worked = _quantiles(_best(app, asked, time.process_time))
    took = _quantiles(_best(app, asked, time.perf_counter))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(size, *worked, *took, peak)


def _best(
    app: App, asked: Sequence[tuple[str, int]], clock: Callable[[], float]
) -> Iterator[float]:
    for chat, number in asked:
        best = float("inf")
        for _ in range(RUNS):
            begun = clock()
            app.get_related(chat, number, limit=ROWS)
            best = min(best, clock() - begun)
        yield best * 1e3


def _quantiles(times_ms: Iterator[float]) -> tuple[float, float]:
    rising = sorted(times_ms)
    return rising[len(rising) // 2], rising[min(len(rising) * 99 // 100, len(rising) - 1)]


if __name__ == "__main__":
    main()
