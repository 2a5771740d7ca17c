"""HTML as the official server reads it: its tags, its offsets, its words for what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.doubles.bot_api.errors import ApiError
from soso.doubles.bot_api.html import parse_html, utf16_length


def marks(html: str) -> list[tuple[str, int, int]]:
    return [(one["type"], one["offset"], one["length"]) for one in parse_html(html).entities]


def test_marks_count_utf16_units() -> None:
    found = parse_html("😀<b>粗 😀</b> <i>斜</i>")
    assert found.text == "😀粗 😀 斜"
    assert marks("😀<b>粗 😀</b> <i>斜</i>") == [("bold", 2, 4), ("italic", 7, 1)]


def test_marks_lie_in_one_another_from_the_outside_in() -> None:
    assert marks("<b>a<i>b</i></b>") == [("bold", 0, 2), ("italic", 1, 1)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;b&gt; &amp; &quot;&#39;&#x4e2d;", "<b> & \"'中"),
        ("&nbsp;&copy", "&nbsp;&copy"),  # other names stay as they are
        ("1 > 0 & 2", "1 > 0 & 2"),
        ("&#0;&#xD800;", "&#0;&#xD800;"),
        ("<B>x</b>", "x"),
        ("<b>x</>", "x"),
    ],
)
def test_what_the_server_lets_pass(html: str, text: str) -> None:
    assert parse_html(html).text == text


@pytest.mark.parametrize("html", ["a & b", "a > b", '<a href="https://x.y/?a&b">x</a>'])
def test_what_passes_but_was_not_escaped_is_noted(html: str) -> None:
    assert len(parse_html(html).slips) == 1


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("中<p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<", "Unclosed start tag at byte offset 0"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
    ],
)
def test_what_the_server_refuses(html: str, error: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(html)
    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {error}"


def test_a_link_keeps_its_address_and_a_bad_one_only_its_text() -> None:
    assert parse_html('<a href="https://e.org/?a=1&amp;b=2">x</a>').entities == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://e.org/?a=1&b=2"}
    ]
    assert parse_html('<a href="javascript:alert(1)">x</a>').entities == []


def test_code_in_pre_has_a_language() -> None:
    found = parse_html('<pre><code class="language-python">x = 1</code></pre>').entities
    assert found == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


def test_quotes_can_be_expandable() -> None:
    assert marks("<blockquote expandable>x</blockquote>") == [("expandable_blockquote", 0, 1)]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(html: str) -> None:
    try:
        found = parse_html(html)
    except ApiError:
        return
    whole = utf16_length(found.text)
    assert all(
        0 <= one["offset"] <= one["offset"] + one["length"] <= whole for one in found.entities
    )


@given(st.text(max_size=60))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[::2] == (text, [])
