"""PostgreSQL goes away and comes back while posts come in, are indexed and are looked for."""

import itertools
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from soso.bootstrap import open_app
from tests.servers import postgres, skip_without

from .cluster_run import Run, count, find, wait_until
from .conftest import message

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

POSTS = 8_000
UNAVAILABLE = 5


@pytest.fixture
def server() -> Iterator[postgres.Postgres]:
    skip_without(postgres.why_absent())
    server = postgres.Postgres().start()
    yield server
    server.stop()


@pytest.fixture
def run(server: postgres.Postgres, tmp_path: Path) -> Iterator[Run]:
    settings = {
        "data": str(tmp_path / "data"),
        "store_url": server.make_database(),
        "embedder": "none",
        "rate_limit": "100000/minute",
    }
    run = Run(tmp_path, settings)
    yield run
    run.end()


def end_well(program: "subprocess.Popen[str]") -> int:
    """Wait for a command; return its code."""
    program.communicate(timeout=120)
    return program.returncode


def test_nothing_is_lost_and_all_go_on(
    server: postgres.Postgres, run: Run, write_export: Callable[..., Path], tmp_path: Path
) -> None:
    export = write_export([message(n, f"磐石 nr{n}") for n in range(1, POSTS + 1)])
    worker = run.start_workers(1)[0]
    address = run.start_web()
    with open_app(run.settings) as app:
        answers: list[tuple[int, int]] = []
        done = threading.Event()

        def search() -> None:
            for number in itertools.count():
                if done.wait(0.02):
                    return
                answers.append(find(address, f'"磐石" -"nothing{number}"'))

        searcher = threading.Thread(target=search)
        searcher.start()
        try:
            codes = []
            for enough, kindly in ((1_000, False), (4_000, True)):
                importer = run.start("import", str(export))
                wait_until(lambda enough=enough: app.store.count_posts() >= enough, every_s=0.05)
                wait_until(lambda: answers[-1:] and answers[-1][1])  # what is asked is in the index
                server.halt(kindly=kindly)
                seen = len(answers)
                wait_until(lambda seen=seen: any(one[0] == 503 for one in answers[seen:]))
                server.start()
                codes.append(end_well(importer))
            codes.append(end_well(run.start("import", str(export))))
            wait_until(lambda: not app.is_indexing())
            wait_until(lambda: find(address, '"磐石"') == (200, POSTS))
        finally:
            done.set()
            searcher.join()
        assert set(codes[:2]) <= {0, UNAVAILABLE}, run.logs()
        assert codes[2] == 0, run.logs()
        assert {status for status, _ in answers} <= {200, 503}
        assert max(total for _, total in answers) <= POSTS
        assert "Traceback" not in run.logs()
        assert app.store.count_posts() == POSTS
        assert count(app, "磐石") == POSTS
        assert app.examine(repair=False) == []
        assert worker.poll() is None
