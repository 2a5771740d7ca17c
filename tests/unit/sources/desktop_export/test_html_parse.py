"""Rows of pages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.post import Forward, Post, Reply
from soso.sources.desktop_export.html_parse import (
    PageState,
    has_next,
    is_page,
    iter_rows,
    read_page,
    read_title,
)
from soso.sources.desktop_export.parse import CONTACT, EMPTY, NO_ID, NO_TIME, SkipReason

TIME = "01.03.2025 19:30:00 UTC+08:00"


def text(words: str) -> str:
    return f'<div class="text">\n{words}\n       </div>'


def name(words: str) -> str:
    return f'<div class="from_name">\n{words} \n</div>'


def row(number: object, inner: str, *, joined: bool = False, time: str = TIME) -> str:
    return (
        f'<div class="message default clearfix{" joined" if joined else ""}" id="message{number}">'
        f'<div class="body"><div class="pull_right date details" title="{time}">19:30</div>{inner}'
        "</div></div>"
    )


def service(number: int, words: str) -> str:
    inner = f'<div class="body details">\n{words}\n</div>'
    return f'<div class="message service" id="message{number}">{inner}</div>'


def page(*rows: str) -> str:
    head = '<div class="page_header"><div class="text bold">\n频道 \n</div></div>'
    return f'{head}<div class="history">{"".join(rows)}</div>'


def read(*rows: str, zone: ZoneInfo | None = None) -> list[Post | SkipReason]:
    state = PageState("频道", zone, lambda href: href)
    return list(iter_rows(read_page(page(*rows)), state))


def posts(*rows: str) -> list[Post]:
    return [post for post in read(*rows) if isinstance(post, Post)]


def test_title_and_kind_of_a_page() -> None:
    tree = read_page(page())
    assert read_title(tree) == "频道"
    assert is_page(tree)
    assert not is_page(read_page("<html>"))
    link = read_page(page('<a class="pagination block_link" href="messages2.html">Next</a>'))
    assert has_next(link, "messages2.html")
    assert not has_next(link, "messages3.html")


def test_joined_rows_have_the_sender_of_the_row_before() -> None:
    first, second, third = posts(
        row(1, name("甲 via @gif") + text("a")),
        row(2, text("b"), joined=True),
        row(3, name("乙") + text("c")),
    )
    assert [(post.author, post.via_bot) for post in (first, second, third)] == [
        ("甲", "gif"),
        ("甲", "gif"),
        ("乙", None),
    ]


def test_the_channel_itself_is_no_author_but_its_signature_is() -> None:
    plain, signed = posts(
        row(1, name("频道") + text("a")),
        row(2, text("b") + '<div class="signature details">\n小编\n</div>', joined=True),
    )
    assert (plain.author, signed.author) == (None, "小编")


@pytest.mark.parametrize(
    "span",
    [
        '<span class="details"> 28.02.2025 23:00:00</span>',
        '<span class="date details" title="28.02.2025 23:00:00 UTC+00:00"> 28.02.2025</span>',
    ],
)
def test_forwards_old_and_new_and_joined(span: str) -> None:
    def forwarded(inner: str) -> str:
        return f'<div class="forwarded body">{inner}</div>'

    original = Forward(name="远方", at=datetime(2025, 2, 28, 23, tzinfo=UTC))
    first, second, third, fourth = posts(
        row(1, name("甲") + forwarded(name(f"远方{span}") + text("a"))),
        row(2, forwarded(text("b")), joined=True),
        row(3, name("甲") + text("c")),
        row(4, name("甲") + forwarded(name("Deleted Account") + text("d"))),
    )
    assert [post.forward for post in (first, second, third, fourth)] == [
        original,
        original,
        None,
        Forward(),
    ]
    assert [post.text for post in (first, second)] == ["a", "b"]
    assert first.author == "甲"


def test_replies_on_this_page_on_another_and_elsewhere() -> None:
    def reply(inner: str) -> str:
        return f'<div class="reply_to details">\nIn reply to {inner}\n</div>' + text("x")

    here, there, elsewhere = posts(
        row(1, name("甲") + reply('<a href="#go_to_message7">this message</a>')),
        row(2, name("甲") + reply('<a href="messages2.html#go_to_message-9">this message</a>')),
        row(3, name("甲") + reply("a message in another chat")),
    )
    assert (here.reply, there.reply) == (Reply(post_id=7), Reply(post_id=-9))
    assert elsewhere.reply is None


@pytest.mark.parametrize(
    ("time", "hour", "certain"),
    [
        ("01.03.2025 19:30:00 UTC+08:00", 11, True),
        ("01.03.2025 19:30:00 UTC-03:30", 23, True),
        ("01.03.2025 19:30:00 UTC", 19, True),
        ("01.03.2025 19:30:00", 19, False),
    ],
)
def test_times_with_and_without_a_zone(time: str, hour: int, certain: bool) -> None:
    (post,) = posts(row(1, name("甲") + text("x"), time=time))
    assert (post.at.hour, post.at_certain) == (hour, certain)


def test_a_given_zone_makes_times_certain_and_mends_summer() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rows = [
        row(1, name("甲") + text("x"), time="01.07.2021 12:00:00"),
        row(2, name("甲") + text("x"), time="01.07.2021 12:00:00 UTC+01:00"),
    ]
    for post in read(*rows, zone=berlin):
        assert isinstance(post, Post)
        assert (post.at.hour, post.at_certain) == (10, True)


def test_events_get_the_time_of_the_row_before_or_of_their_day() -> None:
    first, _, second = posts(
        service(-1, "28 February 2025"),
        service(1, "Channel «频道» created"),
        row(2, name("甲") + text("x")),
        service(3, '甲 pinned <a href="#go_to_message2">this message</a>'),
    )
    assert (first.at, second.at) == (
        datetime(2025, 2, 28, tzinfo=UTC),
        datetime(2025, 3, 1, 11, 30, tzinfo=UTC),
    )
    assert not first.at_certain
    assert not second.at_certain


def test_days_and_empty_exports_are_no_rows_but_old_messages_are() -> None:
    rows = [service(-1, "1 March 2025"), service(-2, "No exported messages")]
    assert read(*rows) == []
    (post,) = posts(*rows, row(-999999990, name("甲") + text("x")))
    assert post.id == -999999990


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (row("x", name("甲") + text("x")), NO_ID),
        (row(0, name("甲") + text("x")), NO_ID),
        (row(1, name("甲") + text("x"), time="yesterday"), NO_TIME),
        (row(1, name("甲") + text("x"), time="99.99.2025 19:30:00"), NO_TIME),
        (row(1, name("甲")), EMPTY),
        ('<div class="message default" id="message1"></div>', EMPTY),
        (row(1, '<div class="media_wrap"><div class="media media_contact"></div></div>'), CONTACT),
    ],
)
def test_what_is_left_out_and_why(markup: str, reason: str) -> None:
    assert read(markup) == [reason]


def test_a_contact_never_comes_through() -> None:
    card = '<div class="title">王二</div><div class="status">+86 1</div>'
    media = f'<div class="media_wrap"><div class="media media_contact">{card}</div></div>'
    (post,) = posts(row(1, name("甲") + media + text("找他")))
    assert post.text == "找他"
    assert post.media == ()


@given(st.lists(st.text("<>/=\"' abdivclsmegxto\n1", max_size=40), max_size=4))
def test_any_markup_in_rows_never_raises(inner: list[str]) -> None:
    for result in read(*(row(number, words) for number, words in enumerate(inner, 1))):
        assert isinstance(result, (Post, str))
