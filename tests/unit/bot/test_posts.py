"""What others wrote leads nowhere when it is shown in the chat."""

from soso.bot.posts import render_chat, render_post
from soso.bot.render import Html, fits
from soso.bot.showing import Showing
from soso.doubles.bot_api.formatting import mark
from soso.doubles.bot_api.html import parse_html
from soso.query.results import ChatPage, PostPage
from soso.text.foreign import unlink
from tests.unit.web.fakes import make_card, make_chat, make_stored

HOSTILE = "看 https://evil.example/x @evilbot /remove #垃圾 evil.example"


def check(html: Html) -> None:
    found = parse_html(html.source)
    assert fits(html)
    assert unlink(HOSTILE) in found.text
    kinds = {one["type"] for one in mark(found.text, found.entities)}
    assert kinds <= {"bold", "text_link"}


def test_the_text_of_a_post_is_not_linked(show: Showing) -> None:
    chat = make_chat()
    stored = make_stored(1, chat, text=f"第一行\n{HOSTILE}")
    card = make_card(stored, chat)
    check(render_post(PostPage(card=card, chat=chat, stored=stored, related=(card,)), show).text)


def test_a_long_text_of_addresses_is_cut_and_not_dropped(show: Showing) -> None:
    chat = make_chat()
    stored = make_stored(1, chat, text=f"{HOSTILE}\n{'#a' * 2040}")
    shown = render_post(PostPage(card=make_card(stored, chat), chat=chat, stored=stored), show)
    check(shown.text)
    assert shown.text.source.endswith("…")


def test_the_description_of_a_chat_is_not_linked(show: Showing) -> None:
    chat = make_chat(description=HOSTILE)
    check(render_chat(ChatPage(chat=chat, posts=0, rows=()), (), show).text)
