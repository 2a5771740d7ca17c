from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser

from soso.model.post import Forward, Location, Poll, Post, Reaction
from soso.sources.web_preview.message import only_in_telegram, read_post

Message = Callable[..., str]


def read(html: str, *, post_id: int = 7, username: str = "harbour_daily") -> Post | str:
    found = LexborHTMLParser(html).css_first(".tgme_widget_message")
    assert found is not None
    return read_post(found, post_id, username)


def post(html: str) -> Post:
    found = read(html)
    assert isinstance(found, Post)
    return found


@pytest.mark.parametrize(
    ("meta", "edited"),
    [
        ("", False),
        ("edited &nbsp;", True),
        ('<span class="tgme_widget_message_from_author">edited</span>,&nbsp;', False),
        ('<span class="tgme_widget_message_from_author">Ann</span>,&nbsp;edited &nbsp;', True),
        ("uneditedly", False),
    ],
)
def test_the_mark_of_an_edit_stands_by_itself(message: Message, meta: str, edited: bool) -> None:
    found = post(message(meta=meta))
    assert found.edited is edited
    assert found.edited_at is None


@pytest.mark.parametrize("date", ["", "yesterday", "0001-01-01T00:00:00+14:00"])
def test_a_date_of_no_use(message: Message, date: str) -> None:
    assert read(message(date=date)) == "a post with an unusable date"


def test_no_date(message: Message) -> None:
    assert read(message(date=None)) == "a post cut off before its date"


def test_duration_elements_are_no_dates(message: Message) -> None:
    voice = (
        '<a class="tgme_widget_message_voice_player"><time datetime="2020-01-01">0:10</time></a>'
    )
    assert read(message(voice, date=None)) == "a post cut off before its date"


@pytest.mark.parametrize(
    ("views", "value", "exact"),
    [("12", 12, True), ("2.38M", 2380000, False), ("", None, True), ("many", None, True)],
)
def test_views(message: Message, views: str, value: int | None, exact: bool) -> None:
    found = post(message(views=views))
    assert (found.views, found.views_exact) == (value, exact)


def test_a_reply_without_a_post_is_none(message: Message) -> None:
    html = '<a class="tgme_widget_message_reply" href="https://t.me/+AbCd">x</a>'
    assert post(message(html)).reply is None


def test_a_reply_is_in_the_same_chat_whatever_the_case(message: Message) -> None:
    html = '<a class="tgme_widget_message_reply" href="https://t.me/Harbour_Daily/5"></a>'
    found = post(message(html)).reply
    assert found is not None
    assert (found.post_id, found.username, found.peer) == (5, None, None)


def test_text_of_a_reply_is_not_the_posts(message: Message) -> None:
    html = (
        '<a class="tgme_widget_message_reply" href="https://t.me/harbour_daily/5">'
        '<div class="tgme_widget_message_text js-message_reply_text">theirs</div></a>'
        '<div class="tgme_widget_message_text js-message_reply_text">also theirs</div>'
        '<div class="tgme_widget_message_text">mine</div>'
    )
    assert post(message(html)).text == "mine"


def test_a_hidden_forward_is_one_all_the_same(message: Message) -> None:
    html = '<div class="tgme_widget_message_forwarded_from">Forwarded from</div>'
    assert post(message(html)).forward == Forward()


def test_a_forward_from_a_bot(message: Message) -> None:
    html = (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from '
        '<span class="tgme_widget_message_forwarded_from_name">Ann</span>'
        ' via <a class="tgme_widget_message_via_bot" href="https://t.me/gif">@gif</a></div>'
    )
    found = post(message(html))
    assert (found.forward, found.via_bot) == (Forward(name="Ann"), "gif")


@pytest.mark.parametrize("percent", ["150%", "%", "half", "-1%"])
def test_odd_percentages_are_none(message: Message, percent: str) -> None:
    html = (
        '<div class="tgme_widget_message_poll"><p class="tgme_widget_message_poll_question">?</p>'
        f'<div class="tgme_widget_message_poll_option"><b class='
        f'"tgme_widget_message_poll_option_percent">{percent}</b></div></div>'
    )
    found = post(message(html)).poll
    assert found is not None
    assert found.answers[0].percent is None


def test_a_poll_without_a_question_is_none(message: Message) -> None:
    assert post(message('<div class="tgme_widget_message_poll"></div>')).poll is None


def test_a_poll_whose_options_are_many_is_cut(message: Message) -> None:
    option = '<div class="tgme_widget_message_poll_option"></div>'
    html = '<p class="tgme_widget_message_poll_question">?</p>' + option * 500
    found = post(message(f'<div class="tgme_widget_message_poll">{html}</div>')).poll
    assert isinstance(found, Poll)
    assert len(found.answers) == 100


@pytest.mark.parametrize(
    ("href", "place"),
    [
        ("https://maps.google.com/maps?q=12.5,-77.25", Location(latitude=12.5, longitude=-77.25)),
        ("https://maps.google.com/maps?ll=1,2&q=x", Location(latitude=1.0, longitude=2.0)),
        ("https://maps.google.com/maps?q=95,10", None),
        ("https://maps.google.com/maps?q=1e5,nan", None),
        ("https://maps.google.com/maps", None),
        ("https://[broken", None),
    ],
)
def test_places(message: Message, href: str, place: Location | None) -> None:
    html = f'<a class="tgme_widget_message_location_wrap" href="{href}"></a>'
    assert post(message(html)).location == place


def test_reactions_with_one_sign_are_added_up(message: Message) -> None:
    one = '<span class="tgme_reaction"><i class="emoji"><b>👍</b></i>{}</span>'
    html = f'<div class="tgme_widget_message_reactions">{one.format(1)}{one.format("2K")}'
    html += one.format("") + '<span class="tgme_reaction">5</span></div>'
    assert post(message(html)).reactions == (Reaction(emoji="👍", count=2001),)


def test_service_sentences_that_nobody_knows_are_kept(message: Message) -> None:
    html = '<div class="tgme_widget_message_text">Something new happened</div>'
    found = post(message(html, states="service_message"))
    assert found.text == ""
    assert found.service is not None
    assert found.service.action == "other"
    assert found.service.raw == '{"text":"Something new happened"}'


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("Channel created", "create_channel"),
        ("Group created", "create_group"),
        ("Channel photo updated", "edit_group_photo"),
        ("Channel photo removed", "delete_group_photo"),
        ("Channel name was changed to «X»", "edit_group_title"),
        ("Harbour pinned a photo", "pin_message"),
        ("Live stream scheduled for Oct 5", "group_call_scheduled"),
        ("Live stream finished (2 hours)", "group_call"),
    ],
)
def test_service_actions_have_the_names_of_exports(
    message: Message, sentence: str, action: str
) -> None:
    html = f'<div class="tgme_widget_message_text">{sentence}</div>'
    service = post(message(html, states="service_message")).service
    assert service is not None
    assert service.action == action


def test_buttons_under_the_message_are_its_own(message: Message) -> None:
    keys = (
        '<div class="tgme_widget_message_inline_keyboard"><a class='
        '"tgme_widget_message_inline_button" href="https://x.example/">Go</a>'
        '<a class="tgme_widget_message_inline_button" href="https://y.example/"></a></div>'
    )
    html = message().removesuffix("</div>") + keys + "</div>"
    assert [(button.text, button.url) for button in post(html).buttons] == [
        ("Go", "https://x.example/"),
        ("https://y.example/", "https://y.example/"),
    ]


def test_what_only_telegram_shows(message: Message) -> None:
    label = '<div class="message_media_not_supported_label">Please open Telegram</div>'
    wrap = f'<div class="message_media_not_supported_wrap">{label}</div>'
    assert only_in_telegram(post(message(wrap)))
    words = '<div class="tgme_widget_message_text">words</div>'
    assert not only_in_telegram(post(message(wrap + words)))
