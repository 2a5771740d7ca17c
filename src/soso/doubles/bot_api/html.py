"""HTML as the Bot API reads it: few tags, all closed, anything else refused.

Follows parse_html of the official server: the same tags, the same texts of errors, offsets of
errors in bytes of UTF-8, offsets of entities in UTF-16 units. Beyond it, a `>` or `&` that is not
escaped is noted as a slip: the server lets it pass, a careful bot never sends it.
"""

import re
from typing import Any, Final, NamedTuple

from soso.doubles.bot_api.errors import bad_request

_TAGS: Final = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY: Final = re.compile(r"&(?:#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))|([A-Za-z]{2,4}));?")
_SPACE: Final = " \t\r\n\0\x0b\x0c"
_HIGHEST: Final = 0x10FFFF


class Formatted(NamedTuple):
    """Plain text, its entities as the API sends them, and what was not escaped."""

    text: str
    entities: list[dict[str, Any]]
    slips: list[str]


class _Open(NamedTuple):
    tag: str
    start: int  # UTF-16 units
    attributes: dict[str, str]


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units a text has: the API's measure."""
    return len(text) + sum(char > "\uffff" for char in text)


def parse_html(html: str) -> Formatted:
    """Return what the markup says. Raises ApiError 400 "can't parse entities: ..."."""
    return _Parser(html).run()


class _Parser:
    def __init__(self, html: str) -> None:
        self.html = html
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []
        self.slips: list[str] = []

    def run(self) -> Formatted:
        while self.at < len(self.html):
            char = self.html[self.at]
            if char == "<":
                if self.html.startswith("</", self.at):
                    self._end_tag()
                else:
                    self._start_tag()
            elif char == "&":
                self._write(self._entity())
            else:
                if char == ">":
                    self._slip("a > that is not escaped")
                self._write(char)
                self.at += 1
        if self.open:
            tag = self.open[-1].tag
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self.entities.sort(key=lambda one: (one["offset"], -one["length"]))
        return Formatted("".join(self.out), self.entities, self.slips)

    def _write(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def _slip(self, what: str) -> None:
        self.slips.append(f"{what}: {self.html[max(0, self.at - 20) : self.at + 20]!r}")

    def _entity(self) -> str:
        """Return what stands for an entity, and go on behind it; & itself if it is none."""
        match = _ENTITY.match(self.html, self.at)
        text = None
        if match is not None:
            hexadecimal, decimal, name = match.groups()
            if name is not None:
                text = _NAMED.get(name)
            else:
                code = int(hexadecimal, 16) if hexadecimal else int(decimal)
                text = chr(code) if 0 < code <= _HIGHEST and not 0xD800 <= code < 0xE000 else None
        if match is None or text is None:
            self._slip("an & that is not escaped")
            self.at += 1
            return "&"
        self.at = match.end()
        return text

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(_SPACE + ">").lower()
        if self.at >= len(self.html):
            raise _unreadable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TAGS:
            raise _unreadable(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._peek() == ">":
                break
            name, value = self._attribute(tag, begin)
            attributes[name] = value
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            where = self._byte(begin)
            raise _unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(_Open(tag, self.length, attributes))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._until(_SPACE + "=>/\"'").lower()
        where = self._byte(begin)
        if not name:
            raise _unreadable(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        self._skip_space()
        unclosed = f'Unclosed start tag "{tag}" at byte offset {where}'
        if self._peek() == "":
            raise _unreadable(unclosed)
        if self._peek() != "=":
            return name, ""
        self.at += 1
        self._skip_space()
        quote = self._peek()
        if quote in ("'", '"') and quote:
            return name, self._quoted(quote, unclosed)
        token_at = self.at
        while (char := self._peek()) and ((char.isascii() and char.isalnum()) or char in ".-"):
            self.at += 1
        if self._peek() == "":
            raise _unreadable(unclosed)
        if self._peek() not in _SPACE + ">":
            raise _unreadable(f"Unexpected end of name token at byte offset {self._byte(token_at)}")
        return name, self.html[token_at : self.at].lower()

    def _quoted(self, quote: str, unclosed: str) -> str:
        self.at += 1
        value: list[str] = []
        while self._peek() not in ("", quote):
            if self._peek() == "&":
                value.append(self._entity())
            else:
                value.append(self._peek())
                self.at += 1
        if self._peek() == "":
            raise _unreadable(unclosed)
        self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise _unreadable(f"Unexpected end tag at byte offset {self._byte(begin)}")
        self.at += 2
        name = self._until(_SPACE + ">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise _unreadable(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise _unreadable(
                f"Unmatched end tag at byte offset {self._byte(begin)}, expected"
                f' "</{opened.tag}>", found "</{name}>"'
            )
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: dict[str, Any] = {
            "type": _TAGS[opened.tag],
            "offset": opened.start,
            "length": self.length - opened.start,
        }
        if not entity["length"]:
            return
        match opened.tag:
            case "a":
                address = opened.attributes.get("href") or self._text_from(opened.start)
                if not _is_address(address):
                    return  # the server keeps the text and drops the link
                entity["url"] = address
            case "tg-emoji":
                entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
            case "blockquote" if "expandable" in opened.attributes:
                entity["type"] = "expandable_blockquote"
            case "code" if self.open and self.open[-1].tag == "pre":
                language = opened.attributes.get("class", "")
                if language.startswith("language-"):
                    self.open[-1].attributes["language"] = language.removeprefix("language-")
                return
            case "pre" if "language" in opened.attributes:
                entity["language"] = opened.attributes["language"]
        self.entities.append(entity)

    def _text_from(self, start: int) -> str:
        whole = "".join(self.out).encode("utf-16-le")
        return whole[start * 2 :].decode("utf-16-le")

    def _until(self, ends: str) -> str:
        begin = self.at
        while self.at < len(self.html) and self.html[self.at] not in ends:
            self.at += 1
        return self.html[begin : self.at]

    def _skip_space(self) -> None:
        while self.at < len(self.html) and self.html[self.at] in _SPACE:
            self.at += 1

    def _peek(self) -> str:
        return self.html[self.at] if self.at < len(self.html) else ""

    def _byte(self, at: int) -> int:
        return len(self.html[:at].encode("utf-8", "surrogatepass"))


def _is_address(text: str) -> bool:
    return (
        re.match(r"(?:https?|tg|ton|tonsite|mailto|tel):\S+$|[\w-]+(\.[\w-]+)+\S*$", text, re.I)
        is not None
    )


def _unreadable(text: str) -> Exception:
    return bad_request(f"can't parse entities: {text}")
