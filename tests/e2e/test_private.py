"""Private stays private: what only a private chat says is in no answer of any door."""

from contextlib import closing
from pathlib import Path

import pytest

from soso.bootstrap import open_app
from soso.config import load_settings
from soso.web.app import make_web_app
from tests.unit.web.visitor import Visitor

SECRET = "靛蓝色风车"
CHAT = "1500000031"


@pytest.mark.parametrize(
    "path",
    [
        f"/search?q={SECRET}",
        f"/search?q=chat:{CHAT}",
        f"/c/{CHAT}",
        f"/c/{CHAT}/3",
        f"/c/{CHAT}/5",
        f"/c/{CHAT}/feed.atom",
        f"/c/{CHAT}/feed.json",
        f"/search.atom?q={SECRET}",
        f"/api/v1/search?q={SECRET}",
        f"/api/v1/chats/{CHAT}",
        f"/api/v1/chats/{CHAT}/posts",
        f"/api/v1/posts/{CHAT}/5",
        f"/api/v1/posts/{CHAT}/5/related",
        "/api/v1/chats?limit=100",
        "/chats",
        "/",
        "/sitemap.xml",
        "/sitemaps/1.xml",
        f"/report?chat={CHAT}&id=5",
    ],
)
def test_no_door_tells(sample: Path, path: str) -> None:
    with open_app(load_settings(data=sample, rate_limit="1000/second")) as app:
        with closing(Visitor(make_web_app(app))) as visitor:
            text = visitor.get(path).text
        _, stored, _ = app.get_post(CHAT, 5)
        shown = text.replace(SECRET, "") if f"q={SECRET}" in path else text
        assert SECRET not in shown
        assert "私密样例" not in text
        assert stored.post.text[:12] not in text


def test_its_pictures_are_not_served(sample: Path) -> None:
    with open_app(load_settings(data=sample)) as app:
        chat = app.get_post(CHAT, 5)[0]
        blobs = [
            one.picture.blob
            for stored in app.store.iter_posts(chat.key)
            for one in stored.post.media
            if one.picture is not None
        ]
        assert blobs
        with closing(Visitor(make_web_app(app))) as visitor:
            assert {visitor.get(f"/b/{blob}").status_code for blob in blobs} == {404}
