"""The sums of a plan, by hand."""

import msgspec

from benchmarks.posts import BenchPost
from benchmarks.scale import MEASURED, deal
from benchmarks.scale_parts import Use, name_bottleneck
from benchmarks.scale_plan import (
    GB,
    Constants,
    Machine,
    Measured,
    Wanted,
    find_constants,
    make_plan,
    plan,
)
from benchmarks.scale_steps import WEB, WORKER

ONE = Constants(
    row_bytes=400.0,
    row_index_bytes=100.0,
    other_bytes=500.0,
    change_bytes=100.0,
    index_bytes=600.0,
    writer_rate=5_000.0,
    cpu_s={
        "import": {"importer": 0.1},
        "index": {WORKER: 0.5, "OpenSearch": 0.2, "PostgreSQL": 0.1},
        "search": {WEB: 10.0, "OpenSearch": 20.0, "PostgreSQL": 2.0},
    },
    shard_cpu_s=15.0,
    web_bytes=2e8,
    worker_bytes=3e8,
)


def test_a_plan_is_a_product_of_what_was_measured() -> None:
    wanted = Wanted(
        posts=100_000_000, years=1.0, reindex_days=10.0, searches=50.0, shard_gb=25.0, embedded=0.0
    )
    needed = plan(ONE, wanted, Machine())
    assert needed.shards == 3  # 60 GB by 25
    assert needed.shard_gb == 20.0
    assert needed.index_gb == 120.0  # and a copy
    assert needed.store_gb == 100.0
    assert round(needed.ingest_rate, 2) == 3.17
    assert round(needed.reindex_rate, 1) == 115.7
    assert round(needed.fill_days, 2) == 0.23
    assert needed.cores["web, searches"] == 0.5
    assert needed.cores["OpenSearch, searches"] == 2.25  # three shards, each asked
    assert round(needed.cores["workers, reindex"], 4) == 0.0579
    assert round(needed.cores["OpenSearch, reindex"], 4) == 0.0463  # two copies are written
    assert round(needed.changes_gb, 3) == 0.288  # 3.17/s x 1.5 x 7 days x 100 B
    assert needed.nodes == 3  # two copies, and a node may be lost
    assert sum(needed.cost.values()) > 0


def test_the_guide_s_run_gives_a_plan() -> None:
    found = msgspec.json.decode(MEASURED.read_bytes(), type=Measured)
    told = make_plan(found, Wanted(posts=100_000_000))
    assert "| 100,000,000 posts | how | needed |" in told
    assert find_constants(found).shard_cpu_s > 0


def test_vectors_take_memory() -> None:
    needed = plan(ONE, Wanted(posts=1_000_000_000), Machine())
    assert needed.vectors_gb == 4_000.0  # two passages of 1,000 B, in two copies
    assert needed.vectors_memory_gb == 1_800.0
    assert needed.store_gb == 1_900.0
    assert (needed.nodes, needed.nodes_by) == (59, "memory")  # (120 + 1,800) GB by 33


def test_a_hundred_times_the_posts_need_a_hundred_times_the_disk() -> None:
    small = plan(ONE, Wanted(posts=100_000_000), Machine())
    large = plan(ONE, Wanted(posts=10_000_000_000), Machine())
    assert large.index_gb == 100 * small.index_gb
    assert large.store_gb == 100 * small.store_gb
    assert large.nodes > small.nodes
    assert large.shards * large.shard_gb * GB == 10_000_000_000 * ONE.index_bytes
    assert large.shard_documents < 2**31


def test_posts_are_dealt_by_chat() -> None:
    posts = [BenchPost(chat=n % 5, id=n, at_s=n, text="x") for n in range(100)]
    parts = deal(posts, 2)
    assert sorted(len(part) for part in parts) == [40, 60]
    assert {post.chat for post in parts[0]}.isdisjoint(post.chat for post in parts[1])


def use(seconds: float, others: float = 0.0, **cpu: float) -> Use:
    return Use(seconds=seconds, cpu_s=cpu, peak_bytes={}, others_cpu_s=others)


def test_what_a_step_waits_for_is_named() -> None:
    assert name_bottleneck(use(10, a=12, b=7), {"a": 2}, cores=2).startswith("all cores; a")
    assert name_bottleneck(use(10, a=9.5, b=1), {"a": 1}, cores=2) == "a core of a"
    assert name_bottleneck(use(10, a=3, b=1), {"a": 1}, cores=2).startswith("waiting; a")
