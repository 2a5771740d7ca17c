"""Formatted text of an HTML export: elements become entities, <br> a line break. Pure.

The exporter writes line breaks of the text as <br>; those of the file are its own layout.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from selectolax.lexbor import LexborNode

from soso.model.post import Entity, EntityKind
from soso.sources.desktop_export.formatting import Formatted
from soso.sources.desktop_export.wire import MAX_URL_CHARS

_TAGS: Final[Mapping[str, EntityKind]] = MappingProxyType(
    {
        "strong": EntityKind.BOLD,
        "b": EntityKind.BOLD,
        "em": EntityKind.ITALIC,
        "i": EntityKind.ITALIC,
        "u": EntityKind.UNDERLINE,
        "s": EntityKind.STRIKE,
        "del": EntityKind.STRIKE,
        "code": EntityKind.CODE,
        "pre": EntityKind.PRE,
        "blockquote": EntityKind.QUOTE,
    }
)
_CLICKS: Final[Mapping[str, EntityKind]] = MappingProxyType(
    {
        "ShowHashtag": EntityKind.HASHTAG,
        "ShowCashtag": EntityKind.CASHTAG,
        "ShowBotCommand": EntityKind.COMMAND,
        "ShowMentionName": EntityKind.MENTION_NAME,
        "ShowNotLoadedEmoji": EntityKind.CUSTOM_EMOJI,
        "ShowNotAvailableEmoji": EntityKind.CUSTOM_EMOJI,
    }
)
_CLICK: Final = re.compile(r"return (\w+)\(")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_LAYOUT_BEFORE: Final = re.compile(r"\A\n")
_LAYOUT_AFTER: Final = re.compile(r"\n *\Z")


def read_html_text(root: LexborNode) -> Formatted:
    """Return the text below a node and its entities, which may lie in one another."""
    pieces: list[str] = []
    entities: list[Entity] = []
    at = 0
    walks = [(root, _children(root), 0, 0)]
    while walks:
        element, children, start, first = walks[-1]
        node = next(children, None)
        if node is None:
            walks.pop()
            if element is not root and at > start:
                entities.extend(_read_element(element, pieces[first:], start, at))
        elif node.is_text_node or node.tag == "br":
            piece = "\n" if node.tag == "br" else _strip_layout(node.text_content or "")
            pieces.append(piece)
            at += len(piece)
        else:
            walks.append((node, _children(node), at, len(pieces)))
    entities.sort(key=lambda entity: (entity.start, -entity.end))
    return "".join(pieces), tuple(entities)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    return iter(node.iter(include_text=True))


def _strip_layout(text: str) -> str:
    return _LAYOUT_BEFORE.sub("", _LAYOUT_AFTER.sub("", text))


def _read_element(element: LexborNode, pieces: list[str], start: int, end: int) -> Iterator[Entity]:
    tag = element.tag or ""
    if tag == "a":
        yield from _read_link(element, "".join(pieces), start)
    elif tag in _TAGS:
        yield Entity(kind=_TAGS[tag], start=start, end=end)
    elif tag == "span" and "spoiler" in class_tokens(element):
        yield Entity(kind=EntityKind.SPOILER, start=start, end=end)


def _read_link(element: LexborNode, text: str, start: int) -> Iterator[Entity]:
    end = start + len(text)
    attributes = element.attributes
    click = _CLICK.match(attributes.get("onclick") or "")
    href = (attributes.get("href") or "").strip()
    if click is not None:
        kind = _CLICKS.get(click[1])
    elif href == text:
        kind = EntityKind.LINK
    elif href == f"mailto:{text}":
        kind = EntityKind.EMAIL
    elif href == f"tel:{text}":
        kind = EntityKind.PHONE
    elif text.startswith("@") and href.endswith("/" + text[1:]):
        kind = EntityKind.MENTION
    elif _SCHEME.match(href) and len(href) <= MAX_URL_CHARS:
        yield Entity(kind=EntityKind.TEXT_LINK, start=start, end=end, url=href)
        return
    else:  # a file of the export: the picture of a custom emoji
        kind = EntityKind.CUSTOM_EMOJI if href else None
    if kind is not None:
        yield Entity(kind=kind, start=start, end=end)


def class_tokens(node: LexborNode) -> list[str]:
    """Return the classes of an element."""
    return (node.attributes.get("class") or "").split()


def plain_text(node: LexborNode | None) -> str:
    """Return the text below a node, without the white space around it."""
    return node.text(deep=True).strip() if node is not None else ""
