"""Lists of what is to be followed: a name or address a line, or OPML as feed readers write it.

Pure: bytes in, names out. Must not know what a name turns out to be.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from xml.etree import ElementTree

from soso.model.errors import BadInput

MOST_BYTES: Final = 8 * 2**20
MOST_NAMES: Final = 100_000
_LONGEST: Final = 2_000
_ADDRESSES: Final = ("xmlUrl", "xmlurl", "url", "htmlUrl", "htmlurl")
_COMMENT: Final = re.compile(r"(?:^|\s)#\s.*$|^#.*$")


class NamesRead(NamedTuple):
    """names: each once, in order. skipped: lines and outlines without a usable name."""

    names: tuple[str, ...]
    skipped: int


def parse_names(content: bytes) -> NamesRead:
    """Return the names in a list.

    Lines: the first word counts, what follows `# ` is a comment, commas and tabs end a name.
    Raises BadInput for what is neither text nor OPML, or too large.
    """
    if len(content) > MOST_BYTES:
        raise BadInput(f"a list of more than {MOST_BYTES // 2**20} MB is not read")
    text = content.decode(
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace"
    )
    if "\0" in text:
        raise BadInput("this is no list of names: write one name or address a line, or OPML")
    is_opml = text.lstrip()[:1] == "<"
    found = list(_outlines(text) if is_opml else _lines(text))
    names = dict.fromkeys(name for name in found if name and len(name) <= _LONGEST)
    if len(names) > MOST_NAMES:
        raise BadInput(f"a list of more than {MOST_NAMES:,} names is not read")
    return NamesRead(tuple(names), sum(not name or len(name) > _LONGEST for name in found))


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        words = re.split(r"[\s,;]+", _COMMENT.sub("", line).strip())
        if any(words):
            yield next(word for word in words if word)


def _outlines(text: str) -> Iterator[str]:
    if "<!ENTITY" in text.upper():
        raise BadInput("this OPML defines entities of its own and is not read")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadInput(f"this is not well-formed OPML: {error}") from error
    if root.tag.lower() != "opml":
        raise BadInput(f"this is XML, but <{root.tag[:40]}> is not OPML")
    for outline in root.iter("outline"):
        address = next((outline.get(name) for name in _ADDRESSES if outline.get(name)), None)
        if address or not len(outline):  # a folder has none, and is none to be counted
            yield (address or "").strip()
