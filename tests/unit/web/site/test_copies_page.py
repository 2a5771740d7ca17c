"""The section of copies on a post's page, and the page with all of them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from soso.model.post import Forward
from soso.query.traces import Change, Copy, Piece, Trace
from tests.unit.web.fakes import EVIL, FakeApp, make_card, make_chat, make_stored
from tests.unit.web.site.pages import Page, assert_harmless

if TYPE_CHECKING:
    from tests.unit.web.conftest import Visit, Visitor

POST = "/c/1500000001/1"


def read(visitor: "Visitor", url: str, status: int = 200, language: str = "en") -> Page:
    answer = visitor.get(url, headers={"Accept-Language": language})
    assert answer.status_code == status, answer.text[:500]
    return Page(answer.text)


def traced(
    count: int, *, text: str = "九十万", sensitive: bool = False, **trace: object
) -> FakeApp:
    """An archive of one post that was published by count channels."""
    chats = [make_chat(key) for key in range(1, count + 1)]
    cards = [make_card(make_stored(1, chat), chat, sensitive=sensitive) for chat in chats]
    copies = [Copy(card=cards[0], is_origin=True)]
    pieces = (
        Piece(change=Change.EQUAL, text="预计"),
        Piece(change=Change.REMOVED, text="四十万"),
        Piece(change=Change.ADDED, text=text),
    )
    copies += [
        Copy(card=card, delay=timedelta(hours=number), pieces=pieces)
        for number, card in enumerate(cards[1:], 1)
    ]
    found = Trace(cluster="1500000001/1", copies=tuple(copies), chats=count, **trace)  # type: ignore[arg-type]
    return FakeApp(cards=cards, chats=chats, trace=found)


def test_a_post_shows_who_else_published_it(visit: "Visit") -> None:
    page = read(visit(traced(3)), POST)
    assert page.text("#copies") == "Published by 2 other channels"
    assert page.links(".copies a") == [f"/c/150000000{key}/1" for key in (1, 2, 3)]
    assert [node.text() for node in page.tree.css(".copies ins")] == ["九十万"] * 2
    assert [node.text() for node in page.tree.css(".copies del")] == ["四十万"] * 2
    assert "2 hours later" in page.tree.css(".copies li")[2].text()
    assert page.text(".copies .badge") == "Origin"
    assert not page.has(".copies-section > p a")


def test_it_speaks_chinese(visit: "Visit") -> None:
    assert read(visit(traced(3)), POST, language="zh-CN").text("#copies") == "另有 2 个频道发布"
    assert read(visit(traced(3)), POST, language="zh-TW").text("#copies") == "另有 2 個頻道發佈"


def test_the_rest_is_one_tap_away(visit: "Visit") -> None:
    visitor = visit(traced(8))
    page = read(visitor, POST)
    assert len(page.tree.css(".copies li")) == 5
    assert page.links(".copies-section > p a") == [f"{POST}/copies"]
    whole = read(visitor, f"{POST}/copies")
    assert len(whole.tree.css(".copies li")) == 8
    assert whole.has("meta[name=robots]")


def test_a_post_that_is_alone(visitor: "Visitor") -> None:
    assert not read(visitor, POST).has(".copies-section")
    assert "No other channel" in read(visitor, f"{POST}/copies").text(".post")


def test_an_origin_outside_is_named(visit: "Visit") -> None:
    page = read(visit(traced(2, outside=Forward(name="远方频道"))), f"{POST}/copies")
    assert "远方频道" in page.text(".post")


def test_the_page_has_one_address(visitor: "Visitor") -> None:
    answer = visitor.get("/c/channel1/1/copies", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"{POST}/copies")
    assert read(visitor, "/c/1500000001/x/copies", 404).has("main")


def test_sensitive_copies_stay_behind_the_veil(visit: "Visit") -> None:
    visitor = visit(traced(3, sensitive=True))
    assert not read(visitor, POST).has(".copies")
    assert visitor.get(f"{POST}/copies", follow_redirects=False).status_code == 303


def test_what_strangers_wrote_does_no_harm(visit: "Visit") -> None:
    visitor = visit(traced(3, text=EVIL, outside=Forward(name=EVIL)))
    for url in (POST, f"{POST}/copies"):
        answer = visitor.get(url)
        assert answer.status_code == 200
        assert_harmless(Page(answer.text))


def test_the_api_tells_of_copies(visit: "Visit") -> None:
    visitor = visit(traced(3))
    post = visitor.get("/api/v1/posts/1500000001/1").json()
    assert (post["cluster"], post["copies"]) == ("1500000001/1", 2)
    told = visitor.get("/api/v1/posts/1500000001/1/copies").json()
    assert (told["cluster"], told["chats"], told["outside"]) == ("1500000001/1", 3, None)
    assert [copy["origin"] for copy in told["copies"]] == [True, False, False]
    assert [copy["delay_s"] for copy in told["copies"]] == [None, 3600, 7200]
    assert told["copies"][1]["differences"][2] == {"change": "added", "text": "九十万"}


def test_the_api_of_a_post_that_is_alone(visitor: "Visitor") -> None:
    post = visitor.get("/api/v1/posts/1500000001/1").json()
    assert (post["cluster"], post["copies"]) == (None, 0)
    told = visitor.get("/api/v1/posts/1500000001/1/copies").json()
    assert told == {"cluster": None, "chats": 1, "outside": None, "copies": []}
