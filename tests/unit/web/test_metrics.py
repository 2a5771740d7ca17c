from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from soso.model.errors import Unavailable
from tests.unit.web.fakes import FakeApp, make_app


def read(visitor: Any) -> dict[str, float]:
    answer = visitor.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        f"{sample.name}{sorted(sample.labels.items()) or ''}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_archive_is_measured_when_it_is_asked(visitor: Any) -> None:
    found = read(visitor)
    assert found["soso_posts"] == 3
    assert found["soso_index_lag"] == 1
    assert found["soso_index_stale"] == 0
    assert "process_resident_memory_bytes" in found


def test_searches_are_measured_behind_every_door(visitor: Any) -> None:
    for path in ("/search?q=第", "/api/v1/search?q=第", "/search.atom?q=nothing"):
        assert visitor.get(path).status_code == 200
    found = read(visitor)
    assert found["soso_search_duration_seconds_count[('full', 'yes')]"] == 2
    assert found["soso_search_duration_seconds_count[('full', 'no')]"] == 1
    assert found["soso_search_duration_seconds_sum[('full', 'yes')]"] == 0.0025


def test_two_applications_count_apart(visit: Any) -> None:
    one, other = visit(make_app()), visit(make_app())
    one.get("/search?q=第")
    assert "soso_search_duration_seconds_count[('full', 'yes')]" not in read(other)


def test_an_archive_that_does_not_answer_is_an_error(fake: FakeApp, visitor: Any) -> None:
    fake.fails = Unavailable("gone")
    assert visitor.get("/metrics").status_code == 503
