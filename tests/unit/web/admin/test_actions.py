from typing import Any

import pytest

from soso.model.batch import Block
from soso.model.chat import Visibility
from soso.model.errors import BadInput
from soso.ports.desk import RemovalRequest
from soso.web.admin.actions import parse_block
from tests.unit.web.fakes import NOW, FakeApp


def test_a_chat_is_set_and_the_list_is_where_it_was(operator: Any, fake: FakeApp) -> None:
    answer = operator.post(
        "/admin/chats/1500000001",
        visibility="unlisted",
        sensitive="1",
        back="q=%E9%A2%91&page=2",
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/admin/chats?q=%E9%A2%91&page=2#1500000001"
    changes = {
        "who": "operator",
        "visibility": Visibility.UNLISTED,
        "sensitive": True,
        "no_index": False,
    }
    assert fake.done == [("set_chat", "1500000001", changes)]


def test_the_way_back_stays_here(operator: Any) -> None:
    for back in ("//evil.example", "https://evil.example", "\r\nX-Evil: 1", "#/../../c"):
        answer = operator.post("/admin/chats/1500000001", visibility="public", back=back)
        assert answer.headers["location"].startswith("/admin/chats?")
        assert "x-evil" not in answer.headers


@pytest.mark.parametrize("visibility", ["", "secret", "PUBLIC"])
def test_visibility_is_one_of_three(visibility: str, operator: Any, fake: FakeApp) -> None:
    answer = operator.post("/admin/chats/1500000001", visibility=visibility)
    assert answer.status_code == 400
    assert fake.done == []


def test_a_request_is_decided_with_a_note(operator: Any, fake: FakeApp) -> None:
    fake.requests.append(RemovalRequest(chat="1", role="owner", reason="x", at=NOW, number=1))
    answer = operator.post("/admin/requests/1", decision="refuse", note=" not\r\nyours ")
    assert answer.headers["location"] == "/admin/requests"
    operator.post("/admin/requests/1", decision="accept")
    assert fake.done == [
        ("decide", 1, False, "operator", "not yours"),
        ("decide", 1, True, "operator", ""),
    ]


def test_a_decision_is_clear_and_its_request_known(operator: Any, fake: FakeApp) -> None:
    assert operator.post("/admin/requests/1", decision="maybe").status_code == 400
    assert operator.post("/admin/requests/7", decision="accept").status_code == 404
    assert operator.post("/admin/requests/x", decision="accept").status_code == 404
    assert fake.done == []


def test_blocks_are_added_and_removed(operator: Any, fake: FakeApp) -> None:
    answer = operator.post("/admin/blocks", kind="word", value=" 博彩 ", reason="spam")
    assert answer.headers["location"] == "/admin/blocks"
    assert fake.blocks == [Block(at=NOW, word="博彩", reason="spam")]
    assert "博彩" in operator.get("/admin/blocks").text
    operator.post("/admin/blocks/remove", chat="1500000001", post_id="-3")
    removed = Block(at=NOW, chat="1500000001", post_id=-3)
    assert fake.done == [("unblock", removed, "operator")]
    long = operator.post("/admin/blocks/remove", chat="1500000001", post_id="9" * 5000)
    assert long.status_code == 303


def test_what_can_not_be_blocked_is_told_on_the_page(operator: Any, fake: FakeApp) -> None:
    for kind, value in (("word", "taken"), ("chat", "no address"), ("post", "@name"), ("", "x")):
        answer = operator.post("/admin/blocks", kind=kind, value=value)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert "<script>alert" not in answer.text
    assert fake.blocks == []


@pytest.mark.parametrize(
    ("kind", "value", "block"),
    [
        ("chat", "https://t.me/durov", {"chat": "@durov"}),
        ("chat", "@durov", {"chat": "@durov"}),
        ("chat", "/c/g42", {"chat": "g42"}),
        ("chat", "x17", {"chat": "x17"}),
        ("post", "https://t.me/c/1500000001/9", {"chat": "1500000001", "post_id": 9}),
        ("author", "u77", {"author": "u77"}),
        ("word", "博彩", {"word": "博彩"}),
    ],
)
def test_forms_of_blocks(kind: str, value: str, block: dict[str, Any], fake: FakeApp) -> None:
    assert parse_block(kind, value, "", fake) == Block(at=NOW, **block)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("chat", ""), ("chat", "durov/12"), ("post", "durov"), ("author", "@durov")),
        *(("author", "77 or so"), ("word", "  "), ("everything", "x")),
    ],
)
def test_what_is_no_block(kind: str, value: str, fake: FakeApp) -> None:
    with pytest.raises(BadInput):
        parse_block(kind, value, "", fake)  # type: ignore[arg-type]


def test_one_post_is_hidden_and_shown_again(operator: Any, fake: FakeApp) -> None:
    for decision in ("hide", "show"):
        answer = operator.post("/admin/posts", value="/c/1500000001/1", decision=decision)
        assert answer.headers["location"] == "/admin/decisions"
    assert fake.done == [
        ("hide", "1500000001", 1, True, "operator"),
        ("hide", "1500000001", 1, False, "operator"),
    ]
    assert operator.post("/admin/posts", value="/c/1500000001").status_code == 400
