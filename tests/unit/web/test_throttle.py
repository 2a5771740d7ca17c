from typing import Any

import pytest

from soso.model.errors import BadInput
from soso.web.app import make_web_app
from tests.unit.web.fakes import BLOB, make_app


def test_too_many_requests_are_refused_with_a_time(visit: Any) -> None:
    visitor = visit(make_app(rate_limit="3/minute"))
    assert [visitor.get("/robots.txt").status_code for _ in range(4)] == [200, 200, 200, 429]
    page = visitor.get("/search?q=x")
    assert page.status_code == 429
    assert 0 < int(page.headers["retry-after"]) <= 60
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"]
    api = visitor.get("/api/v1/search")
    assert api.json()["error"]["code"] == "too_many_requests"


def test_files_and_supervisors_are_not_counted(visit: Any) -> None:
    visitor = visit(make_app(rate_limit="1/minute"))
    for _ in range(5):
        assert visitor.get(f"/b/{BLOB}").status_code == 200
        assert visitor.get("/static/site.css").status_code == 200
        assert visitor.get("/healthz").status_code == 200
        assert visitor.get("/metrics").status_code == 200
    assert visitor.get("/robots.txt").status_code == 200


def test_a_made_up_address_does_not_help(visit: Any) -> None:
    visitor = visit(make_app(rate_limit="1/minute"))
    visitor.get("/robots.txt")
    answer = visitor.get("/robots.txt", headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status_code == 429


def test_behind_a_proxy_readers_are_counted_apart(visit: Any) -> None:
    app = make_app(rate_limit="1/minute", trusted_proxies="192.0.2.0/24")
    visitor = visit(app)
    for last in range(1, 4):
        answer = visitor.get("/robots.txt", headers={"X-Forwarded-For": f"203.0.113.{last}"})
        assert answer.status_code == 200
    again = visitor.get("/robots.txt", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.1"})
    assert again.status_code == 429


def test_a_long_address_is_refused(visitor: Any) -> None:
    assert visitor.get("/search?q=" + "字" * 500).status_code == 200
    for path in ("/search?q=" + "a" * 20_000, "/c/" + "a" * 20_000):
        answer = visitor.get(path)
        assert answer.status_code == 414
        assert len(answer.content) < 50_000


def test_a_large_body_is_refused(visitor: Any) -> None:
    assert visitor.post("/report", content=b"a=" + b"x" * 70_000).status_code == 413

    async def endless():  # type: ignore[no-untyped-def]
        for _ in range(1000):
            yield b"x" * 1000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = visitor.post("/report", content=endless(), headers=form)
    assert answer.status_code == 413
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("settings", [{"rate_limit": "often"}, {"trusted_proxies": "proxy"}])
def test_settings_it_can_not_take_say_so(settings: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        make_web_app(make_app(**settings))  # type: ignore[arg-type]
