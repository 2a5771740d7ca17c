from typing import Any

import pytest

from tests.unit.web.fakes import EVIL, NOW, FakeApp, make_app
from tests.unit.web.visitor import find_csrf

GOOD = {
    "chat": "1500000001",
    "id": "1",
    "role": "named",
    "reason": "我的名字在里面",
    "contact": "me@example.org",
    "website": "",
}


def open_form(visitor: Any, query: str = "") -> dict[str, str]:
    page = visitor.get(f"/report{query}")
    assert page.status_code == 200
    return {"csrf": find_csrf(page)}


def send(visitor: Any, **changes: str) -> Any:
    return visitor.post("/report", data={**GOOD, **open_form(visitor), **changes})


def test_a_request_reaches_the_queue(fake: FakeApp, visitor: Any) -> None:
    answer = send(visitor)
    assert (answer.status_code, answer.headers["location"]) == (303, "/report/thanks/1")
    (request,) = fake.requests
    assert (request.chat, request.post_id, request.role) == ("1500000001", 1, "named")
    assert (request.reason, request.contact) == ("我的名字在里面", "me@example.org")
    assert (request.door, request.at) == ("web", NOW)
    thanks = visitor.get(answer.headers["location"])
    assert thanks.status_code == 200
    assert "1" in thanks.text


@pytest.mark.parametrize(
    ("chat", "number", "post_id"),
    [
        ("https://t.me/channel1/3", "", 3),
        ("http://soso.test/c/1500000001/1", "", 1),
        ("@channel1", "", None),
        ("1500000001", "3", 3),
    ],
)
def test_any_address_at_hand_will_do(
    chat: str, number: str, post_id: int | None, fake: FakeApp, visitor: Any
) -> None:
    assert send(visitor, chat=chat, id=number).status_code == 303
    assert fake.requests[0].post_id == post_id


def test_the_form_is_filled_in_from_the_page_it_was_opened_on(visitor: Any) -> None:
    page = visitor.get("/report?chat=1500000001&id=42")
    assert 'value="1500000001"' in page.text
    assert 'value="42"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "etag" not in page.headers
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/report" in cookie


def test_what_is_filled_in_is_text(visitor: Any) -> None:
    page = visitor.get("/report", params={"chat": EVIL, "id": EVIL})
    assert "<script>alert" not in page.text
    answer = send(visitor, chat=EVIL, id=EVIL, reason=EVIL, contact=EVIL)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("csrf", ["", "forged", "x" * 3000])
def test_another_site_can_not_send_it(csrf: str, fake: FakeApp, visitor: Any) -> None:
    answer = send(visitor, csrf=csrf)
    assert answer.status_code == 403
    assert "我的名字在里面" in answer.text  # what was typed is not lost
    assert fake.requests == []


def test_the_token_of_another_reader_does_not_do(visit: Any, fake: FakeApp) -> None:
    mine, theirs = visit(fake), visit(fake)
    token = open_form(mine)
    open_form(theirs)
    assert theirs.post("/report", data={**GOOD, **token}).status_code == 403
    assert fake.requests == []


def test_a_program_that_fills_in_everything_is_sent_back(fake: FakeApp, visitor: Any) -> None:
    assert send(visitor, website="https://spam.example").status_code == 400
    assert fake.requests == []


@pytest.mark.parametrize(
    "changes",
    [
        {"chat": ""},
        {"chat": "not an address"},
        {"reason": "   "},
        {"reason": "字" * 2001},
        {"contact": "x" * 201},
        {"id": "many"},
        {"id": "²"},
        {"role": "king"},
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, str], fake: FakeApp, visitor: Any) -> None:
    assert send(visitor, **changes).status_code == 400
    assert fake.requests == []


def test_the_longest_reason_fits(fake: FakeApp, visitor: Any) -> None:
    assert send(visitor, reason="字" * 2000).status_code == 303
    assert len(fake.requests[0].reason) == 2000


@pytest.mark.parametrize(
    ("chat", "number"), [("1500000099", ""), ("1500000003", ""), ("1500000001", "77")]
)
def test_what_is_private_is_as_unknown_as_what_is_not_there(
    chat: str, number: str, fake: FakeApp, visitor: Any
) -> None:
    answer = send(visitor, chat=chat, id=number)
    assert answer.status_code == 404
    assert fake.requests == []


def test_nobody_fills_the_queue(visit: Any) -> None:
    app = make_app()
    visitor = visit(app)
    for _ in range(5):
        assert send(visitor).status_code == 303
    refused = send(visitor)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 3000
    assert len(app.requests) == 5


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30])
def test_thanks_are_for_a_number(number: str, visitor: Any) -> None:
    assert visitor.get(f"/report/thanks/{number}").status_code == 404


def test_files_are_not_taken(fake: FakeApp, visitor: Any) -> None:
    token = open_form(visitor)
    answer = visitor.post(
        "/report", data={**GOOD, **token}, files={"extra": ("a.txt", b"x", "text/plain")}
    )
    assert answer.status_code == 400
    assert fake.requests == []
