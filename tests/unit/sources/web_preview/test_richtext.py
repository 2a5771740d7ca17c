from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.model.ids import Peer, PeerKind
from soso.model.post import Entity, EntityKind
from soso.sources.web_preview.richtext import (
    RichText,
    join_texts,
    read_emoji,
    read_plain,
    read_text,
)

EMOJI = "//telegram.org/img/emoji/40/"
Node = Callable[[str], LexborNode]


def marked(text: RichText) -> list[tuple[str, str]]:
    return [(entity.kind.value, text.text[entity.start : entity.end]) for entity in text.entities]


def read(node: Node, html: str) -> RichText:
    return read_text(node(f"<div>{html}</div>"))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br/>b<br><br>c", "a\nb\n\nc"),
        (" \n  a  b\u00a0c \n ", "a  b\u00a0c"),
        ("one\n      two<br>\n      three <br>four", "one two\nthree \nfour"),
        ("<b>Bold<br/><br/></b>then", "Bold\n\nthen"),
        ("a<blockquote>q</blockquote>b", "a\nq\nb"),
        ("a<br/><blockquote>q</blockquote><br/>b", "a\nq\n\nb"),
        ("<blockquote>q</blockquote>", "q"),
        ("<div>\n <div>inner</div>\n <span></span></div>", "inner"),
        ("a<pre>x\n   y</pre>b", "a\nx\n   y\nb"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a&lt;b&gt; &amp;amp; &#39;", "a<b> &amp; '"),
        ("a<script>x</script><style>y</style><!-- z -->b", "ab"),
        ("name<i class='verified-icon'> ✔</i>", "name"),
        ("　　段落", "　　段落"),
        ("", ""),
        ("<br><br>", ""),
    ],
)
def test_text_is_what_a_reader_sees(node: Node, html: str, text: str) -> None:
    assert read(node, html).text == text


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<b>a</b><strong>b</strong>", [("bold", "a"), ("bold", "b")]),
        (
            "<i>a</i><em>b</em><u>c</u><ins>d</ins>",
            [("italic", "a"), ("italic", "b"), ("underline", "c"), ("underline", "d")],
        ),
        (
            "<s>a</s><del>b</del><strike>c</strike>",
            [("strike", "a"), ("strike", "b"), ("strike", "c")],
        ),
        (
            "<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>",
            [("spoiler", "a"), ("spoiler", "b")],
        ),
        ("x<code>a</code><blockquote expandable>b</blockquote>", [("code", "a"), ("quote", "b")]),
        ("<b>a<i>b</i></b>", [("bold", "ab"), ("italic", "b")]),
        ("<b>a<b>b</b></b>", [("bold", "ab")]),
        ("<i><b>both</b></i>", [("italic", "both"), ("bold", "both")]),
        ("<b> </b><i></i><b><br></b>x", []),
        ("  <b>  lead</b>", [("bold", "lead")]),
        ("x\n  <b>y</b>", [("bold", "y")]),
        ("<h2>Title</h2>text", [("heading", "Title")]),
        ("<span>plain</span>", []),
    ],
)
def test_formatting(node: Node, html: str, found: list[tuple[str, str]]) -> None:
    assert marked(read(node, html)) == found


def test_code_blocks_keep_lines_and_language(node: Node) -> None:
    text = read(node, '<pre><code class="language-c++">a\n  b<br/>c</code></pre>')
    assert text.text == "a\n  b\nc"
    assert text.entities == (Entity(kind=EntityKind.PRE, start=0, end=7, language="c++"),)


@pytest.mark.parametrize(
    ("html", "kind", "url"),
    [
        ('<a href="https://x.example/a">here</a>', "text_link", "https://x.example/a"),
        ('<a href="https://x.example/">x.example</a>', "link", None),
        ('<a href="https://x.example/a%20b">https://X.example/a b</a>', "link", None),
        ('<a href="http://xn--fiqs8s.example/">中国.example</a>', "link", None),
        (
            '<a href="https://x.example/?a=1&amp;amp;b=2" onclick="">t</a>',
            "text_link",
            "https://x.example/?a=1&b=2",
        ),
        ('<a href="https://t.me/Harbour_Talk">@harbour_talk</a>', "mention", None),
        ('<a href="https://t.me/other">@harbour_talk</a>', "text_link", "https://t.me/other"),
        ('<a href="?q=%23tag">#tag</a>', "hashtag", None),
        ('<a href="https://t.me/s/durov?q=%23tag">#tag</a>', "hashtag", None),
        ('<a href="?q=%24TON">$TON</a>', "cashtag", None),
        ('<a href="mailto:a@b.example">a@b.example</a>', "email", None),
        ('<a href="tel:+100">+100</a>', "phone", None),
        ('<a href="tg://bot_command?command=start">/start</a>', "command", None),
        ('<a href="/s/harbour">more</a>', "text_link", "https://t.me/s/harbour"),
    ],
)
def test_links(node: Node, html: str, kind: str, url: str | None) -> None:
    (entity,) = read(node, html).entities
    assert (entity.kind.value, entity.url) == (kind, url)


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "?q=word", "", "data:text/html,x", "a.html"]
)
def test_what_leads_nowhere_is_text(node: Node, href: str) -> None:
    assert read(node, f'<a href="{href}">text</a>') == RichText("text", ())


def test_people_without_a_name_are_known_by_id(node: Node) -> None:
    (entity,) = read(node, '<a href="tg://user?id=77">Ben</a>').entities
    assert entity.kind is EntityKind.MENTION_NAME
    assert entity.peer == Peer(kind=PeerKind.USER, id=77)


def test_offsets_are_code_points(node: Node) -> None:
    text = read(node, '<i class="emoji"><b>😀</b></i>👨‍👩‍👧 <b>中文</b>')
    assert marked(text) == [("bold", "中文")]
    assert text.entities[0].start == 1 + 5 + 1


@pytest.mark.parametrize(
    ("html", "sign"),
    [
        ("<i class='emoji'><b>😈</b></i>", "😈"),
        (f"<i class='emoji' style=\"background-image:url('{EMOJI}F09F9888.png')\"></i>", "😈"),
        ("<img class='emoji' alt='😈'>", "😈"),
        ("<i class='emoji' style=\"background-image:url('/x/zz.png')\"></i>", ""),
        ("<i class='emoji' style=\"background-image:url('/x/FF.png')\"></i>", ""),
        ("<i class='emoji'></i>", ""),
    ],
)
def test_emoji(node: Node, html: str, sign: str) -> None:
    assert read_emoji(node(html)) == sign
    assert read(node, html) == RichText(sign, ())


def test_custom_emoji_are_marked(node: Node) -> None:
    text = read(node, '<tg-emoji emoji-id="5"><i class="emoji"><b>🤖</b></i></tg-emoji> hi')
    assert marked(text) == [("custom_emoji", "🤖")]


def test_texts_are_joined_with_their_entities() -> None:
    bold = Entity(kind=EntityKind.BOLD, start=0, end=1)
    one, two = RichText("a", (bold,)), RichText("b", (bold,))
    joined = join_texts([one, RichText(), one, two])
    assert joined.text == "a\n\nb"
    assert marked(joined) == [("bold", "a"), ("bold", "b")]
    assert join_texts([]) == RichText()


def test_plain_text_of_nothing_is_none(node: Node) -> None:
    assert read_plain(None) is None
    assert read_plain(node("<b> </b>")) is None


def test_deep_nesting_is_read(node: Node) -> None:
    assert read(node, "<b>" * 50_000 + "x") == RichText(
        "x", (Entity(kind=EntityKind.BOLD, start=0, end=1),)
    )


TAGS = ("b", "i", "pre", "blockquote", "div", "a")
LETTERS = ("a", "中", "😀", " ", "\n", "\t", "&amp;", "<br>", "<a href='https://x.example'>")
PIECES = st.sampled_from([*LETTERS, *(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS)])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_entities_stay_within_the_text_and_are_sorted(html: str) -> None:
    body = LexborHTMLParser(f"<body><div>{html}</div></body>").body
    assert body is not None
    text = read_text(body)
    assert text.text == text.text.strip(" \t\r\n\f")
    starts = [entity.start for entity in text.entities]
    assert starts == sorted(starts)
    for entity in text.entities:
        assert 0 <= entity.start < entity.end <= len(text.text)
