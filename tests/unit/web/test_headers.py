from typing import Any

import pytest

from tests.unit.web.fakes import BLOB, make_app

PATHS = ["/", "/search?q=x", "/nope", "/api/v1/search", "/report", "/healthz", "/robots.txt"]


@pytest.mark.parametrize("path", [*PATHS, f"/b/{BLOB}", "/api/docs"])
def test_every_answer_is_armoured(path: str, visitor: Any) -> None:
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert len(headers["x-request-id"]) == 16
    assert "strict-transport-security" not in headers
    assert "server" not in headers


def test_pages_load_nothing_inline_and_nothing_from_elsewhere(visitor: Any) -> None:
    policy = visitor.get("/").headers["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["base-uri"] == "'none'"
    assert "data:" not in policy
    assert "data:" in visitor.get("/api/docs").headers["content-security-policy"]


def test_pictures_can_do_nothing_at_all(visitor: Any) -> None:
    policy = visitor.get(f"/b/{BLOB}").headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_only_the_api_is_open_to_other_sites(visitor: Any) -> None:
    assert visitor.get("/api/v1/search").headers["access-control-allow-origin"] == "*"
    assert visitor.get("/api/v1/nope").headers["access-control-allow-origin"] == "*"
    for path in ("/", "/search.json?q=", "/report", "/admin/login"):
        assert "access-control-allow-origin" not in visitor.get(path).headers


def test_https_is_kept(visit: Any) -> None:
    visitor = visit(make_app(public_url="https://soso.example"))
    assert "max-age" in visitor.get("/").headers["strict-transport-security"]


def test_robots_are_told_by_header_too(visit: Any) -> None:
    assert visit(make_app(robots=False)).get("/").headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in visit(make_app()).get("/").headers


def test_nothing_of_a_request_gets_into_headers(visitor: Any) -> None:
    hostile = "/search?q=x%0d%0aSet-Cookie:%20a=b"
    answer = visitor.get(hostile)
    assert answer.status_code == 200
    assert "a=b" not in str(answer.headers)
    for path in ("/lang?to=en&next=/%0d%0aX-Evil:1", "/c/%0d%0aX-Evil:1/"):
        answer = visitor.get(path)
        assert "x-evil" not in answer.headers
        assert "\n" not in answer.headers.get("location", "")
