"""A web page where a feed was expected: which feeds does it link to?

Knows how pages name their feeds (link rel=alternate). Must not know feeds.
"""

import re
from typing import Final, NoReturn

from selectolax.lexbor import LexborHTMLParser

from soso.model.errors import BadInput
from soso.sources.feed.wire import absolute
from soso.sources.web_preview.values import parse_telegram_link
from soso.sources.web_preview.wire import attribute

_PAGE: Final = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    }
)
_SHOWN: Final = 5
_HEAD_BYTES: Final = 4096
_READ_BYTES: Final = 2**20


def looks_like_page(content: bytes) -> bool:
    """Whether bytes begin like an HTML page."""
    return _PAGE.search(content[:_HEAD_BYTES]) is not None


def find_feeds(content: bytes, url: str) -> list[str]:
    """Return the addresses of the feeds that a page links to, each once, in the page's order."""
    page = LexborHTMLParser(content[:_READ_BYTES])
    found: dict[str, None] = {}
    for link in page.css("link[rel][type][href]"):
        rels = (attribute(link, "rel") or "").lower().split()
        kind = (attribute(link, "type") or "").partition(";")[0].strip().lower()
        address = absolute(attribute(link, "href"), url)
        if "alternate" in rels and kind in _TYPES and address is not None:
            found[address] = None
    return list(found)


def complain_of_page(content: bytes, url: str) -> NoReturn:
    """Raise BadInput that says what could be followed instead."""
    on_telegram = parse_telegram_link(url)
    if on_telegram is not None and on_telegram.username is not None:
        raise BadInput(
            f"{url} is a page of Telegram and no feed; follow it by its name: @{on_telegram.username}"
        )
    feeds = find_feeds(content, url)
    if not feeds:
        raise BadInput(f"{url} is a web page and no feed, and it links to none")
    raise BadInput(
        f"{url} is a web page and no feed; it links to these: {', '.join(feeds[:_SHOWN])}"
    )
