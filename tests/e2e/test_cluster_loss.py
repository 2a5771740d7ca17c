"""Programs and nodes of a cluster are killed at work: no post is lost, and no answer is wrong."""

import itertools
import os
import secrets
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from soso.bootstrap import App, open_app
from soso.engines.opensearch import Access
from soso.engines.opensearch.client import Cluster as Door
from soso.flows import rebuild_split
from tests.e2e.cluster_run import Run, check_all, find, is_settled, wait_until, write
from tests.servers import opensearch, postgres, skip_without

pytestmark = [pytest.mark.servers, pytest.mark.timeout(280)]

POSTS = range(1, 2_001)


@contextmanager
def opened(
    urls: str, folder: Path, *, shards: int = 2, replicas: int = 0
) -> Iterator[tuple[Run, App]]:
    """An empty archive, and what runs programs on it."""
    skip_without(postgres.why_absent())
    name = f"test{secrets.token_hex(6)}"
    settings = {
        "data": str(folder / "data"),
        "store_url": postgres.running().make_database(),
        "opensearch_url": urls,
        "opensearch_index": name,
        "opensearch_replicas": str(replicas),
        "opensearch_shards": str(shards),
        "embedder": "none",
        "rate_limit": "100000/minute",
    }
    run = Run(folder, settings)
    try:
        with open_app(run.settings) as app:
            app.index_changes()  # the first, empty index
            yield run, app
    finally:
        run.end()


@pytest.fixture
def archive(opensearch_url: str, tmp_path: Path) -> Iterator[tuple[Run, App]]:
    with opened(opensearch_url, tmp_path) as made:
        yield made
    door = Door(Access(urls=tuple(opensearch_url.split(","))))
    for index in door.ask("GET", f"/{made[0].settings.opensearch_index}-*", expand_wildcards="all"):
        door.ask("DELETE", f"/{index}")
    door.close()


def list_owners(app: App) -> list[int]:
    """The numbers of the processes that follow a share, or died over it a moment ago."""
    leases = app.store.list_leases()
    return [int(owner.split("/")[1]) for name, owner, _ in leases if "/" in name and "@" in name]


def test_a_worker_killed_at_its_share_is_replaced(archive: tuple[Run, App]) -> None:
    run, app = archive
    write(app, POSTS, 0)
    workers = run.start_workers(2)
    wait_until(lambda: is_settled(app))

    for revision in (1, 2):
        write(app, POSTS[::2], revision)
        at_work: list[subprocess.Popen[str]] = []

        def is_at_work() -> bool:
            owners = list_owners(app)
            at_work.extend(one for one in workers if one.pid in owners)  # noqa: B023 - used here
            return bool(at_work)  # noqa: B023

        wait_until(is_at_work, every_s=0.005)
        victim = at_work[0]
        victim.kill()
        victim.wait()
        workers.remove(victim)
        workers += run.start_workers(1)

    check_all(app, {0: 1_000, 2: 1_000})


def test_a_rebuild_that_was_killed_is_gone_on_with(archive: tuple[Run, App]) -> None:
    run, app = archive
    write(app, POSTS, 0)
    while not is_settled(app):
        app.index_changes()
    builds = app.engine.builds
    assert builds is not None
    before = builds.live()
    serving = [before]
    address = run.start_web()

    def note_serving() -> None:
        now = builds.live()
        if now != serving[-1]:
            serving.append(now)

    hands = [run.start("reindex", "--json"), *run.start_workers(2)]
    job = None

    def is_under_way() -> bool:
        nonlocal job
        job = rebuild_split.load_job(app.store)
        return job is not None and len(list_full(app, job)) >= 2

    wait_until(is_under_way, every_s=0.005)
    for one in hands:
        one.kill()
        one.wait()
    job = rebuild_split.load_job(app.store)
    assert job is not None, "it was done before it was killed"
    full = list_full(app, job)
    assert find(address, '"磐石"') == (200, len(POSTS))
    write(app, POSTS[:500], 1)  # nobody is there to index it

    resumed = run.start("reindex", "--json")
    while resumed.poll() is None:
        note_serving()
    assert resumed.returncode == 0, run.logs()
    note_serving()
    assert serving == [before, job.build]
    # Ranges that were full are not filled again: 200 keys each, and what was edited comes by the log.
    assert resumed.stdout is not None
    text = resumed.stdout.read()
    indexed = int(text.split('"indexed":')[1].split("}")[0].split(",")[0])
    assert indexed <= len(POSTS) + 500 + 2 - 199 * len(full), (text, full)
    app.index_changes()
    check_all(app, {0: 1_500, 1: 500})
    door = Door(Access(urls=tuple(run.settings.opensearch_url.split(","))))
    prefix = run.settings.opensearch_index
    assert list(door.ask("GET", f"/{prefix}-*", expand_wildcards="all")) == [job.build]
    door.close()
    assert find(address, '"磐石"') == (200, len(POSTS))


def list_full(app: App, job: rebuild_split.Job) -> list[int]:
    """The ranges of a rebuild that are done."""
    ranges = range(-(-(job.until or 0) // job.size))
    names = {number: app.store.get_setting(f"{rebuild_split.JOB}/{number}") for number in ranges}
    return [number for number, build in names.items() if build == job.build]


def test_who_slept_beyond_its_lease_puts_nothing_old_over_what_is_new(
    archive: tuple[Run, App], tmp_path: Path
) -> None:
    run, app = archive
    write(app, POSTS[:600], 0)
    while not is_settled(app):
        app.index_changes()
    write(app, POSTS[:600], 1)
    told = tmp_path / "frozen"
    zombie = run.start("--freeze", str(told), "worker", "--only", "index")
    wait_until(told.exists)
    wait_until(lambda: is_stopped(zombie.pid))
    assert zombie.pid in list_owners(app)

    write(app, POSTS[:600], 2)
    write(app, POSTS[600:700], 3)
    run.start_workers(1)
    wait_until(lambda: is_settled(app))
    os.kill(zombie.pid, signal.SIGCONT)
    wait_until(lambda: not is_stopped(zombie.pid))
    write(app, POSTS[650:700], 4)  # whoever takes it: both work on
    check_all(app, {2: 600, 3: 50, 4: 50})
    zombie.send_signal(signal.SIGTERM)
    assert zombie.wait(40) == 0
    check_all(app, {2: 600, 3: 50, 4: 50})


def test_two_versions_side_by_side_build_one_index(archive: tuple[Run, App]) -> None:
    run, app = archive
    write(app, POSTS[:300], 0)
    run.start_workers(1)
    wait_until(lambda: is_settled(app))
    builds = app.engine.builds
    assert builds is not None
    before = builds.live()

    newer = run.start("--newer", "worker", "--only", "index")
    run.read_until(newer, "running: index")
    wait_until(lambda: builds.live() != before)
    after = builds.live()
    for revision in (1, 2):
        write(app, POSTS[:300], revision)
        wait_until(lambda: is_settled(app))
    assert builds.live() == after
    wait_until(lambda: "waits to be upgraded" in run.logs())
    assert run.logs().count("waits to be upgraded") == 1
    assert app.engine.status().documents == 301


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_nodes_killed_while_indexing_and_searching(tmp_path: Path) -> None:
    skip_without(opensearch.why_absent())
    skip_without(postgres.why_absent())
    cluster = opensearch.Cluster(knn=False).start()
    try:
        # Three shards and a copy of each: two on each node.
        urls = ",".join(cluster.urls)
        with opened(urls, tmp_path, shards=3, replicas=1) as (run, app):
            write(app, POSTS, 0)
            run.start_workers(2)
            address = run.start_web()
            wait_until(lambda: is_settled(app))
            cluster.wait_for(nodes=3, status="green")
            answers, revision = lose_nodes(cluster, app, address)
            assert {total for status, total in answers if status == 200} == {len(POSTS)}
            check_all(app, {0: 1_000, revision: 1_000})
            assert find(address, '"磐石"') == (200, len(POSTS))
    finally:
        cluster.stop()


def lose_nodes(
    cluster: opensearch.Cluster, app: App, address: str
) -> tuple[list[tuple[int, int]], int]:
    """Kill two nodes, one after the other, while posts are edited, indexed and looked for.

    Returns what searches were answered, and of which revision the edited posts are at last.
    """
    answers: list[tuple[int, int]] = []
    done = threading.Event()
    revisions = itertools.count(1)
    last = 0

    def search() -> None:
        for number in itertools.count():
            if done.is_set():
                return
            answers.append(find(address, f'"磐石" -"nothing{number}"'))

    searcher = threading.Thread(target=search)
    searcher.start()
    try:
        for node in (0, 1):
            cluster.kill(node)
            for _ in range(2):
                last = next(revisions)
                write(app, POSTS[::2], last)
                before = len(answers)
                wait_until(lambda: len(answers) > before + 3)  # noqa: B023 - it is waited for here
            cluster.launch(node)
            cluster.wait_for(nodes=3, status="green")
    finally:
        done.set()
        searcher.join()
    statuses = {status for status, _ in answers}
    assert 200 in statuses
    assert statuses <= {200, 503}
    return answers, last
