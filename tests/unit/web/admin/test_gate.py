import logging
from typing import Any

import pytest

from tests.unit.web.fakes import PASSWORD, FakeApp, make_app
from tests.unit.web.visitor import find_csrf

GETS = ["", "/chats", "/imports", "/requests", "/blocks", "/decisions"]
POSTS = ["/chats/1500000001", "/requests/1", "/blocks", "/blocks/remove", "/posts", "/logout"]


@pytest.mark.parametrize("path", GETS)
def test_nobody_sees_a_page_without_signing_in(path: str, visitor: Any) -> None:
    for cookie in ("", "soso_session=forged", "soso_session=W10.aaaa.bbbb"):
        answer = visitor.get(f"/admin{path}", headers={"Cookie": cookie})
        assert (answer.status_code, answer.headers["location"]) == (303, "/admin/login")
        assert answer.content == b""


@pytest.mark.parametrize("path", POSTS)
def test_nobody_does_anything_without_signing_in(path: str, visitor: Any, fake: FakeApp) -> None:
    answer = visitor.post(f"/admin{path}", data={"csrf": "x", "visibility": "public"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/login")
    assert fake.done == []


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_the_token_does_nothing(path: str, operator: Any, fake: FakeApp) -> None:
    for csrf in ("", "x", "0" * 64):
        answer = operator.post(
            f"/admin{path}", csrf=csrf, visibility="public", kind="word", value="x"
        )
        assert answer.status_code == 403
    assert fake.done == []
    assert fake.blocks == []
    assert operator.get("/admin").status_code == 200


def test_the_password_opens(operator: Any) -> None:
    page = operator.get("/admin")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert operator.get("/admin/login").status_code == 303


def test_the_session_cookie_is_kept_close(visit: Any) -> None:
    visitor = visit(make_app(public_url="https://soso.example"))
    page = visitor.get("/admin/login", headers={"X-Forwarded-Proto": "https"})
    token = page.headers["set-cookie"].partition("=")[2].partition(";")[0]
    answer = visitor.post(
        "/admin/login",
        data={"csrf": find_csrf(page), "password": PASSWORD},
        headers={"Cookie": f"soso_form={token}"},  # secure: not sent to http by the client itself
    )
    cookie = answer.headers["set-cookie"].lower()
    for flag in ("httponly", "secure", "samesite=strict", "path=/admin", "max-age=43200"):
        assert flag in cookie


def test_a_wrong_password_does_not(visitor: Any, caplog: pytest.LogCaptureFixture) -> None:
    for password in ("wrong-secret", "", "x" * 50_000):
        page = visitor.get("/admin/login")
        with caplog.at_level(logging.WARNING, logger="soso.web.admin"):
            answer = visitor.post(
                "/admin/login", data={"csrf": find_csrf(page), "password": password}
            )
        assert answer.status_code == 403
        assert "soso_session" not in answer.headers.get("set-cookie", "")
    assert visitor.get("/admin").status_code == 303
    assert "192.0.2.7" in caplog.text
    assert "wrong-secret" not in caplog.text


def test_another_site_can_not_sign_anyone_in(visitor: Any) -> None:
    visitor.get("/admin/login")
    answer = visitor.post("/admin/login", data={"csrf": "x", "password": PASSWORD})
    assert answer.status_code == 403
    assert visitor.get("/admin").status_code == 303


def test_tries_are_limited_and_the_right_password_does_not_help_then(visitor: Any) -> None:
    token = find_csrf(visitor.get("/admin/login"))
    for _ in range(5):
        answer = visitor.post("/admin/login", data={"csrf": token, "password": "no"})
        assert answer.status_code == 403
    answer = visitor.post("/admin/login", data={"csrf": token, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60


def test_signing_out_ends_it_for_copies_of_the_cookie_too(operator: Any) -> None:
    copy = operator.visitor.cookies["soso_session"]
    answer = operator.post("/admin/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/login")
    assert operator.get("/admin").status_code == 303
    again = operator.visitor.get("/admin", headers={"Cookie": f"soso_session={copy}"})
    assert again.status_code == 303
