"""An entry that is a post of Telegram: what its producer wrapped around the text is taken off.

Knows what RSSHub, RSS-Bridge and TelegramRSS (tg.i-c-a.su) put into an entry's HTML: where it was
forwarded from, what it answers, polls, files and link previews. Must not know feeds' formats.
"""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from soso.model.media import Media, MediaKind
from soso.model.post import Forward, LinkPreview, Poll, PollAnswer, Reply
from soso.sources.feed.body import read_media, read_rich
from soso.sources.feed.wire import absolute
from soso.sources.web_preview.richtext import RichText, read_plain
from soso.sources.web_preview.values import parse_duration, parse_size, parse_telegram_link
from soso.sources.web_preview.wire import MESSAGE, attribute, class_tokens

_FORWARDED: Final = re.compile(r"Forwarded from:?\s+", re.IGNORECASE)
_AUTHOR: Final = re.compile(r"\s*\(([^()]{1,200})\)\s*$")
_VIA: Final = re.compile(r"via @?([A-Za-z][A-Za-z0-9_]{3,31})\s*$")
_ANSWER: Final = re.compile(r"([0-9]{1,3})% - (.{1,500})", re.DOTALL)
_NOT_SHOWN: Final = "VIEW IN TELEGRAM"
_VOICE: Final = re.compile(r"(?:🎙|\[Voice\])\s*(?:\(([0-9:]{1,12})\))?\s*$")


class Wrapping:
    """What stood around a post's text; taking it off leaves the text in the tree."""

    def __init__(self, body: LexborNode | None, base: str) -> None:
        self.forward: Forward | None = None
        self.reply: Reply | None = None
        self.via_bot: str | None = None
        self.poll: Poll | None = None
        self.previews: tuple[LinkPreview, ...] = ()
        self.files: list[Media] = []
        self.media: list[Media] = []
        self.rich = RichText()
        self._voice_s: int | None = None
        if body is not None:
            self._take_apart(body, base)

    def _take_apart(self, body: LexborNode, base: str) -> None:
        for node in list(_elements(body)):
            if node.tag == "blockquote" or "rsshub-quote" in class_tokens(node):
                if self._take_quote(node, base):
                    node.decompose()
            elif node.tag == "p" and (self._take_line(node) or _is_contact(node)):
                node.decompose()
        self._take_bridge_forward(body)
        self.media = _typed(read_media(body, base), self._voice_s)
        own = body.css_first(f".{MESSAGE}_text")  # RSS-Bridge keeps the page's own element
        self.rich = read_rich(own if own is not None else body)

    def _take_quote(self, node: LexborNode, base: str) -> bool:
        """Read a quote that the producer made; a quote of the post's own text is left."""
        if self.reply is None and (reply := _reply(node)) is not None:
            self.reply = reply
        elif self.poll is None and (poll := _poll(node)) is not None:
            self.poll = poll
        elif (file := _file(node)) is not None:
            self.files.append(file)
        elif (preview := _preview(node, base)) is not None:
            self.previews = (*self.previews, preview)
        else:
            return "cite" in node.attributes or (read_plain(node) or "").endswith(_NOT_SHOWN)
        return True

    def _take_line(self, node: LexborNode) -> bool:
        """Read a paragraph that the producer put before the text."""
        line = read_plain(node) or ""
        if self.forward is None and _FORWARDED.match(line) and node.css_first("b") is not None:
            self.forward = _forward(node, _FORWARDED.sub("", line, count=1))
            return True
        if (via := _VIA.match(line)) is not None and node.css_first("b") is not None:
            self.via_bot = via[1]
            return True
        voice = _VOICE.match(line)
        if voice is not None:
            self._voice_s = parse_duration(voice[1] or "")
        return voice is not None

    def _take_bridge_forward(self, body: LexborNode) -> None:
        name = body.css_first(f".{MESSAGE}_forwarded_from_name")
        if name is not None and self.forward is None:
            self.forward = _forward(name, read_plain(name) or "")


def _elements(body: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements that stand at the top of an entry."""
    child = body.child
    while child is not None:
        following = child.next
        if child.is_element_node:
            yield child
        child = following


def _is_contact(node: LexborNode) -> bool:
    """Whether a paragraph is a name and a phone number, which are never kept."""
    rows = list(_elements(node))
    tel = rows[-1] if rows else None
    is_tel = tel is not None and (attribute(tel, "href") or "").startswith("tel:")
    return is_tel and len(rows) <= 2 and rows[0].tag in ("a", "b")


def _forward(node: LexborNode, line: str) -> Forward:
    author = _AUTHOR.search(line)
    anchor = node if node.tag == "a" else node.css_first("a[href]")
    link = parse_telegram_link(attribute(anchor, "href")) if anchor is not None else None
    return Forward(
        name=(_AUTHOR.sub("", line) if author else line).strip()[:256] or None,
        peer=link.peer if link else None,
        username=link.username if link else None,
        post_id=link.post_id if link else None,
        author=author[1].strip() if author else None,
    )


def _reply(node: LexborNode) -> Reply | None:
    """RSSHub marks its quote with a class; RSS-Bridge ends it with the address as its own text."""
    marked = "rsshub-quote" in class_tokens(node)
    for anchor in node.css("a[href]"):
        href = attribute(anchor, "href")
        link = parse_telegram_link(href)
        if link is None or link.post_id is None:
            continue
        if marked or (anchor.text(strip=True) == href and anchor.next is None):
            author = read_plain(node.css_first("b")) if marked else None
            return Reply(post_id=link.post_id, author=author)
    return None


def _poll(node: LexborNode) -> Poll | None:
    rows = list(_elements(node))
    if len(rows) < 3 or any(row.tag != "p" for row in rows):
        return None
    question = read_plain(rows[0].css_first("b"))
    found = [_ANSWER.fullmatch(read_plain(row) or "") for row in rows[2:]]
    if question is None or rows[1].css_first("small") is None or not any(found):
        return None
    answers = (PollAnswer(text=m[2], percent=min(int(m[1]), 100)) for m in found if m)
    return Poll(question=question, answers=tuple(answers))


def _file(node: LexborNode) -> Media | None:
    """A name in bold, and beneath it a size or, of music, who plays it."""
    rows = list(_elements(node))
    if not 1 <= len(rows) <= 2 or any(row.tag != "p" for row in rows):
        return None
    name, extra = read_plain(rows[0].css_first("b")), read_plain(node.css_first("small"))
    if name is None or name != read_plain(rows[0]) or (len(rows) == 2 and extra is None):
        return None
    size = parse_size(extra or "")
    if extra is None or size is not None:
        return Media(kind=MediaKind.FILE, file_name=name, bytes=size)
    return Media(kind=MediaKind.AUDIO, title=name, performer=extra)


def _preview(node: LexborNode, base: str) -> LinkPreview | None:
    """A site and a title in bold, each on a line, then a description or a picture."""
    rows = list(_elements(node))
    link = next((a for a in node.css("a[href]") if read_plain(a)), None)
    if "cite" in node.attributes:
        url = absolute(attribute(node, "cite"), base)
    elif link is not None and (_titled(rows) or _pictured(rows)):
        url = absolute(attribute(link, "href"), base)
    else:
        return None
    if url is None:
        return None
    bold = [text for row in node.css("b") if (text := read_plain(row))]
    title = read_plain(link) if link is not None else (bold[-1] if bold else None)
    site = bold[0] if bold and bold[0] != title else None
    told = read_plain(node.css_first("p"))
    return LinkPreview(url=url, site=site, title=title, description=told)


def _titled(rows: list[LexborNode]) -> bool:
    """Whether a quote begins with lines in bold that end in a break, one of them a link."""
    lead = [row for row in rows if row.tag == "b"]
    breaks = [row for row in rows if row.tag == "br"]
    linked = any(row.css_first("a[href]") is not None for row in lead)
    return bool(rows) and rows[0].tag == "b" and linked and len(breaks) >= len(lead)


def _pictured(rows: list[LexborNode]) -> bool:
    """Whether a quote begins with a link around a picture or nothing, on a line of its own."""
    return len(rows) > 2 and (rows[0].tag, rows[1].tag) == ("a", "br") and not read_plain(rows[0])


def _typed(media: list[Media], voice_s: int | None) -> list[Media]:
    """A sound inside a post's HTML is a voice message: music has no address on preview pages."""
    return [
        Media(kind=MediaKind.VOICE, source=item.source, duration_s=voice_s)
        if item.kind is MediaKind.AUDIO
        else item
        for item in media
    ]
