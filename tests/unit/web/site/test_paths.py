from urllib.parse import parse_qs, urlsplit

import pytest

from soso.model.chat import ChatKind
from soso.model.ids import Peer, PeerKind
from soso.model.post import Forward, Post
from soso.web.site.paths import (
    bot_link,
    forward_link,
    item_link,
    report_path,
    search_path,
    switch_path,
    user_link,
)
from tests.unit.web.fakes import NOW, make_chat


def test_the_address_of_an_answer_leaves_out_what_is_the_default() -> None:
    assert search_path("停水") == "/search?q=%E5%81%9C%E6%B0%B4"
    assert search_path("a&b", kind="video", sort="newest", page="t") == (
        "/search?q=a%26b&kind=video&sort=newest&page=t"
    )
    assert search_path("", sort="relevance") == "/search"


def test_switches_come_back_to_the_page() -> None:
    path = switch_path("lang", "en", "/search?q=a&b=c")
    assert parse_qs(urlsplit(path).query) == {"to": ["en"], "next": ["/search?q=a&b=c"]}
    assert switch_path("sensitive", "1", "/") == "/sensitive?on=1&next=%2F"
    assert switch_path("theme", "dark", "/search?q=" + "字" * 500) == "/theme?to=dark"


@pytest.mark.parametrize(
    ("bot", "link"),
    [
        ("soso_bot", "https://t.me/soso_bot?start=p_1500000001_7"),
        ("@soso_bot", "https://t.me/soso_bot?start=p_1500000001_7"),
        ("", None),
        ("evil?start=x", None),
    ],
)
def test_the_bot_starts_at_a_post(bot: str, link: str | None) -> None:
    assert bot_link(bot, make_chat(1), 7) == link


def test_a_start_of_any_post_is_one_that_telegram_takes() -> None:
    chat = make_chat(1, peer=Peer(kind=PeerKind.GROUP, id=9_999_999_999_999_999_999))
    link = bot_link("soso_bot", chat, -999_999_999_999_999_999)
    assert link is not None
    assert len(link.partition("start=")[2]) <= 64


@pytest.mark.parametrize("name", [None, "", "@", "a", "x/../y", "name?x", "имя", "a" * 40])
def test_what_is_no_username_has_no_address(name: str | None) -> None:
    assert user_link(name) is None


def test_addresses_on_telegram() -> None:
    assert user_link("@name") == "https://t.me/name"
    assert forward_link(Forward(username="name", post_id=5)) == "https://t.me/name/5"
    assert forward_link(Forward(name="somebody")) is None


def test_an_item_of_an_album_is_opened_alone() -> None:
    chat = make_chat(1)
    album = Post(id=5, at=NOW, album=(5, 6))
    assert item_link(chat, album, 6) == "https://t.me/channel1/6?single"
    assert item_link(chat, Post(id=5, at=NOW), None) == "https://t.me/channel1/5"
    assert item_link(make_chat(1, kind=ChatKind.PERSON), album, 6) is None


def test_the_form_knows_what_it_is_about() -> None:
    assert report_path() == "/report"
    assert report_path(make_chat(1)) == "/report?chat=1500000001"
    assert report_path(make_chat(1), 7) == "/report?chat=1500000001&id=7"
