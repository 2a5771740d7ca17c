"""What it costs to take posts in: speed, memory, room on the disk."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from benchmarks.exports import write_rows
from benchmarks.figures import Figure
from benchmarks.probes import Built, folder_bytes, run_child
from benchmarks.stage import Stage, Told
from soso.bootstrap import open_app
from soso.config import load_settings

WHOOSH_POSTS: Final = 30_000
"""More would only take longer: it grows slower with size, not faster."""

IMPORT: Final = "import to searchable"
MEMORY: Final = "peak memory of the import"
OF_WHOOSH: Final = 5.0
OF_BARE: Final = 0.35
MIB: Final = 2**20


def measure_building(stage: Stage, *, with_whoosh: bool, told: Told) -> Iterator[Figure]:
    """Build the archive and its peers, which later measurements use, and yield what it took."""
    told("import to searchable")
    ours = run_child("soso", str(stage.export), str(stage.archive))
    if ours.posts != stage.size:
        raise RuntimeError(f"{ours.posts} of {stage.size} posts were imported")
    told("the bare loop")
    bare = run_child("bare", str(stage.rows), str(stage.bare))
    told("SQLite FTS5, trigrams")
    trigram = run_child("trigram", str(stage.rows), str(stage.trigram))
    told("SQLite FTS5, our words")
    run_child("words", str(stage.rows), str(stage.words))
    if with_whoosh:
        told("Whoosh with jieba")
        whoosh = _whoosh(stage)
        yield _speed(stage, ours, f"Whoosh, jieba ({whoosh.posts:,})", whoosh, OF_WHOOSH)
    yield _speed(stage, ours, "SQLite FTS5, trigrams", trigram, None)
    yield _speed(stage, ours, "bare loop, no store", bare, OF_BARE)
    for name, built in (("SQLite FTS5, trigrams", trigram), ("bare loop, no store", bare)):
        yield Figure(
            posts=stage.size,
            what=MEMORY,
            unit="MiB",
            ours=ours.peak_bytes / MIB,
            peer=name,
            theirs=built.peak_bytes / MIB,
        )
    yield from _room(stage)


def _whoosh(stage: Stage) -> Built:
    rows = stage.rows.with_name("whoosh.jsonl")
    write_rows(islice(stage.posts, WHOOSH_POSTS), rows)
    return run_child("whoosh", str(rows), str(stage.whoosh))


def _speed(stage: Stage, ours: Built, peer: str, theirs: Built, goal: float | None) -> Figure:
    return Figure(
        posts=stage.size,
        what=IMPORT,
        unit="posts/s",
        ours=ours.rate,
        peer=peer,
        theirs=theirs.rate,
        more_is_better=True,
        goal=goal,
        goal_of_ratio=goal is not None,
    )


def _room(stage: Stage) -> Iterator[Figure]:
    with open_app(load_settings(data=stage.archive, store_url="")) as app:
        status = app.status()
    yield Figure(
        posts=stage.size,
        what="index",
        unit="MiB",
        ours=status.index_bytes / MIB,
        peer="raw text (goal: 3 times)",
        theirs=stage.text_bytes / MIB,
        goal=1 / 3,
        goal_of_ratio=True,
    )
    yield Figure(
        posts=stage.size,
        what="index and store",
        unit="MiB",
        ours=(status.index_bytes + status.store_bytes) / MIB,
        peer="SQLite FTS5, trigrams",
        theirs=folder_bytes(stage.trigram) / MIB,
    )
