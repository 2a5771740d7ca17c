import base64
import json
from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.sources.web_preview.wire import (
    Parts,
    View,
    iter_messages,
    read_channel_id,
    read_post_id,
    read_view,
)


def encoded(fields: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("raw", "view"),
    [
        (encoded({"c": -1500000042, "p": 4, "t": 1786277379}), View(1500000042, False, 1786277379)),
        (
            encoded({"c": -1500000042, "p": "11g", "t": 1786277379}),
            View(1500000042, True, 1786277379),
        ),
        (encoded({"c": 1500000042, "t": 5}), View()),
        (encoded({"c": -(10**13), "t": 10**12}), View()),
        (encoded({"c": True, "t": "1786277379"}), View()),
        (encoded({"c": -1.5, "t": None, "p": 4}), View()),
        (encoded([1]), View()),
        (encoded("x"), View()),
        ("!!!", View()),
        ("AAAA", View()),
        ("é", View()),
        (encoded({"c": [[[]]] * 9})[:40], View()),
        ("W1tb" * 1000, View()),
        ("W1tb" * 2000, View()),
        ("", View()),
    ],
)
def test_view(node: Callable[[str], LexborNode], raw: str, view: View) -> None:
    assert read_view(node(f'<div data-view="{raw}"></div>')) == view


def test_a_message_without_view(node: Callable[[str], LexborNode]) -> None:
    assert read_view(node("<div></div>")) == View()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("1", 1), ("2147483647", 2**31 - 1), ("2147483648", None), ("0", None), ("-1", None)),
        *(("٣", None), ("1.0", None), ("", None), ("9" * 5000, None)),
    ],
)
def test_post_ids(text: str, number: int | None) -> None:
    assert read_post_id(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("1500000042", 1500000042), ("0", None), ("1" * 13, None), ("-1", None)]
)
def test_channel_ids(text: str, number: int | None) -> None:
    assert read_channel_id(text) == number


def test_only_blocks_that_name_their_post_are_messages() -> None:
    page = LexborHTMLParser(
        '<div class="tgme_widget_message" data-post="a/1"></div>'
        '<div class="tgme_widget_message_wrap"><div class="tme_no_messages_found"></div></div>'
        '<div class="tgme_widget_message"></div>'
        '<div class="x tgme_widget_message ready" data-post="b/2">'
    )
    assert [node.attributes["data-post"] for node in iter_messages(page)] == ["a/1", "b/2"]


def test_parts_are_found_by_token_and_in_order(node: Callable[[str], LexborNode]) -> None:
    parts = Parts(
        node(
            '<div class="tgme_widget_message"><div class="tgme_widget_message_text before_footer">a'
            '<div class="tgme_widget_message_text">inner</div></div>'
            '<a class="tgme_widget_message_reply">'
            '<i class="tgme_widget_message_author_name">x</i></a>'
            '<p class="ready tgme_widget_message_photo_wrap"></p>'
            '<p class="tgme_widget_message_video_player"></p></div>'
        )
    )
    assert len(parts.all("text")) == 1
    assert parts.first("author_name") is None
    assert [token for token, _ in parts.media] == ["photo_wrap", "video_player"]
    assert parts.first("poll") is None
    assert parts.all("poll") == []


def test_a_message_within_a_message_keeps_its_parts(node: Callable[[str], LexborNode]) -> None:
    parts = Parts(
        node(
            '<div class="tgme_widget_message"><b class="tgme_widget_message_views">1</b>'
            '<div class="tgme_widget_message" data-post="a/2">'
            '<b class="tgme_widget_message_views">2</b></div></div>'
        )
    )
    assert [found.text() for found in parts.all("views")] == ["1"]


def test_deep_nesting_is_walked(node: Callable[[str], LexborNode]) -> None:
    deep = '<div class="tgme_widget_message">' + "<div>" * 50_000 + '<b class="tgme_reaction">1'
    assert len(Parts(node(deep)).all("tgme_reaction")) == 1
