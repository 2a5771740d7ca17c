"""python -m benchmarks: one table, each row beside a peer measured in the same run."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import msgspec

from benchmarks.building import measure_building
from benchmarks.figures import Figure, build_json, build_table
from benchmarks.probes import ROOT
from benchmarks.searching import measure_searching
from benchmarks.serving import measure_serving
from benchmarks.stage import Sources, Stage, Told, find_sources
from soso.cli.terminal import err, out, progress

SIZES: Final = (30_000, 100_000, 300_000)
QUICK: Final = (3_000,)
CALLS: Final = 200
QUICK_CALLS: Final = 20
WIDTH: Final = 130  # a table that is folded can't be read


@click.command()
@click.option("--sizes", help="Numbers of posts, joined by commas. [default: 30000,100000,300000]")
@click.option("--quick", is_flag=True, help="3,000 posts and few queries: shows that it works.")
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write FILE.")
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT.parent / "shared",
    help="Folder with real text. [default: ../shared; without it the posts are made up]",
)
def main(sizes: str | None, quick: bool, file: Path | None, shared: Path) -> None:
    """Measure what Soso costs beside its peers and print one table.

    Files are made in the temporary folder (TMPDIR), about 1.5 GB at 300,000 posts, and removed.
    """
    counts = _counts(sizes) if sizes is not None else QUICK if quick else SIZES
    sources = find_sources(shared)
    figures: list[Figure] = []
    with progress(of_bytes=False) as bar:
        task = bar.add_task("", total=None, note="")
        for place, size in enumerate(counts):

            def told(doing: str, size: int = size) -> None:
                bar.update(task, description=f"{size:,} posts", note=doing)

            figures += _measure(
                size, sources, calls=QUICK_CALLS if quick else CALLS, first=not place, told=told
            )
    console = out()
    console.width = max(console.width, WIDTH)
    console.print(build_table(figures))
    missed = sum(one.reached is False for one in figures)
    err().print(f"text: {sources.named}; goals missed: {missed}")
    if file is not None:
        file.write_bytes(
            msgspec.json.format(msgspec.json.encode(build_json(figures, text=sources.named)))
        )


def _measure(
    size: int, sources: Sources, *, calls: int, first: bool, told: Told
) -> Iterator[Figure]:
    """Measure one size; Whoosh is built once, at the first."""
    with tempfile.TemporaryDirectory(prefix="soso-bench-") as folder:
        told("writing the posts")
        stage = Stage(Path(folder), size, sources, calls=calls)
        yield from measure_building(stage, with_whoosh=first, told=told)
        yield from measure_searching(stage, told=told)
        yield from measure_serving(stage, told=told)


def _counts(text: str) -> tuple[int, ...]:
    try:
        counts = tuple(int(part.replace("_", "")) for part in text.split(","))
    except ValueError:
        counts = ()
    if not counts or min(counts) < 100:
        raise click.BadParameter("numbers of at least 100, joined by commas, such as 30000,100000")
    return counts


if __name__ == "__main__":
    main()
