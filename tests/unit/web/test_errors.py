import logging
from typing import Any

import pytest

from soso.model import errors
from soso.model.errors import (
    BadInput,
    Busy,
    Gone,
    HostileInput,
    IndexMismatch,
    NotFound,
    Refused,
    SosoError,
    Unavailable,
)
from soso.web.errors import status_of
from tests.unit.web.fakes import FakeApp

TABLE = [
    (NotFound("x"), 404, "not_found"),
    (Gone("x"), 410, "gone"),
    (BadInput("x"), 400, "bad_input"),
    (HostileInput("x"), 400, "bad_input"),
    (Refused("x"), 403, "refused"),
    (Busy("x"), 503, "unavailable"),
    (IndexMismatch("x"), 503, "unavailable"),
    (Unavailable("x"), 503, "unavailable"),
    (SosoError("x"), 500, "internal"),
]


def test_every_error_has_a_status() -> None:
    tree = [one for one in vars(errors).values() if isinstance(one, type)]
    assert {type(error) for error, _, _ in TABLE} == set(tree)


@pytest.mark.parametrize(("error", "status", "code"), TABLE, ids=lambda one: str(one)[:20])
def test_an_error_is_told_in_the_form_of_the_door(
    error: SosoError, status: int, code: str, fake: FakeApp, visitor: Any
) -> None:
    assert status_of(error) == status
    fake.fails = error
    api = visitor.get("/api/v1/search?q=x")
    assert api.status_code == status
    assert api.json() == {"error": {"code": code, "message": "x"}}
    page = visitor.get("/search?q=x")
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    feed = visitor.get("/search.atom?q=x")
    assert (feed.status_code, feed.text) == (status, "x")
    for answer in (api, page, feed):
        assert ("retry-after" in answer.headers) == (status == 503)
        assert answer.headers["cache-control"] == "no-store"


def test_what_nobody_foresaw_is_logged_and_not_told(
    fake: FakeApp, visitor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fake.fails = ZeroDivisionError("secret detail")
    with caplog.at_level(logging.ERROR, logger="soso.web"):
        answer = visitor.get("/search?q=x")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = answer.headers["x-request-id"]
    assert number in answer.text
    assert number in caplog.text
    assert "secret detail" in caplog.text
    assert answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    api = visitor.get("/api/v1/search?q=x")
    assert api.json()["error"]["code"] == "internal"
    assert "secret" not in api.text


def test_unknown_addresses_and_methods(visitor: Any) -> None:
    assert visitor.get("/nothing/here").status_code == 404
    assert visitor.get("/api/v1/nothing").json()["error"]["code"] == "not_found"
    assert visitor.post("/api/v1/search").json()["error"]["code"] == "method_not_allowed"
    assert visitor.post("/search").status_code == 405


def test_a_slash_at_the_end_is_forgiven_but_leads_nowhere_else(visitor: Any) -> None:
    answer = visitor.get("/c/1500000001/1/")
    assert (answer.status_code, answer.headers["location"]) == (308, "/c/1500000001/1")
    for hostile in (
        "//evil.example/",
        "///evil.example//",
        "/%5Cevil.example/",
        "/\\evil.example/",
    ):
        answer = visitor.get("http://soso.test" + hostile)
        location = answer.headers.get("location", "/x")
        assert not location.startswith(("//", "/\\", "http"))


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/posts/1500000001/abc",
        "/api/v1/posts/1500000001/99999999999999999999999",
        "/api/v1/posts/" + "a" * 65 + "/1",
    ],
)
def test_an_address_of_another_form_is_not_found(path: str, visitor: Any) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "sort=best", "kind=cat", "page=" + "x" * 501]
)
def test_a_bad_parameter_is_named_without_being_repeated(query: str, visitor: Any) -> None:
    answer = visitor.get(f"/api/v1/search?{query}")
    assert answer.status_code == 400
    message = answer.json()["error"]["message"]
    assert message.startswith(query.partition("=")[0])
    assert "x" * 100 not in message
