"""JSON Feed 1.0 and 1.1, which feedparser does not read, as the wire shape.

Knows the format's names. Producers leave out what the format asks for (BroadcastChannel has no id).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

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

_YEARS: Final = range(1990, 2100)


def read_json_feed(content: bytes, *, url: str, limit: int) -> RawFeed | None:
    """Return a JSON Feed; None if the JSON is something else. Raises BadInput if it is no JSON."""
    try:
        raw: Any = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
        raise BadInput(f"{url} is neither a feed nor valid JSON: {error}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("items"), list):
        return None
    items = [item for item in raw["items"] if isinstance(item, dict)]
    return RawFeed(
        title=as_label(raw.get("title")),
        link=absolute(raw.get("home_page_url"), url),
        description=as_text(raw.get("description")),
        picture=absolute(raw.get("icon") or raw.get("favicon"), url),
        entries=tuple(_entry(item, url) for item in items[:limit]),
        left_out=max(len(items) - limit, 0),
    )


def _entry(item: Mapping[str, Any], url: str) -> Entry:
    html = as_text(item.get("content_html"))
    guid = item.get("id")
    if isinstance(guid, int) and not isinstance(guid, bool):
        guid = str(guid)
    published = _time(item.get("date_published"))
    updated = _time(item.get("date_modified"))
    at, certain = published or updated or (None, True)
    link = absolute(item.get("url"), url) or absolute(item.get("external_url"), url)
    return Entry(
        guid=as_text(guid).strip() or None,
        link=link,
        title=as_text(item.get("title")),
        html=html,
        text="" if html else as_text(item.get("content_text")) or as_text(item.get("summary")),
        base=link or url,
        author=_author(item),
        at=at,
        at_certain=certain,
        updated_at=updated[0] if published and updated and updated[1] else None,
        enclosures=_enclosures(item, url),
    )


def _author(item: Mapping[str, Any]) -> str | None:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return (as_label(first.get("name")) or None) if isinstance(first, dict) else None


def _enclosures(item: Mapping[str, Any], url: str) -> tuple[Enclosure, ...]:
    attachments = item.get("attachments")
    found = []
    for part in attachments if isinstance(attachments, list) else ():
        if isinstance(part, dict) and (address := absolute(part.get("url"), url)) is not None:
            size = as_count(part.get("size_in_bytes")) or None
            mime = as_label(part.get("mime_type")).lower()
            found.append(Enclosure(url=address, mime=mime, bytes=size))
    image = absolute(item.get("image") or item.get("banner_image"), url)
    return (*found, Enclosure(url=image, mime="image/")) if image is not None else tuple(found)


def _time(value: object) -> tuple[datetime, bool] | None:
    try:
        at = datetime.fromisoformat(as_text(value).strip())
        certain = at.tzinfo is not None
        at = at.astimezone(UTC) if certain else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return (at, certain) if at.year in _YEARS else None
