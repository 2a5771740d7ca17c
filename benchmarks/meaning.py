"""python -m benchmarks.meaning: what meaning costs beside words, in one run on one archive.

Embedding is measured on posts of the archive. For searches every post gets vectors, and making
300,000 takes an hour; so those of EMBEDDED posts are made and the others are theirs, moved a
little. Where a vector points does not change how long a scan takes.
"""

import tempfile
import threading
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import click
import msgspec
import numpy as np

from benchmarks.probes import ROOT, Timing, anonymous_bytes, run_child, time_calls
from benchmarks.queries import mixed
from benchmarks.stage import Stage, find_sources
from soso.bootstrap import App, open_app
from soso.cli.terminal import err, out
from soso.config import load_settings
from soso.model.errors import Unavailable
from soso.model.ids import DocId
from soso.ports.vectors import DocVectors
from soso.query.plan_types import Mode
from soso.query.results import SearchRequest
from soso.similarity.vectors import pack_vectors

EMBEDDED: Final = 2_000
CALLS: Final = 60
MOVED: Final = 0.02
AT_ONCE: Final = 2_000


@click.command()
@click.option("--posts", default=300_000, show_default=True, type=click.IntRange(5_000))
@click.option("--calls", default=CALLS, show_default=True, help="Queries of each of five kinds.")
@click.option(
    "--shared", type=click.Path(path_type=Path, file_okay=False), default=ROOT.parent / "shared"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def main(posts: int, calls: int, shared: Path, as_json: bool) -> None:
    """Measure embedding and searching with meaning, beside searching by words."""
    with tempfile.TemporaryDirectory(prefix="soso-meaning-") as folder:
        err().print(f"building an archive of {posts:,} posts")
        stage = Stage(Path(folder), posts, find_sources(shared), calls=calls)
        run_child("soso", str(stage.export), str(stage.archive))
        settings = load_settings(data=stage.archive, store_url="", embedder="e5")
        with open_app(settings) as app:
            figures = {"posts": posts} | measure(app, stage)
    if as_json:
        out().print_json(msgspec.json.encode(figures).decode())
        return
    for name, figure in figures.items():
        out().print(f"{name}: {figure}")


def measure(app: App, stage: Stage) -> dict[str, Any]:
    """Return the figures by name."""
    figures: dict[str, Any] = {}
    err().print(f"embedding {EMBEDDED:,} posts")
    app.embed_step()  # opens the model
    started, embedded = perf_counter(), 0
    while embedded < EMBEDDED:
        embedded += app.embed_step().embedded
    figures["embedded, posts/s on one core"] = round(embedded / (perf_counter() - started), 1)
    err().print("the other vectors")
    before = anonymous_bytes_here()
    figures["passages"] = fill(app)
    figures["memory of the vectors, MiB"] = round((anonymous_bytes_here() - before) / 2**20)
    queries = mixed(stage.queries)
    for mode in Mode:
        err().print(f"searching: {mode}")
        figures |= told(f"search, {mode}", timed(app, mode, queries))
    err().print("searching while posts are embedded")
    stopped = threading.Event()
    beside = threading.Thread(target=keep_embedding, args=(app, stopped))
    beside.start()
    figures |= told("search, both, while embedding", timed(app, Mode.BOTH, queries))
    stopped.set()
    beside.join()
    return figures


def timed(app: App, mode: Mode, queries: list[str]) -> Timing:
    """Ask for the first page of each query."""

    def search(text: str) -> object:
        return app.search(SearchRequest(text=text, mode=mode, facets=False))

    time_calls(search, queries[:20])
    return time_calls(search, queries)


def told(what: str, timing: Timing) -> dict[str, float]:
    """Name what was measured."""
    return {f"{what}, p50 ms": round(timing.p50_ms, 1), f"{what}, p99 ms": round(timing.p99_ms, 1)}


def fill(app: App) -> int:
    """Give vectors to all documents that have none; return how many passages there are then."""
    model = app.meaning.model if app.meaning is not None else None
    if model is None:
        raise Unavailable("no model serves")
    rows = [row for row in app.store.list_vectors(model, limit=10**6) if row.packed]
    every = np.concatenate([np.frombuffer(row.packed, np.int8) for row in rows])
    known = every.reshape(-1, 384).astype(np.float32) / 127
    drawn = np.random.default_rng(0)
    while docs := app.store.list_unembedded(model, limit=AT_ONCE):
        near = known[drawn.integers(0, len(known), len(docs))]
        moved = pack_vectors((near + drawn.normal(0, MOVED, near.shape)).astype(np.float32))
        app.store.put_vectors(model, [row_of(*pair) for pair in zip(docs, moved, strict=True)])
    app.store.ack(f"embed {model}", app.store.last_seq())
    app.load_meaning()
    return sum(len(row.packed) // 384 for row in app.store.list_vectors(model, limit=10**7))


def row_of(doc: DocId, vector: Any) -> DocVectors:
    """Return a row of one vector."""
    return DocVectors(doc=doc, mark=b"drawn", packed=vector.tobytes())


def keep_embedding(app: App, stopped: threading.Event) -> None:
    """Embed posts again and again, as the worker does after an import, keeping nothing."""
    texts = [stored.post.text for stored in app.store.list_posts(None, limit=256)]
    embedder = app._open_embedder(app.meaning._target) if app.meaning is not None else None
    while embedder is not None and not stopped.is_set():
        embedder.embed_posts(texts[:64])


def anonymous_bytes_here() -> int:
    """Return what this process holds."""
    import os

    return anonymous_bytes(os.getpid())


if __name__ == "__main__":
    main()
