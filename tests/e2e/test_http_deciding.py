"""What an operator decides holds at once behind every door."""

from collections.abc import Iterator
from typing import Any

import pytest

from soso.alerts.watch import Door, Owner, WatchState
from soso.bootstrap import App
from soso.flows.watch import NewWatch
from tests.e2e.http_archive import (
    TRAFFIC,
    WEATHER,
    make_visitor,
    open_archive,
    sign_in,
)
from tests.unit.web.visitor import find_csrf


@pytest.fixture
def app(tmp_path: Any) -> Iterator[App]:
    with open_archive(tmp_path) as app:
        yield app


@pytest.fixture
def visitor(app: App) -> Iterator[Any]:
    visitor = make_visitor(app)
    yield visitor
    visitor.close()


def set_chat(visitor: Any, chat: str, **fields: str) -> None:
    fields = {"csrf": sign_in(visitor), **fields}
    assert visitor.post(f"/admin/chats/{chat}", data=fields).status_code == 303


def found(visitor: Any, q: str, **asked: Any) -> set[tuple[str, int | None]]:
    answer = visitor.get("/api/v1/search", params={"q": q, "limit": 100, **asked})
    return {(hit["chat"], hit["id"]) for hit in answer.json()["hits"]}


def listed(visitor: Any) -> str:
    """Everything that lists chats and posts, as one text."""
    paths = ("/", "/chats", "/api/v1/chats", "/sitemaps/posts-1.xml", "/sitemaps/chats-1.xml")
    return "".join(visitor.get(path).text for path in paths)


def test_a_chat_made_private_is_gone_before_the_index_follows(visitor: Any) -> None:
    assert (WEATHER, 2) in found(visitor, "带伞")
    set_chat(visitor, WEATHER, visibility="private")
    assert found(visitor, "带伞") == set()
    assert WEATHER not in listed(visitor)
    for path in (f"/c/{WEATHER}", f"/c/{WEATHER}/2", f"/c/{WEATHER}/feed.atom"):
        assert visitor.get(path).status_code == 404
    related = visitor.get(f"/api/v1/posts/{TRAFFIC}/1/related").json()["related"]
    assert all(hit["chat"] != WEATHER for hit in related)


def test_an_unlisted_chat_is_read_by_address_only(visitor: Any) -> None:
    set_chat(visitor, WEATHER, visibility="unlisted")
    assert visitor.get(f"/c/{WEATHER}/2").status_code == 200
    assert visitor.get(f"/api/v1/posts/{WEATHER}/2").status_code == 200
    assert visitor.get(f"/c/{WEATHER}/feed.atom").status_code == 404
    assert found(visitor, "带伞") == set()
    assert WEATHER not in listed(visitor)


def test_a_chat_that_wants_no_robots_stays_in_our_search(visitor: Any) -> None:
    set_chat(visitor, WEATHER, visibility="public", no_index="1")
    assert (WEATHER, 2) in found(visitor, "带伞")
    for path in ("/sitemaps/posts-1.xml", "/sitemaps/chats-1.xml"):
        assert WEATHER not in visitor.get(path).text
    assert "noindex" in visitor.get(f"/c/{WEATHER}/2").text


def test_sensitive_posts_are_veiled_until_asked_for(app: App, visitor: Any) -> None:
    set_chat(visitor, WEATHER, visibility="public", sensitive="1")
    app.index_changes()
    assert found(visitor, "带伞") == set()
    assert (WEATHER, 2) in found(visitor, "带伞", sensitive="true")
    veiled = visitor.get(f"/api/v1/posts/{WEATHER}/2")
    assert veiled.json()["hit"]["veiled"]
    page = visitor.get(f"/c/{WEATHER}/2")
    feed = visitor.get(f"/c/{WEATHER}/feed.json")
    for answer in (veiled, page, feed):
        assert "带伞" not in answer.text
    assert "带伞" in visitor.get(f"/api/v1/posts/{WEATHER}/2?sensitive=1").text


def test_a_request_is_decided_and_the_post_is_gone(app: App, visitor: Any) -> None:
    token = find_csrf(visitor.get(f"/report?chat={WEATHER}&id=2"))
    form = {"csrf": token, "chat": WEATHER, "id": "2", "role": "owner", "reason": "请删除"}
    answer = visitor.post("/report", data=form)
    assert answer.status_code == 303, answer.text
    number = answer.headers["location"].rpartition("/")[2]
    csrf = sign_in(visitor)
    queue = visitor.get("/admin/requests").text
    assert "请删除" in queue
    decision = {"csrf": csrf, "decision": "accept", "note": "好的"}
    assert visitor.post(f"/admin/requests/{number}", data=decision).status_code == 303
    for path in (f"/c/{WEATHER}/2", f"/api/v1/posts/{WEATHER}/2"):
        assert visitor.get(path).status_code == 410
    assert visitor.get(f"/api/v1/posts/{WEATHER}/2").json()["error"]["code"] == "gone"
    assert (WEATHER, 2) not in found(visitor, "带伞")
    assert f"/c/{WEATHER}/2<" not in visitor.get("/sitemaps/posts-1.xml").text
    assert "带伞" not in visitor.get(f"/c/{WEATHER}/feed.atom").text
    again = visitor.post(f"/admin/requests/{number}", data=decision)
    assert again.status_code == 400
    assert "好的" in visitor.get("/admin/decisions").text
    # a second request for what is gone is told so
    assert visitor.post("/report", data={**form}).status_code == 404


def test_a_blocked_word_hides_what_is_here(visitor: Any) -> None:
    form = {"csrf": sign_in(visitor), "kind": "word", "value": "地铁", "reason": "test"}
    assert visitor.post("/admin/blocks", data=form).status_code == 303
    assert visitor.get(f"/c/{TRAFFIC}/2").status_code == 410
    assert "地铁" in visitor.get("/admin/blocks").text
    removal = {"csrf": form["csrf"], "word": "地铁"}
    assert visitor.post("/admin/blocks/remove", data=removal).status_code == 303
    assert 'value="地铁"' not in visitor.get("/admin/blocks").text


def test_one_post_is_hidden_and_shown_again(visitor: Any) -> None:
    csrf = sign_in(visitor)
    address = f"http://soso.test/c/{TRAFFIC}/3"
    for decision, status in (("hide", 410), ("show", 200)):
        form = {"csrf": csrf, "value": address, "decision": decision}
        assert visitor.post("/admin/posts", data=form).status_code == 303
        assert visitor.get(f"/c/{TRAFFIC}/3").status_code == status


def test_the_operator_sees_imports_and_private_chats(visitor: Any) -> None:
    sign_in(visitor)
    assert "摄影俱乐部" in visitor.get("/admin/chats").text
    assert "1500000001.json" in visitor.get("/admin/imports").text
    assert visitor.get("/admin").status_code == 200


def test_saved_queries_are_seen_stopped_and_forgotten(app: App, visitor: Any) -> None:
    made = [
        app.add_watch(
            NewWatch(owner=Owner(door=Door.BOT, id="71"), text=text, zone="Asia/Shanghai")
        )[0]
        for text in ("<b>台风</b>", "流星雨")
    ]
    assert visitor.get("/admin/alerts").status_code == 303
    csrf = sign_in(visitor)
    page = visitor.get("/admin/alerts").text
    assert "&lt;b&gt;台风" in page
    assert all(one.secret not in page for one in made)
    path = f"/admin/alerts/{made[0].number}"
    assert visitor.post(path, data={"change": "stop"}).status_code == 403
    for change, state in (("stop", WatchState.STOPPED), ("resume", WatchState.ACTIVE)):
        assert visitor.post(path, data={"csrf": csrf, "change": change}).status_code == 303
        assert app.get_watch(made[0].number).state is state
    assert visitor.post(path, data={"csrf": csrf, "change": "remove"}).status_code == 303
    assert app.list_watches() == [made[1]]
    assert visitor.post(path, data={"csrf": csrf, "change": "remove"}).status_code == 404
    assert visitor.post(path, data={"csrf": csrf, "change": "sell"}).status_code == 400
    assert "流星雨" in visitor.get("/admin/alerts?page=x").text
    assert "流星雨" not in visitor.get("/admin/alerts?page=2").text
