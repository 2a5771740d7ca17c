from typing import Any

from soso.model.errors import Unavailable
from soso.web.health import LatestStatus
from tests.unit.web.fakes import FakeApp, make_app


def test_a_healthy_archive_says_so(visitor: Any) -> None:
    answer = visitor.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "lag": 1, "stale": False, "version": "0.1.0"}
    assert answer.headers["cache-control"] == "no-store"


def test_one_that_does_not_answer_is_not_healthy(fake: FakeApp, visitor: Any) -> None:
    fake.fails = Unavailable("the disk is full")
    answer = visitor.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "error": "the disk is full"}


def test_asking_often_does_not_make_it_count_often() -> None:
    app, now = make_app(), [0.0]
    latest = LatestStatus(app, now=lambda: now[0])  # type: ignore[arg-type]
    for _ in range(10):
        latest.status()
    assert app.status_calls == 1
    now[0] = 2.5
    latest.status()
    assert app.status_calls == 2


def test_a_failure_is_not_covered_up_by_an_old_answer(fake: FakeApp) -> None:
    now = [0.0]
    latest = LatestStatus(fake, now=lambda: now[0])  # type: ignore[arg-type]
    latest.status()
    now[0], fake.fails = 10.0, Unavailable("gone")
    for _ in range(2):
        try:
            latest.status()
        except Unavailable:
            continue
        raise AssertionError("it said that all was well")
