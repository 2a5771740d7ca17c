from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soso.model.errors import BadInput
from soso.model.ids import Peer, PeerKind
from soso.sources.web_preview.page import PageKind
from soso.sources.web_preview.parse import MAX_PAGE_BYTES, looks_like_preview, parse_page

FETCHED_AT = datetime(2026, 11, 20, tzinfo=UTC)
GOLDEN = Path(__file__).parents[3] / "golden" / "web_preview"
Make = Callable[..., str]


def test_posts_are_sorted_and_once(message: Make, history: Make) -> None:
    names = ("harbour_daily/9", "harbour_daily/8", "harbour_daily/9")
    html = history(*(message(post=name) for name in names))
    page = parse_page(html, fetched_at=FETCHED_AT)
    assert [post.id for post in page.posts] == [8, 9]
    assert page.skipped == {"a post that stands on the page twice": 1}


@pytest.mark.parametrize(
    "name", ["c/5", "abc/5", "harbour_daily", "harbour_daily/x", "/5", "a b c/5"]
)
def test_posts_without_a_usable_name(message: Make, history: Make, name: str) -> None:
    page = parse_page(history(message(post=name), message()), fetched_at=FETCHED_AT)
    assert [post.id for post in page.posts] == [7]
    assert page.skipped == {"a post without a usable name and id": 1}


def test_posts_of_another_chat_are_left_out(message: Make, history: Make) -> None:
    names = ("harbour_daily/7", "HARBOUR_DAILY/8", "other_chat/3", "harbour_daily/9")
    html = history(*(message(post=name) for name in names))
    page = parse_page(html, fetched_at=FETCHED_AT)
    assert [post.id for post in page.posts] == [7, 8, 9]
    assert page.skipped == {"a post of another chat": 1}
    assert page.chat is not None
    assert page.chat.username == "harbour_daily"


def test_posts_in_each_other_are_read_a_few_levels_down(message: Make, history: Make) -> None:
    opened = [
        message(post=f"harbour_daily/{n}").removesuffix("</div></div></div>") for n in range(1, 7)
    ]
    page = parse_page(history(*opened), fetched_at=FETCHED_AT)
    assert [post.id for post in page.posts] == [1, 2, 3, 4]
    assert page.skipped == {"a post buried in other posts": 2}


def test_the_channels_id_is_what_most_posts_say(message: Make, history: Make) -> None:
    ours, theirs = {"c": -1500000042, "t": 1786277379}, {"c": -1, "t": 1786277379}
    html = history(
        message(post="harbour_daily/1", view=theirs),
        message(post="harbour_daily/2", view=ours),
        message(post="harbour_daily/3", view=ours),
    )
    page = parse_page(html, fetched_at=FETCHED_AT)
    assert page.chat is not None
    assert page.chat.peer == Peer(kind=PeerKind.CHANNEL, id=1500000042)
    assert page.rendered_at == datetime(2026, 8, 9, 12, 9, 39, tzinfo=UTC)


def test_without_a_clock_of_its_own_a_page_is_as_old_as_its_file(
    message: Make, history: Make
) -> None:
    assert parse_page(history(message()), fetched_at=FETCHED_AT).rendered_at == FETCHED_AT


def test_no_page_is_older_than_its_newest_post(message: Make, history: Make) -> None:
    page = parse_page(history(message()), fetched_at=datetime(1980, 1, 1, tzinfo=UTC))
    assert page.rendered_at == datetime(2026, 5, 1, 14, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("more", "head", "before", "after"),
    [
        ('<a class="tme_messages_more js-messages_more" data-before="519"></a>', "", 519, None),
        ('<a class="js-messages_more" data-after="540"></a>', "", None, 540),
        (
            '<a class="js-messages_more" data-before="x"></a>',
            '<link rel="prev" href="/s/a?before=3">',
            3,
            None,
        ),
        ("", '<link rel="prev" href="/s/a?before=3"><link rel="next" href="/s/a?after=9">', 3, 9),
        ("", '<link rel="prev" href="//[x?before=3">', None, None),
        ("", '<link rel="canonical" href="/s/a?before=7">', None, None),
    ],
)
def test_where_to_go_on(
    message: Make, history: Make, more: str, head: str, before: int | None, after: int | None
) -> None:
    page = parse_page(history(message(), more=more, head=head), fetched_at=FETCHED_AT)
    assert (page.before, page.after) == (before, after)


def test_a_channel_without_posts(history: Make) -> None:
    head = '<div class="tgme_channel_info_header_username"><a>@harbour_daily</a></div>'
    page = parse_page(history(more=head), fetched_at=FETCHED_AT)
    assert page.kind is PageKind.HISTORY
    assert page.posts == ()
    assert page.chat is not None
    assert (page.chat.username, page.chat.description) == ("harbour_daily", "")


def test_a_channel_without_a_name_is_none(history: Make) -> None:
    assert parse_page(history(), fetched_at=FETCHED_AT).chat is None


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<div class="tgme_widget_message_error">Post not found</div>', PageKind.MISSING),
        ('<div class="tgme_page"></div>', PageKind.FREE),
    ],
)
def test_pages_without_a_chat(html: str, kind: PageKind) -> None:
    page = parse_page(html, fetched_at=FETCHED_AT)
    assert (page.kind, page.chat) == (kind, None)


@pytest.mark.parametrize(
    "html", ["", "<html></html>", "plain text", b"\x00\xff\xfe" * 100, "\ud800"]
)
def test_what_is_no_preview_is_bad_input(html: str | bytes) -> None:
    with pytest.raises(BadInput, match="not a preview page"):
        parse_page(html, fetched_at=FETCHED_AT)


def test_a_page_that_is_far_too_large_is_not_parsed() -> None:
    with pytest.raises(BadInput, match="more than 32 MB"):
        parse_page(b" " * (MAX_PAGE_BYTES + 1), fetched_at=FETCHED_AT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_bytes_are_decoded(message: Make, history: Make, encoding: str) -> None:
    html = history(message('<div class="tgme_widget_message_text">中文</div>'))
    page = parse_page(html.encode(encoding), fetched_at=FETCHED_AT)
    assert [post.text for post in page.posts] == ["中文"]


def test_a_group_is_known_by_the_sender_it_names(message: Make) -> None:
    html = message().replace("tgme_widget_message_owner_name", "tgme_widget_message_author_name", 1)
    page = parse_page(html, fetched_at=FETCHED_AT)
    assert page.kind is PageKind.POST
    assert page.chat is not None
    assert page.chat.kind == "group"
    assert [post.author for post in page.posts] == ["Harbour"]


def test_a_page_cut_anywhere_keeps_the_posts_before_the_cut() -> None:
    whole = (GOLDEN / "history_2026.html").read_bytes()
    complete = parse_page(whole, fetched_at=FETCHED_AT)
    known = {post.id: post for post in complete.posts}
    for length in range(2000, len(whole), 1531):
        try:
            page = parse_page(whole[:length], fetched_at=FETCHED_AT)
        except BadInput:
            assert b"tgme_channel_info" not in whole[:length]
            continue
        assert page.cut == (b"</html" not in whole[:length])
        assert all(post == known[post.id] for post in page.posts[:-1])
        assert len(page.posts) >= whole[:length].count(b"</time></a></span>") - 1


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_garbage_raises_nothing_but_bad_input(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["history_2023", "embed_group", "card_bot", "card_channel"]))
    html = bytearray((GOLDEN / f"{name}.html").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(html) - 1))
        html[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    try:
        page = parse_page(bytes(html), fetched_at=FETCHED_AT)
    except BadInput:
        return
    assert [post.id for post in page.posts] == sorted({post.id for post in page.posts})


def test_a_preview_is_told_by_its_classes() -> None:
    assert looks_like_preview((GOLDEN / "history_2026.html").read_bytes()[:4000])
    assert looks_like_preview((GOLDEN / "card_bot.html").read_bytes())
    assert not looks_like_preview(b"<html><div class='page_header'>")
