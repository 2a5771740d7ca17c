"""What readers ask, from the page to `soso queries`: counted, suggested, and nobody's."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from soso.bootstrap import App
from soso.model.batch import Block
from soso.model.chat import Visibility
from soso.query.results import SearchRequest
from soso.web.app import make_web_app
from tests.e2e.http_archive import CLUB, TRAFFIC, WEATHER, make_visitor, open_archive, sign_in
from tests.unit.web.visitor import Visitor

ADDRESS = "203.0.113.77"
CAME_FROM = "http://soso.test/search?q=%E5%8F%B0%E9%A3%8E"
AGENT = "Mozilla/5.0 (X11; Unmistakable)"


def follow(app: App) -> None:
    """What the worker does."""
    while app.offer_step():
        pass


def make_popular(app: App, text: str) -> None:
    """Let a query be asked in three hours of each of four days."""
    now = app.clock.now()
    for hours in range(12):
        at = now - timedelta(days=hours % 4, hours=hours)
        app.clock.now = lambda at=at: at  # type: ignore[method-assign, misc]
        app.count_search(text, app.search(SearchRequest(text=text)))
    app.clock.now = lambda: now  # type: ignore[method-assign]
    app.flush_searches()
    app.load_popular()


def test_from_the_page_to_the_operator(tmp_path: Path, soso: Callable[..., Any]) -> None:
    with open_archive(tmp_path, embedder="none") as app:
        visitor = make_visitor(app)
        with closing(visitor):
            visitor.get("/search?q=台风")
            visitor.get("/search?q=颱風&kind=video", headers={"Referer": "http://soso.test/"})
            visitor.get(f"/c/{WEATHER}/1", headers={"Referer": CAME_FROM})
            visitor.get("/api/v1/search?q=白鹭大桥")
            visitor.get("/search?q=@unknown_channel")
            sign_in(visitor)
            page = visitor.get("/admin/queries").text
    assert "白鹭大桥" in page
    assert "@unknown_channel" in page
    told = json.loads(soso("queries", "--json", data=tmp_path / "data").stdout)
    [typhoon] = [row for row in told["popular"] if row["key"] == "台风"]
    assert (typhoon["asked"], typhoon["clicked"]) == (2, 1)
    assert "白鹭大桥" in [row["text"] for row in told["missed"]]
    assert [one["text"] for one in told["names"]] == ["@unknown_channel"]
    table = soso("queries", "--days", "7", "--limit", "3", data=tmp_path / "data").stdout
    assert "found nothing" in table
    assert "白鹭大桥" in table


def test_nothing_of_who_asked_is_kept_anywhere(tmp_path: Path) -> None:
    with open_archive(tmp_path, embedder="none") as app:
        visitor = Visitor(make_web_app(app), client=(ADDRESS, 40_000))
        visitor.cookies.set("lang", "cookie-of-somebody")
        with closing(visitor):
            for text in ("台风", "13800138000", "写信给 someone@example.org", "密" * 101):
                visitor.get(f"/search?q={text}", headers={"User-Agent": AGENT})
            visitor.get(
                f"/c/{WEATHER}/1",
                headers={"Referer": CAME_FROM, "User-Agent": AGENT},
            )
            follow(app)
            visitor.get("/api/v1/suggest?q=台", headers={"User-Agent": AGENT})
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert "台风".encode() in kept
    for secret in (ADDRESS, AGENT, "cookie-of-somebody", "13800138000", "someone@example", "密密"):
        assert secret.encode() not in kept, secret


def test_turned_off_nothing_is_counted_or_kept(tmp_path: Path) -> None:
    with open_archive(tmp_path, embedder="none", query_log=False) as app:
        app.store.add_queries([])
        with closing(make_visitor(app)) as visitor:
            visitor.get("/search?q=台风")
        app.housekeep()
        assert app.list_queries().popular == ()


def test_what_is_private_or_hidden_is_in_no_suggestion(tmp_path: Path) -> None:
    with open_archive(tmp_path, embedder="none") as app:
        follow(app)
        with closing(make_visitor(app)) as visitor:

            def told(typed: str) -> str:
                answer = visitor.get(f"/api/v1/suggest?q={typed}").json()["suggestions"]
                return f"{answer}{visitor.get(f'/suggest?q={typed}').json()[1:]}"

            assert "受台风影响" in told("受台风")
            assert "出行通" in told("cxt")
            for typed in ("摄影", "摄影俱乐部", "sheying", "sy", "syjlb", CLUB):
                assert "俱乐部" not in told(typed)
            app.set_chat(TRAFFIC, who="test", visibility=Visibility.PRIVATE)
            assert "影响" not in told("受台风")
            assert "出行通" not in told("cxt")
            app.hide_post(WEATHER, 3, hidden=True, who="test")
            assert "山区" not in told("冷空气")
            app.purge(WEATHER, 1, who="test")
    for path in (tmp_path / "data").glob("*.sqlite*"):
        assert "红色预警".encode() not in path.read_bytes(), path.name


def test_popular_queries_reach_readers_above_the_threshold(tmp_path: Path) -> None:
    with open_archive(tmp_path, embedder="none", popular_after=10) as app:
        app.count_search("台风停运", app.search(SearchRequest(text="台风停运")))
        make_popular(app, "台风")
        with closing(make_visitor(app)) as visitor:
            home = visitor.get("/").text
            assert "大家常搜" in home
            assert "台风停运" not in home
            assert [
                one["kind"] for one in visitor.get("/api/v1/suggest?q=taif").json()["suggestions"]
            ] == ["popular"]
            app.add_block(Block(at=app.clock.now(), word="台风"), who="test")
            app.load_popular()
            assert "大家常搜" not in visitor.get("/").text
