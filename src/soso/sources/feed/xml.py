"""RSS and Atom, read by feedparser, as the wire shape.

Knows feedparser's names. It repairs broken XML and odd encodings, and is given bytes and never an
address: a text that looks like an address or path it would open.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_tz
from io import BytesIO
from time import struct_time
from typing import Any, Final

import feedparser

from soso.model.errors import BadInput
from soso.sources.feed.wire import (
    Enclosure,
    Entry,
    RawFeed,
    absolute,
    as_count,
    as_label,
    as_text,
)

_END: Final = re.compile(rb"</\s*(?:[\w-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_TAIL_BYTES: Final = 4096
# RFC 822 names that are not ambiguous; CST is America's and China's.
_ZONE: Final = re.compile(
    r"(?:[+-]\d{2}:?\d{2}|\b(?:Z|UTC?|GMT|E[SD]T|M[SD]T|P[SD]T))\W*$|\dZ$", re.I
)
_RIGHT_FOR_WRONG: Final = 5  # in text of another encoding most characters are wrong
_YEARS: Final = range(1990, 2100)
# What feedparser and what it calls are known to raise on hostile input.
_BROKEN: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)
_ELEMENT: Final = re.compile(rb"<[A-Za-z]")
_LONGEST_PROLOGUE: Final = 4_096
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})


def read_xml(content: bytes, *, url: str, content_type: str | None, limit: int) -> RawFeed | None:
    """Return an RSS or Atom feed; None if it is neither. Raises BadInput when it can't be read.

    url: what relative links start from. content_type: as HTTP told, for the encoding.
    limit: entries beyond it are counted and not read.
    """
    # No content-location: feedparser would make addresses of guids with it.
    headers = {"content-type": content_type or "application/xml"}
    try:
        parsed: Any = feedparser.parse(
            BytesIO(_calm(_mend(content, content_type or ""))),
            response_headers=headers,
            resolve_relative_uris=False,  # done where links are read, at a tenth of the cost
            sanitize_html=False,  # markup never gets further than text, marks and media
        )
        if not (parsed.get("version") or parsed.entries):
            return None
        head = dict(parsed.feed)  # plain: feedparser's own mapping answers with other fields
        base = absolute(head.get("link"), url) or url
        entries = tuple(_entry(dict(raw), base) for raw in parsed.entries[:limit])
    except _BROKEN as error:
        raise BadInput(f"the feed {url} can't be read: {error}") from error
    return RawFeed(
        title=as_label(head.get("title")),
        link=absolute(head.get("link"), url),
        description=as_text(head.get("subtitle")),
        picture=absolute(_picture(head), base),
        entries=entries,
        left_out=max(len(parsed.entries) - limit, 0),
        cut=bool(parsed.get("bozo")) and _END.search(content[-_TAIL_BYTES:]) is None,
    )


def _calm(content: bytes) -> bytes:
    """Return a feed whose beginning, up to its first element, is short and without runs of blanks.

    feedparser looks there for entities with a pattern that takes quadratic time in newlines
    (20,000 of them: 1.3 s, with the interpreter held). Raises BadInput where it is not short.
    """
    first = _ELEMENT.search(content)
    end = first.start() if first is not None else len(content)
    prologue = re.sub(rb"\s{2,}", b"\n", content[:end])
    if len(prologue) > _LONGEST_PROLOGUE:
        raise BadInput("the feed begins with more than a feed has before its first element")
    return prologue + content[end:] if len(prologue) != end else content


def _mend(content: bytes, content_type: str) -> bytes:
    """Return UTF-8 whose few broken characters are replaced.

    Else one of them, and be it where a feed was cut, has the whole taken for another encoding.
    """
    head = content[:200].lower()
    if b"encoding=" in head and b"utf-8" not in head:
        return content
    if "charset=" in content_type.lower() and "utf-8" not in content_type.lower():
        return content
    try:
        content.decode()
    except UnicodeDecodeError:
        text = content.decode(errors="replace")
        right = sum(char > "\x7f" and char != "\ufffd" for char in text)
        if text.count("\ufffd") * _RIGHT_FOR_WRONG <= right:
            return text.encode()
    return content


def _entry(raw: Mapping[str, Any], base: str) -> Entry:
    body, is_html, own_base = _body(raw)
    at, certain = _time(raw, "published") or _time(raw, "updated") or (None, True)
    updated = _time(raw, "updated") if raw.get("published_parsed") else None
    here = absolute(own_base, base) or base
    return Entry(
        guid=as_text(raw.get("id")).strip() or None,
        link=None if _is_no_link(raw) else absolute(raw.get("link"), here),
        title=as_text(raw.get("title")),
        html=body if is_html else "",
        text="" if is_html else body,
        base=here,
        author=as_label(raw.get("author")) or None,
        at=at,
        at_certain=certain,
        updated_at=updated[0] if updated is not None and updated[1] else None,
        enclosures=_enclosures(raw, here),
        views=_views(raw),
    )


def _is_no_link(raw: Mapping[str, Any]) -> bool:
    """Whether feedparser made a link of a guid that is only a number or name."""
    guid = as_text(raw.get("id")).strip()
    return bool(guid) and "/" not in guid and as_text(raw.get("link")).strip() == guid


def _body(raw: Mapping[str, Any]) -> tuple[str, bool, str]:
    """Return the longest of what an entry has for a body, whether it is HTML, and its base."""
    details = [part for part in _maps(raw.get("content")) if as_text(part.get("value"))]
    summary = raw.get("summary_detail")
    if isinstance(summary, Mapping):
        details.append(summary)
    if not details:
        return as_text(raw.get("summary")), True, ""
    best = max(details, key=lambda part: len(as_text(part.get("value"))))
    is_html = as_text(best.get("type")) in _HTML_TYPES
    return as_text(best.get("value")), is_html, as_text(best.get("base"))


def _enclosures(raw: Mapping[str, Any], base: str) -> tuple[Enclosure, ...]:
    links = [link for link in _maps(raw.get("links")) if link.get("rel") == "enclosure"]
    found: dict[str, Enclosure] = {}
    for part in (*links, *_maps(raw.get("media_content")), *_maps(raw.get("media_thumbnail"))):
        url = absolute(part.get("href") or part.get("url"), base)
        if url is None or url in found:
            continue
        medium = as_label(part.get("medium"))
        is_thumbnail = part in _maps(raw.get("media_thumbnail"))
        mime = as_label(part.get("type")).lower() or (f"{medium}/" if medium else "")
        found[url] = Enclosure(
            url=url,
            mime=mime or ("image/" if is_thumbnail else ""),
            bytes=as_count(part.get("length") or part.get("filesize")) or None,
            width=as_count(part.get("width")) or None,
            height=as_count(part.get("height")) or None,
        )
    return tuple(found.values())


def _views(raw: Mapping[str, Any]) -> int | None:
    statistics = raw.get("media_statistics")
    return as_count(statistics.get("views")) if isinstance(statistics, Mapping) else None


def _picture(head: Mapping[str, Any]) -> object:
    image = head.get("image")
    address = image.get("href") or image.get("url") if isinstance(image, Mapping) else None
    return address or head.get("logo") or head.get("icon")


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []


def _time(raw: Mapping[str, Any], name: str) -> tuple[datetime, bool] | None:
    """Return a time as UTC and whether its zone was told; None for what is none."""
    parsed = raw.get(f"{name}_parsed") or _without_zone(as_text(raw.get(name)))
    if not isinstance(parsed, struct_time) or parsed.tm_year not in _YEARS:
        return None
    try:
        at = datetime(*parsed[:5], min(parsed.tm_sec, 59), tzinfo=UTC)
    except ValueError:
        return None
    return at, _ZONE.search(as_text(raw.get(name)).strip()) is not None


def _without_zone(written: str) -> struct_time | None:
    """Return a time of RFC 822 without a zone, which feedparser does not read."""
    parts = parsedate_tz(written)
    return struct_time((*parts[:6], 0, 1, -1)) if parts is not None and not parts[9] else None
