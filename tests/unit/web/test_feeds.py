from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from markupsafe import Markup

from soso.model.chat import Visibility
from soso.query.plan_types import Sort
from soso.web.feeds import absolute_html
from tests.unit.web.fakes import (
    EVIL,
    FakeApp,
    make_app,
    make_card,
    make_chat,
    make_chat_card,
    make_stored,
    plain,
)

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(answer: Any) -> list[ElementTree.Element]:
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def link_of(entry: ElementTree.Element) -> str:
    return next(
        link.get("href") or ""
        for link in entry.findall(f"{ATOM}link")
        if link.get("rel") == "alternate"
    )


def test_a_chat_has_its_posts_in_both_forms(visit: Any) -> None:
    visitor = visit(make_app(public_url="https://soso.example"))
    atom = visitor.get("/c/1500000002/feed.atom")
    assert atom.headers["content-type"] == "application/atom+xml"
    assert [link_of(one) for one in entries(atom)] == [
        "https://soso.example/c/1500000002/2",
        "https://soso.example/c/1500000002/4",
    ]
    feed = visitor.get("/c/@channel2/feed.json").json()
    assert feed["home_page_url"] == "https://soso.example/c/1500000002"
    assert feed["items"][0]["image"] == f"https://soso.example/b/{'cd' * 32}"
    assert "image" not in feed["items"][1]


def test_text_is_formatted_with_full_addresses(visit: Any) -> None:
    visitor = visit(make_app(public_url="https://soso.example"))
    (first, _) = entries(visitor.get("/c/1500000001/feed.atom"))
    content = first.findtext(f"{ATOM}content") or ""
    assert '<a href="https://soso.example/search?q=%23' in content
    assert "<br>\n第二行" in content


def test_a_search_has_a_feed_of_what_is_newest(fake: FakeApp, visitor: Any) -> None:
    answer = visitor.get("/search.atom?q=第1篇&kind=post")
    assert len(entries(answer)) == 1
    assert fake.asked[-1].sort is Sort.NEWEST
    assert fake.asked[-1].kind == "post"
    assert not fake.asked[-1].sensitive
    root = ElementTree.fromstring(answer.content)
    own = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == ["http://soso.test/search.atom?q=%E7%AC%AC1%E7%AF%87&kind=post"]
    assert visitor.get("/search.json?q=第").json()["items"]
    assert answer.headers["x-robots-tag"] == "noindex"


def test_chats_and_sensitive_posts_are_not_in_feeds(visit: Any) -> None:
    chat = make_chat(1)
    cards = [
        make_chat_card(chat),
        make_card(make_stored(1, chat), chat, sensitive=True),
        make_card(make_stored(2, chat), chat),
    ]
    visitor = visit(FakeApp(cards=cards, chats=[chat]))
    assert len(entries(visitor.get("/search.atom?q="))) == 1
    assert len(entries(visitor.get("/c/1500000001/feed.atom"))) == 1


def test_only_listed_chats_have_feeds(visit: Any) -> None:
    unlisted = make_chat(1, visibility=Visibility.UNLISTED)
    visitor = visit(FakeApp(cards=[], chats=[unlisted]))
    assert visitor.get("/c/1500000001").status_code == 200
    assert visitor.get("/c/1500000001/feed.atom").status_code == 404
    assert visitor.get("/c/1500000003/feed.json").status_code == 404


def test_hostile_text_stays_text(visit: Any) -> None:
    chat = make_chat(1, title=EVIL, description=EVIL)
    stored = make_stored(1, chat, text=EVIL, author=EVIL)
    cards = [make_card(stored, chat, title=plain(EVIL), snippet=plain(EVIL))]
    visitor = visit(FakeApp(cards=cards, chats=[chat]))
    (entry,) = entries(visitor.get("/c/1500000001/feed.atom"))
    assert "<script>" in (entry.findtext(f"{ATOM}title") or "")  # a title is text
    assert "<script>" not in (entry.findtext(f"{ATOM}content") or "")
    item = visitor.get("/c/1500000001/feed.json").json()["items"][0]
    assert "<script>" not in item["content_html"]
    assert entries(visitor.get("/search.atom", params={"q": EVIL}))


def test_who_has_a_feed_is_not_sent_it_again(visitor: Any) -> None:
    first = visitor.get("/c/1500000002/feed.atom")
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    assert modified == "Mon, 23 Nov 2026 12:00:00 GMT"
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
        again = visitor.get("/c/1500000002/feed.atom", headers=headers)
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/search.rss?q=x", "/c/1500000001/feed.xml"])
def test_other_forms_are_not_found(path: str, visitor: Any) -> None:
    assert visitor.get(path).status_code == 404


def test_an_unknown_kind_is_told(visitor: Any) -> None:
    answer = visitor.get("/search.json?q=x&kind=cat")
    assert answer.status_code == 400
    assert "video" in answer.json()["error"]["message"]


def test_an_edit_changes_the_feed(visitor: Any, fake: FakeApp) -> None:
    before = visitor.get("/c/1500000002/feed.atom").headers["etag"]
    card = fake.cards[1]
    assert card.stored is not None
    post = msgspec.structs.replace(card.stored.post, text="改过了")
    stored = msgspec.structs.replace(card.stored, post=post)
    fake.cards[1] = msgspec.structs.replace(card, stored=stored)
    answer = visitor.get("/c/1500000002/feed.atom", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert "改过了" in answer.text


def test_line_breaks_in_code_stay_as_they_are() -> None:
    html = 'a\n<pre data-language="py"><code>b\nc</code></pre>\nd <a href="/x">e</a>'
    assert absolute_html(Markup(html), "https://s") == (
        'a<br>\n<pre data-language="py"><code>b\nc</code></pre><br>\nd <a href="https://s/x">e</a>'
    )
