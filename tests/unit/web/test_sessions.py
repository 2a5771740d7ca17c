from http.cookies import SimpleCookie

import pytest
from starlette.requests import Request
from starlette.responses import Response

from soso.model.errors import Refused
from soso.web.sessions import FormTokens, Sessions

SECRET = "k" * 43


def request_with(answer: Response | None = None, raw: str = "") -> Request:
    if answer is not None:
        jar = SimpleCookie(answer.headers["set-cookie"])
        raw = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
    return Request({"type": "http", "headers": [(b"cookie", raw.encode("latin-1"))]})


def test_a_session_is_found_again() -> None:
    sessions, answer = Sessions(SECRET, https=True), Response()
    name = sessions.begin(answer)
    assert sessions.find(request_with(answer)) == name
    cookie = answer.headers["set-cookie"]
    for flag in ("HttpOnly", "Secure", "SameSite=strict", "Path=/admin", "Max-Age=43200"):
        assert flag.lower() in cookie.lower()


def test_without_https_the_cookie_is_not_secure() -> None:
    answer = Response()
    Sessions(SECRET, https=False).begin(answer)
    assert "secure" not in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "cookie", ["", "x", "a.b.c", "é.x", "W10.aaaa.bbbb", "x" * 5000, "..", '"', "null"]
)
def test_forged_cookies_are_nobody(cookie: str) -> None:
    sessions = Sessions(SECRET, https=False)
    assert sessions.find(request_with(raw=f"soso_session={cookie}")) is None


def test_a_cookie_signed_with_another_key_is_nobody() -> None:
    answer = Response()
    Sessions("other" * 9, https=False).begin(answer)
    assert Sessions(SECRET, https=False).find(request_with(answer)) is None


def test_a_form_token_is_no_session() -> None:
    tokens = FormTokens(SECRET, https=False, path="/admin/login")
    token, _ = tokens.issue(request_with())
    sessions = Sessions(SECRET, https=False)
    assert sessions.find(request_with(raw=f"soso_session={token}")) is None


def test_a_session_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, answer = Sessions(SECRET, https=False), Response()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 1_000_000.0)
    sessions.begin(answer)
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 1_000_000.0 + 12 * 3600)
    assert sessions.find(request_with(answer)) is not None
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 1_000_002.0 + 12 * 3600)
    assert sessions.find(request_with(answer)) is None


def test_who_signed_out_is_out_even_with_a_copy_of_the_cookie() -> None:
    sessions, answer = Sessions(SECRET, https=False), Response()
    name = sessions.begin(answer)
    sessions.end(name, Response())
    assert sessions.find(request_with(answer)) is None


def test_a_session_has_a_token_of_its_own() -> None:
    sessions = Sessions(SECRET, https=False)
    token = sessions.csrf_token("one")
    sessions.check_csrf("one", token)
    for wrong in ("", "x", token + "0", sessions.csrf_token("two"), "é"):
        with pytest.raises(Refused):
            sessions.check_csrf("one", wrong)


def test_a_form_needs_cookie_and_field_that_belong_together() -> None:
    tokens = FormTokens(SECRET, https=False, path="/report")
    answer, other = Response(), Response()
    token, set_cookie = tokens.issue(request_with())
    set_cookie(answer)
    other_token, set_other = tokens.issue(request_with())
    set_other(other)
    tokens.check(request_with(answer), token)
    assert answer.headers["cache-control"] == "no-store"
    for request, field in (
        (request_with(), token),
        (request_with(answer), ""),
        (request_with(answer), "forged"),
        (request_with(answer), other_token),
        (request_with(other), token),
    ):
        with pytest.raises(Refused):
            tokens.check(request, field)


def test_a_second_form_leaves_the_first_good() -> None:
    tokens = FormTokens(SECRET, https=False, path="/report")
    first_answer, second_answer = Response(), Response()
    first, set_first = tokens.issue(request_with())
    set_first(first_answer)
    second, set_second = tokens.issue(request_with(first_answer))
    set_second(second_answer)
    tokens.check(request_with(second_answer), first)
    tokens.check(request_with(second_answer), second)
