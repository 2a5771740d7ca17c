from typing import Any

import pytest

from soso.query.plan_types import Sort
from soso.query.results import Notice
from soso.web.api.payloads import (
    ChatAnswer,
    ChatList,
    ChatPosts,
    PostAnswer,
    RelatedAnswer,
    SearchAnswer,
    SuggestAnswer,
)
from tests.unit.web.fakes import EVIL, FakeApp, make_app, make_card, make_chat, make_stored, plain


def test_a_search_gives_hits_with_their_pages(fake: FakeApp, visitor: Any) -> None:
    answer = visitor.get("/api/v1/search?q=第&kind=post&sort=views&limit=3")
    assert answer.headers["content-type"] == "application/json"
    found = SearchAnswer.model_validate(answer.json())
    assert (found.total, found.full, found.kind, found.sort) == (4, True, "post", "views")
    assert [(hit.chat, hit.id) for hit in found.hits][:2] == [("1500000001", 1), ("1500000002", 2)]
    assert found.hits[0].url == "http://soso.test/c/1500000001/1"
    assert found.hits[0].highlights == [[0, 1]]
    assert found.facets["chat"][0].value == "1500000001"
    asked = fake.asked[-1]
    assert (asked.text, asked.kind, asked.sort, asked.limit) == ("第", "post", Sort.VIEWS, 3)


def test_what_a_hit_says_the_other_routes_take(visitor: Any) -> None:
    hit = visitor.get("/api/v1/search?q=第").json()["hits"][0]
    where = f"{hit['chat']}/{hit['id']}"
    post = PostAnswer.model_validate(visitor.get(f"/api/v1/posts/{where}").json())
    assert post.hit.url == hit["url"]
    related = visitor.get(f"/api/v1/posts/{where}/related?limit=2")
    assert len(RelatedAnswer.model_validate(related.json()).related) == 2
    chat = visitor.get(f"/api/v1/chats/{hit['chat']}")
    assert ChatAnswer.model_validate(chat.json()).posts == 2
    posts = visitor.get(f"/api/v1/chats/{hit['chat']}/posts?limit=1")
    page = ChatPosts.model_validate(posts.json())
    assert (len(page.posts), page.next) == (1, "token")


def test_names_are_taken_and_the_answer_says_the_number(visitor: Any) -> None:
    for name in ("@channel1", "channel1"):
        assert visitor.get(f"/api/v1/chats/{name}").json()["chat"] == "1500000001"


def test_listed_chats_only_and_in_pages(visitor: Any) -> None:
    found = ChatList.model_validate(visitor.get("/api/v1/chats").json())
    assert [chat.chat for chat in found.chats] == ["1500000001", "1500000002"]
    assert found.next_offset is None
    first = visitor.get("/api/v1/chats?limit=1").json()
    assert first["next_offset"] == 1
    assert visitor.get("/api/v1/chats?limit=1&offset=1").json()["next_offset"] is None
    assert visitor.get("/api/v1/chats?kind=group").json()["chats"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/chats/1500000003",
        "/api/v1/chats/1500000003/posts",
        "/api/v1/posts/1500000003/1",
        "/api/v1/posts/1500000003/1/related",
    ],
)
def test_what_is_private_is_not_there(path: str, visitor: Any) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_notice_comes_with_words(fake: FakeApp, visitor: Any) -> None:
    fake.notices = (Notice(code="unknown_chat", args={"text": "@x"}), Notice(code="brand_new"))
    first, second = visitor.get("/api/v1/search?q=第").json()["notices"]
    assert first["code"] == "unknown_chat"
    assert "@x" in first["text"]
    assert "brand_new" in second["text"]


def test_sensitive_posts_are_veiled_until_asked_for(visit: Any) -> None:
    chat = make_chat(1)
    app = FakeApp(cards=[make_card(make_stored(1, chat), chat, sensitive=True)], chats=[chat])
    visitor = visit(app)
    veiled = PostAnswer.model_validate(visitor.get("/api/v1/posts/1500000001/1").json())
    assert veiled.hit.veiled
    assert (veiled.text, veiled.hit.title, veiled.media) == ("", "", [])
    shown = PostAnswer.model_validate(
        visitor.get("/api/v1/posts/1500000001/1?sensitive=true").json()
    )
    assert shown.text.startswith("第1篇")


def test_text_is_plain_and_comes_back_as_it_was(visit: Any) -> None:
    chat = make_chat(1, title=EVIL)
    card = make_card(make_stored(1, chat, text=EVIL), chat, title=plain(EVIL), snippet=plain(EVIL))
    visitor = visit(FakeApp(cards=[card], chats=[chat]))
    answer = visitor.get("/api/v1/posts/1500000001/1")
    assert answer.json()["text"] == EVIL
    assert answer.json()["hit"]["chat_title"] == EVIL
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_odd_queries_are_answered(visitor: Any) -> None:
    for q in ("", " ", '"', "((((", "\x00", "a" * 10_000, "%ff", "kind:", "💩", "\ud7ff"):
        assert visitor.get("/api/v1/search", params={"q": q}).status_code == 200


def test_an_answer_is_not_sent_twice(visitor: Any) -> None:
    first = visitor.get("/api/v1/search?q=第")
    again = visitor.get("/api/v1/search?q=第", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["access-control-allow-origin"] == "*"


def test_suggestions_lead_to_chats_and_to_answers(fake: FakeApp, visitor: Any) -> None:
    fake.popular = ("频道大全", f"频道{EVIL}")
    answer = visitor.get("/api/v1/suggest?q=频道&limit=4")
    found = SuggestAnswer.model_validate(answer.json())
    assert found.query == "频道"
    assert [(one.kind, one.chat) for one in found.suggestions] == [
        ("channel", "1500000001"),
        ("channel", "1500000002"),
        ("popular", None),
        ("popular", None),
    ]
    assert found.suggestions[0].url == "http://soso.test/c/1500000001"
    assert (
        found.suggestions[2].url == "http://soso.test/search?q=%E9%A2%91%E9%81%93%E5%A4%A7%E5%85%A8"
    )
    assert "\u202e" not in found.suggestions[3].text
    assert visitor.get("/api/v1/suggest").json()["suggestions"] != []
    assert visitor.get("/api/v1/suggest?q=x&limit=0").status_code == 400


def test_typing_does_not_use_up_the_pages(visit: Any) -> None:
    visitor = visit(make_app(rate_limit="3/minute"))
    for number in range(20):
        assert visitor.get(f"/api/v1/suggest?q={number}").status_code == 200
    assert visitor.get("/search?q=a").status_code == 200
    for number in range(580):
        assert visitor.get(f"/api/v1/suggest?q={number}").status_code == 200
    refused = visitor.get("/api/v1/suggest?q=x")
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "too_many_requests"


def test_searches_of_programs_are_counted_once(fake: FakeApp, visitor: Any) -> None:
    visitor.get("/api/v1/search?q=第&kind=post")
    visitor.get("/api/v1/search?q=第&page=r.x")
    visitor.get("/api/v1/search?q=第", headers={"User-Agent": "SomeBot/1.0"})
    assert fake.done == [("asked", "第", 4)]
