"""Formatted text of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.model.post import EntityKind
from soso.sources.desktop_export.html_text import class_tokens, plain_text, read_html_text


def node(inner: str) -> LexborNode:
    html = f'<div class="text">\n{inner}\n       </div>'
    found = LexborHTMLParser(html).css_first("div.text")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<strong>字</strong>", EntityKind.BOLD),
        ("<em>字</em>", EntityKind.ITALIC),
        ("<u>字</u>", EntityKind.UNDERLINE),
        ("<s>字</s>", EntityKind.STRIKE),
        ("<code>字</code>", EntityKind.CODE),
        ("<pre>字</pre>", EntityKind.PRE),
        ("<blockquote>字</blockquote>", EntityKind.QUOTE),
        ('<span class="spoiler hidden"><span>字</span></span>', EntityKind.SPOILER),
        ('<a href="" onclick="return ShowHashtag(&quot;x&quot;)">字</a>', EntityKind.HASHTAG),
        ('<a href="" onclick="return ShowCashtag(&quot;x&quot;)">字</a>', EntityKind.CASHTAG),
        ('<a href="" onclick="return ShowBotCommand(&quot;x&quot;)">字</a>', EntityKind.COMMAND),
        ('<a href="" onclick="return ShowMentionName()">字</a>', EntityKind.MENTION_NAME),
        ('<a href="" onclick="return ShowNotLoadedEmoji();">字</a>', EntityKind.CUSTOM_EMOJI),
        ('<a href = "stickers/a.tgs">字</a>', EntityKind.CUSTOM_EMOJI),
        ('<a href="字">字</a>', EntityKind.LINK),
        ('<a href="mailto:字">字</a>', EntityKind.EMAIL),
        ('<a href="tel:字">字</a>', EntityKind.PHONE),
        ('<a href="https://a.example/?a=1&amp;b">字</a>', EntityKind.TEXT_LINK),
    ],
)
def test_elements_become_entities(html: str, kind: EntityKind) -> None:
    text, (entity,) = read_html_text(node(f"前{html}后"))
    assert text == "前字后"
    assert (entity.kind, entity.start, entity.end) == (kind, 1, 2)


def test_a_mention_links_to_its_name() -> None:
    text, (entity,) = read_html_text(node('<a href="https://t.me/abc">@abc</a>'))
    assert (text, entity.kind) == ("@abc", EntityKind.MENTION)


def test_addresses_are_kept_once_unescaped() -> None:
    _, (entity,) = read_html_text(node('<a href="https://a.example/?a=1&amp;b=2">x</a>'))
    assert entity.url == "https://a.example/?a=1&b=2"


@pytest.mark.parametrize("html", ['<a href="">x</a>', "<a>x</a>", '<a onclick="return X()">x</a>'])
def test_links_to_nowhere_are_text(html: str) -> None:
    assert read_html_text(node(html)) == ("x", ())


def test_breaks_are_those_of_the_text_and_not_of_the_file() -> None:
    assert read_html_text(node(" 缩进<br><br>末尾 "))[0] == " 缩进\n\n末尾 "
    assert read_html_text(node("<pre>a<br>b</pre>"))[0] == "a\nb"
    assert read_html_text(node("&lt;b&gt; &amp;amp; &#x0B;"))[0] == "<b> &amp; \x0b"


def test_elements_in_one_another_and_empty_ones() -> None:
    text, entities = read_html_text(node('<strong>a<em>b</em></strong><s></s><a href="b">b</a>'))
    assert text == "abb"
    assert [(e.kind, e.start, e.end) for e in entities] == [
        (EntityKind.BOLD, 0, 2),
        (EntityKind.ITALIC, 1, 2),
        (EntityKind.LINK, 2, 3),
    ]


@given(st.text("<>/=\"'&; abdivspant\n", max_size=60))
def test_any_markup_gives_text_and_entities_in_it(markup: str) -> None:
    found = LexborHTMLParser(f"<html><body><p>{markup}").body
    assert found is not None
    text, entities = read_html_text(found)
    assert all(0 <= entity.start < entity.end <= len(text) for entity in entities)


def test_classes_and_plain_text() -> None:
    found = node("a<b> b </b>")
    assert class_tokens(found) == ["text"]
    assert plain_text(found) == "a b"
    assert plain_text(None) == ""
