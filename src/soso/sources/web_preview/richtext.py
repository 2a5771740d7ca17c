"""The text of an element with its formatting, in code points.

Knows how preview pages mark text up. Must not know where on the page the element stands.

The text is what a reader sees: br is a new line, a quote or code block stands on lines of its own,
and a line break in the page's source is white space. Runs of spaces are kept, as people typed them.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from soso.model.ids import Peer, PeerKind
from soso.model.post import Entity, EntityKind
from soso.sources.web_preview.values import (
    USERNAME,
    link_address,
    parse_background,
    parse_telegram_link,
    query_values,
)
from soso.sources.web_preview.wire import MESSAGE, attribute, class_tokens

_KINDS: Final = {
    "b": EntityKind.BOLD,
    "strong": EntityKind.BOLD,
    "i": EntityKind.ITALIC,
    "em": EntityKind.ITALIC,
    "u": EntityKind.UNDERLINE,
    "ins": EntityKind.UNDERLINE,
    "s": EntityKind.STRIKE,
    "del": EntityKind.STRIKE,
    "strike": EntityKind.STRIKE,
    "code": EntityKind.CODE,
    "pre": EntityKind.PRE,
    "blockquote": EntityKind.QUOTE,
    "tg-spoiler": EntityKind.SPOILER,
    "tg-emoji": EntityKind.CUSTOM_EMOJI,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), EntityKind.HEADING),
}
_BLOCKS: Final = frozenset(
    {"blockquote", "details", "div", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"footer", "header", "hr", "li", "ol", "p", "pre", "section", "summary", "table", "tr", "ul"}
)
_HIDDEN: Final = frozenset({"script", "style", "template", "svg", "video", "audio", "noscript"})
# What may stand inside names and texts without belonging to them.
_LABELS: Final = frozenset(
    {"verified-icon", "message_media_not_supported_wrap", "copyonly", MESSAGE}
)
_SOURCE_BREAK: Final = re.compile(r"[ \t\r\f]*\n[ \t\r\n\f]*")
_EDGE: Final = " \t\r\n\f"
_LANGUAGE: Final = re.compile(r"lang(?:uage)?-([A-Za-z0-9+#._-]{1,40})")


class RichText(NamedTuple):
    """A text and the entities that point into it, sorted by start, outer ones first."""

    text: str = ""
    entities: tuple[Entity, ...] = ()


class _Span:
    """A marked stretch while it is being read. start: None until something visible is in it."""

    __slots__ = ("end", "kind", "node", "start")

    def __init__(self, kind: EntityKind, node: LexborNode) -> None:
        self.kind = kind
        self.node = node
        self.start: int | None = None
        self.end = 0


class _End(NamedTuple):
    """The end of an element: what it closes, and whether it stood on lines of its own."""

    span: _Span | None
    block: bool


class _Writer:
    """Puts the text together; white space that may turn out to be none is held back."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[_Span] = []
        self._last = "\n"
        self._space = False  # a line break in the page's source
        self._edge = False  # the edge of a block, which needs a new line unless there is one

    def write(self, raw: str, *, verbatim: bool = False) -> None:
        runs = [raw] if verbatim else _SOURCE_BREAK.split(raw)
        for number, run in enumerate(runs):
            self._space = self._space or number > 0
            if run:
                self._put(run)

    def new_line(self) -> None:
        self._space = False
        self._put("\n")

    def edge(self) -> None:
        self._edge = True

    def _put(self, piece: str) -> None:
        if self._edge and self._last != "\n":
            self._append("\n")
        elif self._space and self._last != "\n":
            self._append(" ")
        self._edge = self._space = False
        for span in self.open:
            if span.start is None:
                span.start = self.length
        self._append(piece)

    def _append(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)
        self._last = piece[-1]


def read_text(root: LexborNode) -> RichText:
    """Return the text of an element, without white space at its ends."""
    writer = _Writer()
    spans = _read_spans(root, writer)
    whole = "".join(writer.pieces)
    text = whole.strip(_EDGE)
    shift = len(whole) - len(whole.lstrip(_EDGE))
    entities = []
    for span in spans:
        start = max((span.start or 0) - shift, 0)
        end = min(span.end - shift, len(text))
        if end > start and text[start:end].strip():
            entities.append(_entity(span, start, end, text[start:end]))
    kept = [entity for entity in reversed(entities) if entity is not None]
    kept.sort(key=lambda entity: (entity.start, -entity.end))
    return RichText(text, tuple(kept))


def join_texts(texts: list[RichText]) -> RichText:
    """Return several texts as one, an empty line between them; equal ones count once."""
    text = ""
    entities: list[Entity] = []
    for part in dict.fromkeys(texts):
        if not part.text:
            continue
        text = f"{text}\n\n" if text else ""
        shift = len(text)
        text += part.text
        entities += [
            Entity(
                kind=entity.kind,
                start=entity.start + shift,
                end=entity.end + shift,
                url=entity.url,
                language=entity.language,
                peer=entity.peer,
            )
            for entity in part.entities
        ]
    return RichText(text, tuple(entities))


def read_plain(root: LexborNode | None) -> str | None:
    """Return the text of an element without formatting; None when there is none."""
    return (read_text(root).text or None) if root is not None else None


def read_emoji(node: LexborNode) -> str:
    """Return the character of an emoji element: its text, or else what its picture is named after.

    The picture's name is the character's UTF-8 in hexadecimal (F09F9888.png).
    """
    text = node.text(deep=True, strip=True) or attribute(node, "alt") or ""
    if text:
        return text
    address = parse_background(attribute(node, "style")) or ""
    name = address.rsplit("/", 1)[-1].partition(".")[0]
    try:
        return bytes.fromhex(name).decode("utf-8") if len(name) <= 100 else ""
    except ValueError:
        return ""


def _read_spans(root: LexborNode, writer: _Writer) -> list[_Span]:
    """Write the element's text and return its spans.

    Without recursion, as pages may nest deeply.
    """
    done: list[_Span] = []
    waiting: list[LexborNode | _End | None] = [root.child]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _End):
            _close(item, writer, done)
            continue
        if item is None:
            continue
        waiting.append(item.next)
        if item.is_text_node:
            writer.write(item.text_content or "", verbatim=_in_pre(writer))
        elif item.is_element_node:
            waiting += _open(item, writer)
    return done


def _open(node: LexborNode, writer: _Writer) -> list[LexborNode | _End | None]:
    """Begin an element and return what is to be read next, last first."""
    tag = node.tag or ""
    tokens = class_tokens(node)
    if tag in _HIDDEN or not _LABELS.isdisjoint(tokens):
        return []
    if tag == "br":
        writer.new_line()
        return []
    if "emoji" in tokens and tag in {"i", "img"}:
        writer.write(read_emoji(node), verbatim=True)
        return []
    if tag in _BLOCKS:
        writer.edge()
    kind = _kind_of(node, tag, tokens)
    span = None
    if kind is not None and all(kind is not other.kind for other in writer.open):
        span = _Span(kind, node)
        writer.open.append(span)
    return [_End(span, tag in _BLOCKS), node.child]


def _close(end: _End, writer: _Writer, done: list[_Span]) -> None:
    if end.block:
        writer.edge()
    if end.span is None:
        return
    writer.open.remove(end.span)
    if end.span.start is not None:
        end.span.end = writer.length
        done.append(end.span)


def _kind_of(node: LexborNode, tag: str, tokens: list[str]) -> EntityKind | None:
    if tag == "a":
        return EntityKind.TEXT_LINK
    if tag == "span" and "tg-spoiler" in tokens:
        return EntityKind.SPOILER
    if tag == "code" and node.parent is not None and node.parent.tag == "pre":
        return None
    return _KINDS.get(tag)


def _in_pre(writer: _Writer) -> bool:
    return any(span.kind is EntityKind.PRE for span in writer.open)


def _entity(span: _Span, start: int, end: int, text: str) -> Entity | None:
    if span.kind is EntityKind.TEXT_LINK:
        return _link(span.node, start, end, text)
    language = _language(span.node) if span.kind is EntityKind.PRE else None
    return Entity(kind=span.kind, start=start, end=end, language=language)


def _language(pre: LexborNode) -> str | None:
    inner = pre.css_first("code")
    for node in (pre, inner):
        for token in class_tokens(node) if node is not None else ():
            match = _LANGUAGE.fullmatch(token)
            if match is not None:
                return match[1]
    return None


def _link(node: LexborNode, start: int, end: int, text: str) -> Entity | None:
    """Return what an anchor is: a tag, a name, a command, a plain address, or text with one."""
    raw = attribute(node, "href")
    if raw is not None and raw.startswith("?"):
        sought = "".join(query_values(raw, "q"))
        kind = {"#": EntityKind.HASHTAG, "$": EntityKind.CASHTAG}.get(sought[:1])
        return Entity(kind=kind, start=start, end=end) if kind is not None else None
    url = link_address(raw, twice="onclick" in node.attributes)
    if url is None:
        return None
    kind, peer = _link_kind(url, text)
    shown = url if kind is EntityKind.TEXT_LINK else None
    return Entity(kind=kind, start=start, end=end, url=shown, peer=peer)


def _link_kind(url: str, text: str) -> tuple[EntityKind, Peer | None]:
    scheme, _, rest = url.partition(":")
    match scheme.lower():
        case "mailto":
            return EntityKind.EMAIL, None
        case "tel":
            return EntityKind.PHONE, None
        case "tg" if rest.startswith("//bot_command"):
            return EntityKind.COMMAND, None
        case "tg" if rest.startswith("//user?id="):
            number = rest.removeprefix("//user?id=")
            if number.isascii() and number.isdigit() and len(number) < 19 and int(number):
                return EntityKind.MENTION_NAME, Peer(kind=PeerKind.USER, id=int(number))
    if text.startswith("#") and "q=%23" in url:
        return EntityKind.HASHTAG, None
    if text.startswith("@") and USERNAME.fullmatch(text[1:]):
        named = parse_telegram_link(url)
        if named is not None and (named.username or "").lower() == text[1:].lower():
            return EntityKind.MENTION, None
    same = _bare(url) == _bare(text)
    return (EntityKind.LINK if same else EntityKind.TEXT_LINK), None


def _bare(address: str) -> str:
    """Return an address in the form in which its text and its target can be compared."""
    text = address.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host = parts.netloc.lower().encode("idna").decode("ascii")
    except ValueError:
        return text
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return host + unquote(parts.path + query + fragment).rstrip("/")
