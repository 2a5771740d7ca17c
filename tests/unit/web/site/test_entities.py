"""Hostile and crossed entities: what comes out is always well nested, escaped and harmless."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.post import Entity, EntityKind
from soso.web.site.entities import render_plain, render_text

K = EntityKind
ALLOWED = {
    *("a", "b", "i", "u", "s", "code", "pre", "blockquote", "span", "strong"),
}
ATTRIBUTES = {"href", "rel", "class", "tabindex", "data-language"}


def entity(
    kind: EntityKind, start: int, end: int, url: str | None = None, language: str | None = None
) -> Entity:
    return Entity(kind=kind, start=start, end=end, url=url, language=language)


def over(text: str, marked: str, kind: EntityKind, url: str | None = None) -> Entity:
    start = text.index(marked)
    return entity(kind, start, start + len(marked), url)


class Checker(HTMLParser):
    """Collects the text, and fails on tags that are not allowed or not well nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert tag != "a" or "a" not in self.open, "a link in a link"
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        self.seen += text


def check(html: str) -> Checker:
    checker = Checker()
    checker.feed(str(html))
    checker.close()
    assert checker.open == []
    return checker


def test_text_without_entities_is_escaped_once() -> None:
    assert render_text("<script>&amp;\"'", ()) == "&lt;script&gt;&amp;amp;&#34;&#39;"


@pytest.mark.parametrize(
    ("kind", "html"),
    [
        (K.BOLD, "<b>x</b>"),
        (K.ITALIC, "<i>x</i>"),
        (K.UNDERLINE, "<u>x</u>"),
        (K.STRIKE, "<s>x</s>"),
        (K.CODE, "<code>x</code>"),
        (K.PRE, "<pre><code>x</code></pre>"),
        (K.QUOTE, "<blockquote>x</blockquote>"),
        (K.SPOILER, '<span class="spoiler" tabindex="0">x</span>'),
        (K.HEADING, '<strong class="heading">x</strong>'),
        (K.CUSTOM_EMOJI, "x"),
        (K.PHONE, "x"),
        (K.BANK_CARD, "x"),
    ],
)
def test_kinds(kind: EntityKind, html: str) -> None:
    assert render_text("x", [entity(kind, 0, 1)]) == html


def test_links_lead_where_they_may() -> None:
    text = "example.org #天气 @name $BTC a@example.org 这里"
    html = render_text(
        text,
        [
            over(text, "example.org", K.LINK),
            over(text, "#天气", K.HASHTAG),
            over(text, "@name", K.MENTION),
            over(text, "$BTC", K.CASHTAG),
            over(text, "a@example.org", K.EMAIL),
            over(text, "这里", K.TEXT_LINK, 'https://example.org/?a=1&b="2'),
        ],
    )
    assert check(html).links == [
        "https://example.org",
        "/search?q=%23%E5%A4%A9%E6%B0%94",
        "https://t.me/name",
        "/search?q=%24BTC",
        "mailto:a@example.org",
        'https://example.org/?a=1&b="2',
    ]
    assert html.count('rel="nofollow noopener ugc"') == 4  # our own pages need none


def test_a_known_name_leads_to_its_page_here() -> None:
    html = render_text("@Name", [entity(K.MENTION, 0, 5)], known={"name": "/c/1500000001"})
    assert html == '<a href="/c/1500000001">@Name</a>'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", "", None]
)
def test_an_address_that_may_not_be_linked_leaves_the_text(url: str | None) -> None:
    assert render_text("这里", [entity(K.TEXT_LINK, 0, 2, url)]) == "这里"


def test_an_address_can_not_leave_its_attribute() -> None:
    html = render_text("x", [entity(K.TEXT_LINK, 0, 1, 'https://e.org/"><script>x</script>')])
    assert "<script" not in html
    assert check(html).links == ['https://e.org/"><script>x</script>']


def test_a_language_can_not_leave_its_attribute() -> None:
    html = render_text("x", [entity(K.PRE, 0, 1, language='py" onclick="x')])
    assert html == '<pre data-language="py&#34; onclick=&#34;x"><code>x</code></pre>'


def test_nested_entities() -> None:
    html = render_text("abcdef", [entity(K.BOLD, 0, 6), entity(K.ITALIC, 2, 4)])
    assert html == "<b>ab<i>cd</i>ef</b>"


def test_overlapping_entities_are_cut_where_they_cross() -> None:
    html = render_text("abcdef", [entity(K.ITALIC, 0, 4), entity(K.BOLD, 2, 6)])
    assert html == "<i>ab</i><b><i>cd</i>ef</b>"


def test_a_quote_stands_outside_whatever_crosses_it() -> None:
    html = render_text("ab\ncd", [entity(K.BOLD, 0, 5), entity(K.QUOTE, 3, 5)])
    assert html == "<b>ab</b><blockquote><b>cd</b></blockquote>"


def test_a_block_ends_its_line_by_itself() -> None:
    text = "前\n引用\n后"
    html = render_text(text, [over(text, "引用", K.QUOTE)])
    assert html == "前<blockquote>引用</blockquote>后"


def test_a_link_in_a_link_is_left_out() -> None:
    text = "see example.org now"
    html = render_text(
        text,
        [entity(K.TEXT_LINK, 0, 19, "https://a.org"), over(text, "example.org", K.LINK)],
    )
    assert check(html).links == ["https://a.org"]


def test_entities_outside_the_text_are_cut_or_left_out() -> None:
    entities = [
        entity(K.BOLD, -5, 1),
        entity(K.ITALIC, 2, 99),
        entity(K.CODE, 3, 3),
        entity(K.STRIKE, 5, 2),
        entity(K.SPOILER, 50, 60),
        entity(K.MENTION, -7, 1),
    ]
    assert check(render_text("abc", entities)).seen == "abc"


def test_emoji_and_combined_characters_keep_their_places() -> None:
    text = "👨‍👩‍👧粗é"
    assert render_text(text, [over(text, "粗", K.BOLD)]) == "👨‍👩‍👧<b>粗</b>é"


def test_the_rest_of_a_text() -> None:
    text = "标题\n正文 #天气"
    html = render_text(text, [entity(K.BOLD, 0, 4), over(text, "#天气", K.HASHTAG)], start=3)
    assert html.startswith("<b>正</b>文 <a ")
    assert render_text(text, (), start=99) == ""


def test_direction_overrides_do_not_move_offsets() -> None:
    text = "a\u202eb粗c"
    assert render_text(text, [over(text, "粗", K.BOLD)]) == "ab<b>粗</b>c"


def test_many_entities_take_little_time() -> None:
    text = "字" * 20_000
    crossed = [entity(K.BOLD, i, len(text) - i) for i in range(5000)]
    apart = [entity(K.ITALIC, i, i + 1) for i in range(0, 20_000, 2)]
    began = time.perf_counter()
    assert check(render_text(text, [*crossed, *apart])).seen == text
    assert time.perf_counter() - began < 5


@given(
    st.text(alphabet="ab<>&\"'\n 字😀\u202e", max_size=30),
    st.lists(
        st.builds(
            entity,
            st.sampled_from(EntityKind),
            st.integers(-5, 40),
            st.integers(-5, 40),
            st.sampled_from([None, "https://e.org", "javascript:x", '"><b>']),
        ),
        max_size=8,
    ),
)
def test_whatever_comes_the_tags_are_well_nested_and_the_text_is_kept(
    text: str, entities: list[Entity]
) -> None:
    checker = check(render_text(text, entities))
    without_breaks = re.sub(r"[\n\u202e]", "", text)
    assert checker.seen.replace("\n", "") == without_breaks
    assert all(link.startswith(("https://", "/search?q=", "mailto:")) for link in checker.links)


def test_plain_text_has_its_addresses_and_names_linked() -> None:
    html = render_plain("官网 https://example.org/a。投稿@some_bot，群 t.me/group (a@b.cc) x@y")
    assert check(html).links == [
        "https://example.org/a",
        "https://t.me/group",
    ]
    assert "https://t.me/some_bot" in render_plain("投稿 @some_bot，谢谢")
    assert check(render_plain("(https://example.org/b).")).links == ["https://example.org/b"]
    assert check(render_plain("<https://example.org>")).seen == "<https://example.org>"
