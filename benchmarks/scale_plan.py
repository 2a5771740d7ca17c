"""What so many posts would need, from what was measured: a table of constants, then arithmetic.

Knows arithmetic alone. Everything that was not measured is a field of Wanted or of Machine with its
value in sight, and stands in what is printed. No figure is rounded before it is shown.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.scale_steps import IMPORTER, WEB, WORKER, Step
from soso.model.value import Value

POSTGRES: Final = "PostgreSQL"
OPENSEARCH: Final = "OpenSearch"
GB: Final = 1e9
DAY_S: Final = 86_400
YEAR_S: Final = 365 * DAY_S
LUCENE_MOST: Final = 2**31 - 129
"""Documents that one shard can hold, deleted ones among them."""


class Bytes(Value):
    """What lies on the disk of one archive. index: primaries alone; tables, indexes: by table;
    changes: rows that were ever written to the change log."""

    posts: int
    kept: str
    nodes: int
    replicas: int
    documents: int
    changes: int
    index: int
    tables: Mapping[str, int]
    indexes: Mapping[str, int]

    def per_post(self) -> dict[str, float]:
        """Return the bytes of each table and of its indexes, for a post."""
        parts = {name: size / self.posts for name, size in self.tables.items()}
        return parts | {
            f"{name}'s indexes": size / self.posts for name, size in self.indexes.items()
        }


class Measured(Value):
    """What a run found."""

    steps: Sequence[Step]
    sizes: Sequence[Bytes]


class Constants(Value):
    """What one post, or a thousand, takes. cpu_s: by step and part, for a thousand posts or
    searches; shard_cpu_s: of OpenSearch, for a thousand searches, what one more shard costs;
    writer_rate: posts a second that all importers together brought in."""

    row_bytes: float
    row_index_bytes: float
    other_bytes: float
    change_bytes: float
    index_bytes: float
    writer_rate: float
    cpu_s: Mapping[str, Mapping[str, float]]
    shard_cpu_s: float
    web_bytes: float
    worker_bytes: float


class Wanted(Value):
    """What a plan is to reach, and what is assumed of the posts.

    kept_changes_days: how long rows stay in the change log. embedded: the share of posts that has
    vectors, passages of them; each takes row bytes in the store and disk bytes in every copy of the
    index, of which memory bytes are to lie in memory (benchmarks.nearest). pictures: the share with a
    kept picture of picture_bytes.
    """

    posts: int
    years: float = 5.0
    reindex_days: float = 7.0
    searches: float = 100.0
    replicas: int = 1
    shard_gb: float = 30.0
    kept_changes_days: float = 7.0
    changes_per_post: float = 1.5
    embedded: float = 1.0
    passages: float = 2.0
    passage_row_bytes: float = 450.0
    passage_disk_bytes: float = 1_000.0
    passage_memory_bytes: float = 450.0
    pictures: float = 0.2
    picture_bytes: float = 60_000.0


class Machine(Value):
    """The machines that are planned with, and assumed prices a month. busy: how much of the cores
    and the disk is planned for; heap_gb: of a node of OpenSearch; warm: which share of the index is
    to lie in memory."""

    cores: int = 16
    memory_gb: float = 64.0
    disk_gb: float = 3_800.0
    busy: float = 0.5
    full: float = 0.7
    heap_gb: float = 31.0
    warm: float = 0.1
    node_price: float = 600.0
    store_gb_price: float = 0.10
    picture_gb_price: float = 0.02


def find_constants(found: Measured) -> Constants:
    """Return the constants of a run: those of its largest archive on most nodes, without replicas.

    Raises ValueError when the run has no such archive.
    """
    weighed = [one for one in found.sizes if one.nodes and not one.replicas]
    if not weighed:
        raise ValueError("nothing was measured on a cluster")
    largest = max(weighed, key=lambda one: (one.posts, one.nodes))
    rows = largest.posts
    other = sum(largest.tables.values()) + sum(largest.indexes.values())
    for name in ("posts", "changes"):
        other -= largest.tables[name] + largest.indexes[name]
    steps = [
        one for one in found.steps if one.nodes and not one.replicas and one.posts == largest.posts
    ]
    cpu = {
        step: {
            part: _mean([one.cpu_of(part) for one in steps if one.step == step])
            for part in (IMPORTER, WORKER, WEB, POSTGRES, OPENSEARCH)
        }
        for step in ("import", "index", "search")
    }
    return Constants(
        row_bytes=largest.tables["posts"] / rows,
        row_index_bytes=largest.indexes["posts"] / rows,
        other_bytes=other / rows,
        change_bytes=(largest.tables["changes"] + largest.indexes["changes"]) / largest.changes,
        index_bytes=largest.index / largest.documents,
        writer_rate=max((one.rate for one in steps if one.step == "import"), default=0.0),
        cpu_s=cpu,
        shard_cpu_s=_slope(
            [(one.nodes, one.cpu_of(OPENSEARCH)) for one in steps if one.step == "search"]
        ),
        web_bytes=_peak(steps, WEB),
        worker_bytes=_peak(steps, WORKER),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much y grows with x, by least squares; 0 where x does not change."""
    x, y = _mean([one for one, _ in points]), _mean([two for _, two in points])
    spread = sum((one - x) ** 2 for one, _ in points)
    return sum((one - x) * (two - y) for one, two in points) / spread if spread else 0.0


def _peak(steps: Sequence[Step], part: str) -> float:
    return max((one.use.peak_bytes.get(part, 0) / one.processes for one in steps), default=0.0)


class Plan(Value):
    """What is needed. gb: on disk; cores: busy at peak; cost: a month, by what it is for."""

    shards: int
    shard_gb: float
    shard_documents: float
    index_gb: float
    nodes: int
    nodes_by: str
    store_gb: float
    changes_gb: float
    pictures_gb: float
    vectors_gb: float
    vectors_memory_gb: float
    ingest_rate: float
    fill_days: float
    reindex_rate: float
    cores: Mapping[str, float]
    cost: Mapping[str, float]


def plan(one: Constants, wanted: Wanted, machine: Machine) -> Plan:
    """Return what the wanted archive needs on such machines."""
    posts, copies = wanted.posts, 1 + wanted.replicas
    primary_gb = posts * one.index_bytes / GB
    shards = max(math.ceil(primary_gb / wanted.shard_gb), math.ceil(posts / LUCENE_MOST))
    index_gb = primary_gb * copies
    passages = posts * wanted.embedded * wanted.passages
    vectors_gb = passages * wanted.passage_disk_bytes * copies / GB
    vectors_memory_gb = passages * wanted.passage_memory_bytes * copies / GB
    of_row = one.row_bytes + one.row_index_bytes + one.other_bytes
    store_gb = (posts * of_row + passages * wanted.passage_row_bytes) / GB
    ingest = posts / (wanted.years * YEAR_S)
    changes = ingest * wanted.changes_per_post * DAY_S * wanted.kept_changes_days
    reindex = posts / (wanted.reindex_days * DAY_S)
    index_cpu, search_cpu = one.cpu_s["index"], one.cpu_s["search"]
    cores = {
        "workers, reindex": reindex * index_cpu[WORKER] / 1000,
        "OpenSearch, reindex": reindex * index_cpu[OPENSEARCH] / 1000 * copies,
        "PostgreSQL, reindex": reindex * index_cpu[POSTGRES] / 1000,
        "web, searches": wanted.searches * search_cpu[WEB] / 1000,
        "OpenSearch, searches": wanted.searches * one.shard_cpu_s * shards / 1000,
        "PostgreSQL, searches": wanted.searches * search_cpu[POSTGRES] / 1000,
    }
    in_cluster = cores["OpenSearch, reindex"] + cores["OpenSearch, searches"]
    # While a new index is built, the old one stands beside it.
    needs = {
        "disk": (2 * index_gb + vectors_gb) / (machine.disk_gb * machine.full),
        "memory": (index_gb * machine.warm + vectors_memory_gb)
        / (machine.memory_gb - machine.heap_gb),
        "cores": in_cluster / (machine.cores * machine.busy),
        "copies on other machines": float(copies + 1),
    }
    by = max(needs, key=lambda name: math.ceil(needs[name]))
    nodes = math.ceil(needs[by])
    ours = cores["workers, reindex"] + cores["web, searches"]
    store_nodes = 2  # one that writes, one that follows and takes its place
    own_nodes = max(2, math.ceil(ours / (machine.cores * machine.busy)))
    pictures_gb = posts * wanted.pictures * wanted.picture_bytes / GB
    changes_gb = changes * one.change_bytes / GB
    return Plan(
        shards=shards,
        shard_gb=primary_gb / shards,
        shard_documents=posts / shards,
        index_gb=index_gb,
        nodes=nodes,
        nodes_by=by,
        store_gb=store_gb,
        changes_gb=changes_gb,
        pictures_gb=pictures_gb,
        vectors_gb=vectors_gb,
        vectors_memory_gb=vectors_memory_gb,
        ingest_rate=ingest,
        fill_days=posts / one.writer_rate / DAY_S if one.writer_rate else math.inf,
        reindex_rate=reindex,
        cores=cores,
        cost={
            f"{nodes} nodes of OpenSearch": nodes * machine.node_price,
            f"{store_nodes} machines of PostgreSQL": store_nodes * machine.node_price,
            "their disks": store_nodes * (store_gb + changes_gb) * machine.store_gb_price,
            f"{own_nodes} machines of web and workers": own_nodes * machine.node_price,
            "pictures, object storage": pictures_gb * machine.picture_gb_price,
        },
    )


def make_plan(found: Measured, wanted: Wanted, machine: Machine | None = None) -> str:
    """Return a plan as Markdown, with the sums that led to it."""
    on = machine or Machine()
    one = find_constants(found)
    needed = plan(one, wanted, on)
    return "\n".join([*_constants(one), "", *_rows(one, wanted, on, needed)])


def _constants(one: Constants) -> list[str]:
    told = {
        "row of `posts`, B": f"{one.row_bytes:.0f}",
        "indexes of `posts`, B": f"{one.row_index_bytes:.0f}",
        "other tables, B": f"{one.other_bytes:.0f}",
        "row of `changes` with its indexes, B": f"{one.change_bytes:.0f}",
        "index in OpenSearch, one copy, B": f"{one.index_bytes:.0f}",
        "posts a second into PostgreSQL": f"{one.writer_rate:,.0f}",
        "memory of a web process, of a worker, MB": (
            f"{one.web_bytes / 1e6:.0f}, {one.worker_bytes / 1e6:.0f}"
        ),
    }
    for step, parts in one.cpu_s.items():
        used = ", ".join(f"{part} {value:.2f}" for part, value in parts.items() if value)
        told[f"{step}, processor seconds for 1,000"] = used
    told["of OpenSearch, by each shard that is searched"] = f"{one.shard_cpu_s:.1f}"
    return ["| constant | of a post |", "|---|---|", *(f"| {k} | {v} |" for k, v in told.items())]


def _rows(one: Constants, wanted: Wanted, on: Machine, needed: Plan) -> list[str]:
    posts, copies = wanted.posts, 1 + wanted.replicas
    of_row = one.row_bytes + one.row_index_bytes + one.other_bytes
    rows = {
        "shards": (
            f"{posts:,} x {one.index_bytes:.0f} B = {posts * one.index_bytes / GB:,.0f} GB, "
            f"/ {wanted.shard_gb:.0f} GB",
            f"{needed.shards} of {needed.shard_gb:.1f} GB, {needed.shard_documents / 1e6:,.0f} M posts",
        ),
        "index on disk": (f"x {copies} copies", f"{needed.index_gb:,.0f} GB"),
        "nodes of OpenSearch": (
            f"most of: (2 x {needed.index_gb:,.0f} + vectors) GB / ({on.disk_gb:,.0f} x {on.full}); "
            f"{on.warm:.0%} of it and the graph / {on.memory_gb - on.heap_gb:.0f} GB of page cache; "
            f"cores / ({on.cores} x {on.busy}); {copies + 1}",
            f"{needed.nodes} ({needed.nodes_by}), heap {on.heap_gb:.0f} of {on.memory_gb:.0f} GB",
        ),
        "PostgreSQL on disk": (
            f"{posts:,} x {of_row:.0f} B, and {wanted.passages:g} x {wanted.passage_row_bytes:.0f} B "
            f"of vectors",
            f"{needed.store_gb:,.0f} GB",
        ),
        "change log": (
            f"{needed.ingest_rate:,.0f}/s x {wanted.changes_per_post} x {wanted.kept_changes_days:.0f} "
            f"days x {one.change_bytes:.0f} B",
            f"{needed.changes_gb:,.1f} GB",
        ),
        "pictures": (
            f"{wanted.pictures:.0%} x {wanted.picture_bytes / 1000:.0f} kB",
            f"{needed.pictures_gb:,.0f} GB",
        ),
        "vectors in OpenSearch": (
            f"{wanted.embedded:.0%} x {wanted.passages:g} passages x {wanted.passage_disk_bytes:.0f} B "
            f"x {copies}",
            f"{needed.vectors_gb:,.0f} GB, {needed.vectors_memory_gb:,.0f} GB of it in memory",
        ),
        "posts a second, needed and had": (
            f"{posts:,} / {wanted.years:g} years",
            f"{needed.ingest_rate:,.0f} of {one.writer_rate:,.0f}; all at once: "
            f"{needed.fill_days:,.1f} days",
        ),
        "posts a second of a new index": (
            f"/ {wanted.reindex_days:g} days",
            f"{needed.reindex_rate:,.0f}",
        ),
    }
    rates = {
        "reindex": (needed.reindex_rate, "index"),
        "searches": (wanted.searches, "search"),
    }
    for name, cores in needed.cores.items():
        part, what = name.split(", ")
        rate, step = rates[what]
        key = {"workers": WORKER, "web": WEB}.get(part, part)
        used, times = one.cpu_s[step][key], ""
        if part == OPENSEARCH:
            times = f" x {copies} copies" if what == "reindex" else f" x {needed.shards} shards"
            used = used if what == "reindex" else one.shard_cpu_s
        rows[f"cores: {name}"] = (
            f"{rate:,.0f}/s x {used:.2f} s / 1,000{times}",
            f"{cores:,.1f}",
        )
    for name, price in needed.cost.items():
        rows[f"a month: {name}"] = ("", f"{price:,.0f}")
    rows["a month, in all"] = ("", f"{sum(needed.cost.values()):,.0f}")
    told = (f"| {what} | {how} | {result} |" for what, (how, result) in rows.items())
    return [f"| {posts:,} posts | how | needed |", "|---|---|---|", *told]
