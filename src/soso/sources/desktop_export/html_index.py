"""Which pages an HTML export has, and what is said of its chats beside them. Pure.

A chat's pages are messages.html, messages2.html and so on in one folder. An account has a folder a
chat, and in lists/chats.html their titles and kinds.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from soso.model.chat import ChatKind
from soso.model.value import Value
from soso.sources.desktop_export.html_media import Locate
from soso.sources.desktop_export.html_text import plain_text
from soso.sources.desktop_export.media import is_inside
from soso.sources.desktop_export.wire import as_label

INDEX: Final = ("lists", "chats.html")
_PAGE: Final = re.compile(r"messages([0-9]{0,6})\.html")
_KINDS: Final = {"channel": ChatKind.CHANNEL, "group": ChatKind.GROUP, "bot": ChatKind.BOT}
_TAG: Final = re.compile(r"<(/?)(?!br|img|meta|link|input|hr)[a-zA-Z]")
_MAX_DEPTH: Final = 1000


class IndexEntry(Value):
    """A chat in the list of an account; kind is PERSON for all that are not shared."""

    title: str | None
    kind: ChatKind
    folder: str


def page_number(name: str) -> int | None:
    """Return which page of its chat a file is, counted from 1; None if it is none."""
    match = _PAGE.fullmatch(name)
    return int(match[1] or 1) if match is not None else None


def page_name(number: int) -> str:
    """Return what the exporter calls the page of that number."""
    return f"messages{number if number > 1 else ''}.html"


def missing_pages(numbers: Iterable[int]) -> list[int]:
    """Return the numbers that are not there before the last."""
    there = set(numbers)
    return [number for number in range(1, max(there, default=0)) if number not in there]


def parse_index(html: str) -> Iterator[IndexEntry]:
    """Yield the chats that an account's list links to."""
    for entry in LexborHTMLParser(html).css("a.entry"):
        path = (entry.attributes.get("href") or "").removeprefix("../")
        folder, slash, name = path.rpartition("/")
        if slash and is_inside(folder) and page_number(name) is not None:
            yield IndexEntry(
                title=as_label(plain_text(entry.css_first(".name"))),
                kind=_KINDS.get(plain_text(entry.css_first(".info")), ChatKind.PERSON),
                folder=folder,
            )


def make_locate(place: tuple[str, ...], prefix: str) -> Locate:
    """Return how the addresses on the pages of a folder become paths below the export's folder.

    place: the last names of the pages' folder; pages of an account climb out of it and down again.
    prefix: the pages' folder as seen from the export's, with a / at its end, or nothing.
    """

    def locate(href: str) -> str | None:
        names = list(place)
        for name in href.split("/"):
            if name == ".." and names:
                names.pop()
            elif name not in ("", "."):
                names.append(name)
        path = "/".join(names[len(place) :])
        inside = tuple(names[: len(place)]) == place and not href.startswith("/")
        return prefix + path if inside and path and is_inside(path) else None

    return locate


def is_too_deep(html: str) -> bool:
    """Whether elements lie so deep in one another as no exporter writes them.

    The parser takes squared time for depth; one hostile page could keep it busy for a day.
    """
    depth = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth > _MAX_DEPTH:
            return True
    return False
