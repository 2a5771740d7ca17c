"""What hangs on the rows of pages."""

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.model.media import Media, MediaKind
from soso.model.post import Location, PollAnswer, Reaction
from soso.sources.desktop_export.html_media import (
    read_html_buttons,
    read_html_location,
    read_html_poll,
    read_html_reactions,
    read_wrap,
)
from soso.sources.desktop_export.media import UNSAFE
from soso.sources.desktop_export.parts import CUSTOM_REACTION


def node(html: str) -> LexborNode:
    found = LexborHTMLParser(f'<div class="media_wrap clearfix">{html}</div>').css_first("div")
    assert found is not None
    return found


def locate(href: str) -> str | None:
    return None if href.startswith("..") else href


def card(kind: str, title: str, status: str = "", reason: str = "", href: str = "") -> LexborNode:
    tag = "a" if href else "div"
    return node(
        f'<{tag} class="media clearfix pull_left {kind}" href="{href}"><div class="body">'
        f'<div class="title bold">{title}</div><div class="description">{reason}</div>'
        f'<div class="status details">{status}</div></div></{tag}>'
    )


def medium(wrap: LexborNode) -> Media:
    (found,) = read_wrap(wrap, locate)
    return found


@pytest.mark.parametrize(
    ("wrap", "kind"),
    [
        ("photo_wrap", MediaKind.PHOTO),
        ("video_file_wrap", MediaKind.VIDEO),
        ("animated_wrap", MediaKind.ANIMATION),
        ("sticker_wrap", MediaKind.STICKER),
    ],
)
def test_pictures_have_a_file_and_a_thumbnail(wrap: str, kind: MediaKind) -> None:
    found = medium(
        node(
            f'<a class="{wrap} clearfix pull_left" href="photos/a.jpg">'
            '<div class="video_duration">\n01:05\n</div><img src="photos/a_thumb.jpg"/></a>'
        )
    )
    assert (found.kind, found.source, found.thumb_source) == (
        kind,
        "photos/a.jpg",
        "photos/a_thumb.jpg",
    )
    assert found.duration_s == 65


@pytest.mark.parametrize(
    ("wrap", "kind"),
    [
        (card("media_photo", "Photo"), MediaKind.PHOTO),
        (card("media_photo", "Sticker"), MediaKind.STICKER),
        (card("media_photo", "Self-destructing photo"), MediaKind.PHOTO),
        (card("media_video", "Video file"), MediaKind.VIDEO),
        (card("media_video", "Animation"), MediaKind.ANIMATION),
        (card("media_video", "Video message"), MediaKind.ROUND_VIDEO),
        (card("media_voice_message", "Voice message"), MediaKind.VOICE),
        (card("media_audio_file", "Audio file"), MediaKind.AUDIO),
        (card("media_file", "Sticker"), MediaKind.FILE),
    ],
)
def test_cards_by_class_and_title(wrap: LexborNode, kind: MediaKind) -> None:
    assert medium(wrap).kind is kind


def test_what_the_words_on_a_card_tell() -> None:
    photo = medium(card("media_photo", "Photo", "1280x720, 98.5 KB", "Not included, change x."))
    assert (photo.width, photo.height, photo.bytes) == (1280, 720, 100864)
    assert (photo.source, photo.missing) == (None, "not included")
    song = medium(card("media_audio_file", "乐队 – 序曲", "1:02:03, 7.0 MB", "Unavailable, x."))
    assert (song.performer, song.title, song.duration_s) == ("乐队", "序曲", 3723)
    file = medium(card("media_file", "a.pdf", "12 B", href="files/a.pdf"))
    assert (file.file_name, file.bytes, file.source, file.missing) == (
        "a.pdf",
        12,
        "files/a.pdf",
        None,
    )
    sticker = medium(card("media_photo", "Sticker", "🎉, 1.0 KB", "Not included, x."))
    assert sticker.emoji == "🎉"
    expired = medium(card("media_photo", "Self-destructing photo", "Expired"))
    assert expired.missing == "Expired"


def test_a_path_that_leads_out_is_not_passed_on() -> None:
    assert medium(card("media_file", "a", href="../a")).missing == UNSAFE
    picture = medium(node('<a class="photo_wrap" href="../a.jpg"></a>'))
    assert (picture.source, picture.missing) == (None, UNSAFE)


@pytest.mark.parametrize("kind", ["media_contact", "media_call", "media_location", "media_new"])
def test_other_cards_are_no_media(kind: str) -> None:
    assert read_wrap(card(kind, "王 二", "+86 1"), locate) == ()


def test_places_are_read_from_the_link_to_the_map() -> None:
    link = "https://maps.example/maps?q=31.5,-121.25&amp;ll=31.5,-121.25"
    place = read_html_location(card("media_location", "Location", "31.5, -121.25", href=link))
    assert place == Location(latitude=31.5, longitude=-121.25)
    venue = read_html_location(card("media_venue", "剧院", reason="路 1 号", href=link))
    assert venue == Location(latitude=31.5, longitude=-121.25, title="剧院", address="路 1 号")
    for odd in ("https://a/?q=91.0,0.0", "https://a/?q=1,2,3x.y", "", "https://a/?q=..,..", "x"):
        found = read_html_location(card("media_location", "Location", href=odd))
        assert found is None or abs(found.latitude) <= 90


def test_a_poll_with_and_without_votes() -> None:
    def poll(state: str, total: str) -> LexborNode:
        return node(
            f'<div class="media_poll"><div class="question bold">\n几点？\n</div>'
            f'<div class="details">\n{state}\n</div><div class="answer">\n- 八<b>点</b> '
            f'<span class="details">1 vote, chosen vote</span>\n</div><div class="answer">\n'
            f"- 九点\n</div>{total}</div>"
        )

    closed = read_html_poll(poll("Final results", '<div class="total details\t">1 vote</div>'))
    assert closed is not None
    assert (closed.question, closed.closed, closed.total_voters) == ("几点？", True, 1)
    assert closed.answers == (
        PollAnswer(text="八点", voters=1),
        PollAnswer(text="九点", voters=0),
    )
    todo = read_html_poll(poll("To-do List", ""))
    assert todo is not None
    assert (todo.closed, todo.total_voters, todo.answers[1].voters) == (False, None, None)
    assert read_html_poll(node("")) is None


def test_reactions_with_counts_or_with_the_pictures_of_few() -> None:
    row = node(
        '<span class="reactions">'
        '<span class="reaction"><span class="emoji">👍</span><span class="count">12</span></span>'
        '<span class="reaction active"><span class="emoji">🔥</span><span class="userpics">'
        '<div class="userpic"></div><div class="userpic"></div></span></span>'
        '<span class="reaction"><span class="emoji"><a href="a.tgs">👋</a></span>'
        '<span class="count">3</span></span>'
        '<span class="reaction paid"><span class="emoji">⭐</span><span class="count">9</span>'
        '</span><span class="reaction"><span class="emoji">💤</span></span></span>'
    )
    assert read_html_reactions(row) == (
        Reaction(emoji="👍", count=12),
        Reaction(emoji="🔥", count=2),
        Reaction(emoji=CUSTOM_REACTION, count=3),
        Reaction(emoji="⭐", count=9),
    )


def test_buttons_that_open_an_address() -> None:
    row = node(
        '<table class="bot_buttons_table"><tr><td><div><a href="https://a"><div>开</div></a></div>'
        '<div><a onclick="x"><div>按</div></a></div><a href="javascript:x">坏</a></td></tr></table>'
    )
    assert [(button.text, button.url) for button in read_html_buttons(row)] == [("开", "https://a")]
