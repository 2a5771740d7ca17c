"""Whatever text comes, the HTML is sound, its length is known, and nothing in it is linked."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.bot.render import (
    MOST_UNITS,
    Html,
    announcement,
    bold,
    cut,
    fill,
    fits,
    join,
    link,
    marked,
    ours,
    paragraphs,
    plain,
    units_of,
)
from soso.doubles.bot_api.formatting import mark
from soso.doubles.bot_api.html import parse_html, utf16_length
from soso.text.foreign import unlink
from soso.text.snippet import Snippet

texts = st.text(max_size=60) | st.sampled_from(
    [
        "</b></a><a href='tg://x'>",
        "&lt;b&gt; &amp; &#60;",
        "t.me/evil @evilbot /remove #tag $TON https://evil.example",
        "👩‍🚀🇨🇳" * 20,
        "\u202eevil\u0000\ud800",
        "a<b>c</b>&copy;",
    ]
)


def check(html: Html) -> None:
    """The strict parser of the double takes it, and finds what we say of it."""
    found = parse_html(html.source)
    assert found.slips == []
    assert utf16_length(found.text) == html.units
    assert len(found.entities) <= html.entities


@given(texts, texts)
def test_any_text_makes_sound_html(one: str, other: str) -> None:
    pieces = (
        plain(one),
        bold(plain(other)),
        link(bold(plain(one)), f'https://t.me/x?"><b>{ord(other[0]) if other else 0}'),
        paragraphs(f"{one}\n{other}", most=40),
        announcement(f"{one}\n{other}", most=40),
    )
    for piece in (*pieces, join(pieces, "\n"), fill(pieces)):
        check(piece)


@pytest.mark.parametrize("made", [plain, lambda text: paragraphs(text, most=99)])
@given(text=texts)
def test_nothing_in_text_of_others_is_linked(made: Callable[[str], Html], text: str) -> None:
    found = parse_html(made(text).source)
    kinds = {one["type"] for one in mark(found.text, found.entities)}
    assert kinds & {"url", "mention", "bot_command", "hashtag"} == set()


@given(texts, st.lists(st.integers(0, 60), max_size=8), st.integers(0, 80))
def test_any_highlights_make_sound_html(text: str, places: list[int], most: int) -> None:
    ranges = tuple(zip(places[::2], places[1::2], strict=False))
    html = marked(Snippet(text=text, highlights=ranges), most=most)
    check(html)


@given(
    st.text("ab1.@/#$: 雪…") | texts,
    st.lists(st.integers(0, 60), max_size=8).map(sorted),
    st.integers(0, 80),
)
def test_highlights_leave_nothing_to_unlink(text: str, places: list[int], most: int) -> None:
    ranges = tuple(zip(places[::2], places[1::2], strict=False))
    shown = parse_html(marked(Snippet(text=text, highlights=ranges), most=most).source).text
    assert unlink(shown) == shown


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("see @evilbot", "evilbot"),
        ("see evil.com/x", "evil"),
        ("a@evil.com", "evil"),
        ("/start", "start"),
        ("#evil", "evil"),
        ("https://evil.example", "https:"),
    ],
)
def test_a_link_is_broken_where_a_highlight_begins_or_ends(text: str, word: str) -> None:
    start = text.index(word)
    html = marked(Snippet(text=text, highlights=((start, start + len(word)),)), most=80)
    assert parse_html(html.source).text == unlink(text)
    assert "<b>" in html.source


@given(texts, st.integers(0, 70))
def test_cutting_keeps_within_the_limit(text: str, most: int) -> None:
    kept = cut(text, most)
    assert units_of(kept) <= most
    assert kept == text or kept.endswith("…") or not kept


def test_lines_are_filled_up_to_the_limit() -> None:
    lines = [plain("字" * 300) for _ in range(30)]
    full = fill(lines, between="\n\n")
    assert fits(full)
    assert full.units > MOST_UNITS - 400
    assert not fits(join([bold(plain("x")) for _ in range(101)]))


def test_our_own_words_keep_their_commands() -> None:
    found = parse_html(ours("/help @soso").source)
    assert {one["type"] for one in mark(found.text, found.entities)} == {"bot_command", "mention"}
    told = parse_html(announcement("/remove https://a.example/b", most=99).source)
    assert {one["type"] for one in mark(told.text, told.entities)} == {"url"}
