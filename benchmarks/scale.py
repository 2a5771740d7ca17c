"""python -m benchmarks.scale: what importing, indexing and searching cost beyond one machine.

A real PostgreSQL and real OpenSearch clusters of one, two and three nodes, with as many importers,
workers and web servers, beside SQLite and Tantivy in the same run. This machine's cores are shared
by all of it, so the processor time of each part for a thousand posts is what a plan is made of:
--plan makes one, from the file of an earlier run.
"""

import signal
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from rich.table import Table

from benchmarks.exports import write_export
from benchmarks.posts import BenchPost, iter_posts
from benchmarks.probes import ROOT
from benchmarks.queries import make_queries, mixed
from benchmarks.scale_parts import find_children
from benchmarks.scale_plan import Bytes, Measured, Wanted, make_plan
from benchmarks.scale_steps import IMPORTER, WEB, WORKER, Bench, Kept, Step
from benchmarks.stage import Sources, Told, find_sources
from soso.bootstrap import App, open_app
from soso.cli.terminal import err, out, progress
from soso.config import load_settings

MEASURED: Final = Path(__file__).with_name("scale.json")
COUNTS: Final = (1, 2, 3)
SEED: Final = 200
"""Posts that are indexed first, so that the rest comes by the change log as in a live archive."""

LATER: Final = 6_000
"""Posts that are imported while others search."""

SEARCHED_S: Final = 4.0
WIDTH: Final = 190
MEASURED_EVERY_S: Final = 11.0
"""OpenSearch looks at its files every ten seconds."""

POSTGRES, OPENSEARCH = "PostgreSQL", "OpenSearch"
PARTS: Final = (IMPORTER, WORKER, WEB, POSTGRES, OPENSEARCH)
MIB: Final = 2**20


class Stage:
    """The posts of one size as files, and the queries."""

    def __init__(self, folder: Path, size: int, sources: Sources) -> None:
        folder.mkdir()
        posts = list(iter_posts(size + LATER, news=sources.news))
        self.size = size
        self.seed = folder / "seed.json"
        self.later = folder / "later.json"
        write_export(posts[:SEED], self.seed)
        write_export(posts[size:], self.later)
        self.parts: dict[int, list[Path]] = {}
        for count in COUNTS:
            self.parts[count] = [folder / f"{count}-{n}.json" for n in range(count)]
            for file, part in zip(self.parts[count], deal(posts[SEED:size], count), strict=True):
                write_export(part, file)
        texts = [post.text for post in posts[:size]]
        self.queries = mixed(make_queries(texts, each=400, log=sources.log))


def deal(posts: Sequence[BenchPost], count: int) -> list[list[BenchPost]]:
    """Divide posts into parts of much the same size, each chat in one of them."""
    of_chat: dict[int, list[BenchPost]] = {}
    for post in posts:
        of_chat.setdefault(post.chat, []).append(post)
    parts: list[list[BenchPost]] = [[] for _ in range(count)]
    for own in sorted(of_chat.values(), key=len, reverse=True):
        min(parts, key=len).extend(own)
    return parts


@click.command()
@click.option("--sizes", default="20000,60000", show_default=True, help="Numbers of posts.")
@click.option(
    "--quick", is_flag=True, help="2,000 posts, one and two of each: shows that it works."
)
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write FILE.")
@click.option(
    "--plan", "planned", type=int, help="Print a plan for so many posts, measure nothing."
)
@click.option(
    "--from",
    "measured",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Plan from this run's --json. [default: benchmarks/scale.json]",
)
@click.option("--years", default=None, type=float, help="Plan: years in which the posts come.")
@click.option("--reindex-days", default=None, type=float, help="Plan: days for a new index.")
@click.option("--searches", default=None, type=float, help="Plan: searches a second at peak.")
def main(
    sizes: str,
    quick: bool,
    file: Path | None,
    planned: int | None,
    measured: Path | None,
    years: float | None,
    reindex_days: float | None,
    searches: float | None,
) -> None:
    """Measure, or plan from what was measured.

    Servers are started on free ports, with their files in the temporary folder (TMPDIR), and end
    with the run, Ctrl-C included. `make servers` fetches what they need.
    """
    if planned is not None:
        asked = {"years": years, "reindex_days": reindex_days, "searches": searches}
        given = {name: value for name, value in asked.items() if value is not None}
        wanted = msgspec.convert({"posts": planned, **given}, Wanted)
        found = msgspec.json.decode((measured or MEASURED).read_bytes(), type=Measured)
        click.echo(make_plan(found, wanted))
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    counts = (2_000,) if quick else tuple(int(part.replace("_", "")) for part in sizes.split(","))
    sources = find_sources(ROOT.parent / "shared")
    with progress(of_bytes=False) as bar:
        task = bar.add_task("", total=None, note="")
        found = measure(
            counts,
            sources,
            most=2 if quick else max(COUNTS),
            told=lambda doing: bar.update(task, description=doing),
        )
    console = out()
    console.width = max(console.width, WIDTH)
    console.print(build_table(found.steps))
    console.print(build_sizes(found.sizes))
    err().print(f"text: {sources.named}")
    if file is not None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(found)))


def measure(counts: Sequence[int], sources: Sources, *, most: int, told: Told) -> Measured:
    """Measure everything at these sizes, with one of each up to most of each.

    At the smallest size as many importers and workers as wanted on each number of nodes; at others
    as many as there are nodes.
    """
    from tests.servers import opensearch, postgres  # only where they are started

    steps: list[Step] = []
    sizes: list[Bytes] = []
    with tempfile.TemporaryDirectory(prefix="soso-scale-") as name, _postgres(postgres) as (db, pg):
        folder = Path(name)
        stages = [Stage(folder / str(size), size, sources) for size in counts]
        for stage in stages:
            told(f"{stage.size:,} posts, SQLite and Tantivy")
            kept = Kept(name="SQLite, Tantivy", nodes=0, settings={}, servers={})
            _measure_one(kept, stage, folder / f"file{stage.size}", 1, steps, sizes)
        for nodes in COUNTS[:most]:
            told(f"starting {nodes} nodes")
            with _cluster(opensearch, nodes) as (urls, jvms):
                for stage in stages:
                    for count in COUNTS[:most] if stage is stages[0] else (nodes,):
                        copies = (0, 1) if nodes == count == most > 1 else (0,)
                        for replicas in copies:
                            told(f"{stage.size:,} posts, {nodes} nodes, {count} workers")
                            prefix = f"scale{stage.size}-{count}-{replicas}"
                            settings = {
                                "SOSO_STORE_URL": db.make_database(),
                                "SOSO_OPENSEARCH_URL": ",".join(urls),
                                "SOSO_OPENSEARCH_INDEX": prefix,
                                "SOSO_OPENSEARCH_SHARDS": str(nodes),
                                "SOSO_OPENSEARCH_REPLICAS": str(replicas),
                            }
                            kept = Kept(
                                name="PostgreSQL, OpenSearch",
                                nodes=nodes,
                                settings=settings,
                                servers={POSTGRES: pg, OPENSEARCH: jvms},
                            )
                            _measure_one(
                                kept, stage, folder / f"{prefix}-{nodes}", count, steps, sizes
                            )
    return Measured(steps=steps, sizes=sizes)


def _measure_one(
    kept: Kept, stage: Stage, folder: Path, count: int, steps: list[Step], sizes: list[Bytes]
) -> None:
    """Import, index and search with so many processes; add what it came to."""
    shared = {
        "SOSO_DATA": str(folder),
        "SOSO_EMBEDDER": "none",
        "SOSO_RATE_LIMIT": "1000000/second",
        "SOSO_QUERY_LOG": "false",
    }
    kept = replace(kept, settings=shared | dict(kept.settings))
    flags = {name.removeprefix("SOSO_").lower(): value for name, value in kept.settings.items()}
    with open_app(load_settings(**flags)) as app:
        bench = Bench(app, kept, posts=stage.size)
        with bench.workers(count):
            bench.import_all([stage.seed])
            bench.wait_indexed(SEED)
            bench.halt_workers()
            steps.append(bench.import_all(stage.parts[count]))
            steps.append(bench.index_all(stage.size))
        if count == kept.nodes or not kept.nodes:
            sizes.append(_weigh(app, kept, stage.size))
        if count in (kept.nodes, 1):
            found = bench.search(stage.queries, webs=count, seconds=SEARCHED_S, file=None)
            steps.append(found)
        if kept.nodes in (0, 3):
            steps.append(
                bench.search(stage.queries, webs=count, seconds=SEARCHED_S, file=stage.later)
            )


def _weigh(app: App, kept: Kept, posts: int) -> Bytes:
    """Return what lies on the disk."""
    if kept.nodes:
        url = kept.settings["SOSO_OPENSEARCH_URL"].split(",")[0]
        flush = urllib.request.Request(f"{url}/_flush?force=true", method="POST")
        urllib.request.urlopen(flush, timeout=60).close()
        time.sleep(MEASURED_EVERY_S)
    status = app.engine.status()
    replicas = int(kept.settings.get("SOSO_OPENSEARCH_REPLICAS", "0"))
    tables = {"store": app.store.size_bytes()} if not kept.nodes else {}
    indexes: dict[str, int] = {}
    changes = app.store.last_seq()
    if kept.nodes:
        engine = sa.create_engine(app.settings.database_url)
        with engine.connect() as conn:
            for name, table, index in conn.exec_driver_sql(
                "SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class "
                "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            ):
                tables[name], indexes[name] = table, index
        engine.dispose()
    return Bytes(
        posts=posts,
        kept=kept.name,
        nodes=kept.nodes,
        replicas=replicas,
        documents=status.documents,
        changes=changes,
        index=status.bytes // (1 + replicas),
        tables=tables,
        indexes=indexes,
    )


@contextmanager
def _postgres(servers: Any) -> Iterator[tuple[Any, list[int]]]:
    before = find_children()
    server = servers.Postgres().start()
    try:
        yield server, sorted(find_children() - before)
    finally:
        server.stop()


@contextmanager
def _cluster(servers: Any, nodes: int) -> Iterator[tuple[list[str], list[int]]]:
    before = find_children()
    cluster = servers.Cluster(nodes=nodes, knn=False).start()
    try:
        cluster.wait_for(nodes=nodes, status="green")
        yield cluster.urls, sorted(find_children() - before)
    finally:
        cluster.stop()


def build_table(steps: Sequence[Step]) -> Table:
    """Return the table for people: rates, times, and what each part used for a thousand."""
    heads = ["posts", "kept in", "nodes", "copies", "step", "by", "a second", "p50 ms", "p99 ms"]
    heads += [*(f"{part} s/1000" for part in PARTS), "MiB", "others", "bottleneck"]
    table = Table(*heads, box=None)
    for one in steps:
        table.add_row(
            f"{one.posts:,}",
            one.kept,
            str(one.nodes or ""),
            str(one.replicas or ""),
            one.step,
            str(one.processes),
            f"{one.rate:,.0f}",
            *(f"{ms:.0f}" if ms else "" for ms in (one.p50_ms, one.p99_ms)),
            *(f"{one.cpu_of(part):.2f}" if part in one.use.cpu_s else "" for part in PARTS),
            "+".join(f"{size / MIB:.0f}" for size in one.use.peak_bytes.values()),
            f"{one.use.others_cpu_s / one.use.seconds:.1f}",
            one.bottleneck,
        )
    return table


def build_sizes(sizes: Sequence[Bytes]) -> Table:
    """Return what a post takes on the disk."""
    table = Table("posts", "kept in", "nodes", "copies", "index", "store", "its parts", box=None)
    for one in sizes:
        parts: Mapping[str, float] = one.per_post()
        large = sorted(((v, k) for k, v in parts.items() if v >= 1), reverse=True)
        table.add_row(
            f"{one.posts:,}",
            one.kept,
            str(one.nodes or ""),
            str(one.replicas or ""),
            f"{one.index / one.documents:.0f}",
            f"{sum(parts.values()):.0f}",
            ", ".join(f"{name} {value:.0f}" for value, name in large[:6]),
        )
    return table


if __name__ == "__main__":
    main()
