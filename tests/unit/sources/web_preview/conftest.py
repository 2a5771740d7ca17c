import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

FETCHED_AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def node() -> Callable[[str], LexborNode]:
    """The first element of a piece of HTML."""

    def build(html: str) -> LexborNode:
        body = LexborHTMLParser(f"<body>{html}</body>").body
        assert body is not None
        assert body.child is not None
        return body.child

    return build


@pytest.fixture
def message() -> Callable[..., str]:
    """A message in the shape of a preview page, around the given parts."""

    def build(
        body: str = "",
        *,
        post: str = "harbour_daily/7",
        date: str | None = "2026-05-01T14:00:05+00:00",
        views: str = "12",
        meta: str = "",
        view: object = None,
        states: str = "",
    ) -> str:
        time = f'<time datetime="{date}" class="time">14:00</time>' if date is not None else ""
        encoded = base64.urlsafe_b64encode(json.dumps(view).encode()).decode().rstrip("=")
        return (
            f'<div class="tgme_widget_message_wrap js-widget_message_wrap">'
            f'<div class="tgme_widget_message {states} js-widget_message" data-post="{post}"'
            f' data-view="{encoded}"><div class="tgme_widget_message_bubble">'
            '<div class="tgme_widget_message_author accent_color"><a class='
            '"tgme_widget_message_owner_name" href="#"><span dir="auto">Harbour</span></a></div>'
            f"{body}"
            '<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">'
            f'<span class="tgme_widget_message_views">{views}</span>'
            f'<span class="tgme_widget_message_meta">{meta}<a class="tgme_widget_message_date"'
            f' href="https://t.me/{post}">{time}</a></span></div></div></div></div></div>'
        )

    return build


@pytest.fixture
def history() -> Callable[..., str]:
    """A page of t.me/s around messages."""

    def build(*messages: str, head: str = "", more: str = "") -> str:
        return (
            f"<!DOCTYPE html><html><head>{head}</head><body><main>"
            '<div class="tgme_channel_info"><div class="tgme_channel_info_header_title">'
            '<span dir="auto">Harbour</span></div></div>'
            f'<section class="tgme_channel_history">{more}{"".join(messages)}</section>'
            "</main></body></html>"
        )

    return build


def text_div(html: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{html}</div>'
