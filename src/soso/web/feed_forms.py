"""A feed in its two forms: Atom (RFC 4287) and JSON Feed 1.1.

Knows both forms. Must not know where entries come from.
"""

import uuid
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree import ElementTree

import msgspec

from soso.model.value import Value
from soso.web.xml import render_xml

ATOM_TYPE: Final = "application/atom+xml"
JSON_TYPE: Final = "application/feed+json"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NEVER: Final = datetime(2013, 8, 14, tzinfo=UTC)  # no post is older than Telegram


class Entry(Value):
    """A post in a feed. content: safe HTML with absolute addresses. image: a small picture."""

    url: str
    title: str
    content: str
    author: str
    published_at: datetime
    updated_at: datetime
    image: str | None = None


class Feed(Value):
    """A feed. home: the page it goes with; urls: where its Atom and JSON forms are."""

    title: str
    home: str
    atom_url: str
    json_url: str
    author: str
    description: str = ""
    icon: str | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def updated_at(self) -> datetime:
        """When the newest of its entries changed."""
        return max((entry.updated_at for entry in self.entries), default=_NEVER)


def stable_id(url: str) -> str:
    """Return an id that stays as long as the address does, whatever its form."""
    return uuid.uuid5(uuid.NAMESPACE_URL, url).urn


def write_time(at: datetime) -> str:
    """Return a time as RFC 3339 has it, in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def render_atom(feed: Feed) -> bytes:
    """Return the feed as Atom."""
    root = ElementTree.Element("feed", {"xmlns": _ATOM})
    _add(root, "id", stable_id(feed.atom_url))
    _add(root, "title", feed.title)
    if feed.description:
        _add(root, "subtitle", feed.description)
    _add(root, "updated", write_time(feed.updated_at))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type=ATOM_TYPE, href=feed.atom_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    _add(root, "generator", "Soso")
    if feed.icon:
        _add(root, "icon", feed.icon)
    for entry in feed.entries:
        _add_entry(root, entry)
    return render_xml(root)


def render_json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    content: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.json_url,
        "authors": [{"name": feed.author, "url": feed.home}],
        "items": [_build_item(entry) for entry in feed.entries],
    }
    if feed.description:
        content["description"] = feed.description
    if feed.icon:
        content["icon"] = feed.icon
    return msgspec.json.encode(content)


def _add_entry(root: ElementTree.Element, entry: Entry) -> None:
    element = _add(root, "entry")
    _add(element, "id", stable_id(entry.url))
    _add(element, "title", entry.title)
    _add(element, "updated", write_time(entry.updated_at))
    _add(element, "published", write_time(entry.published_at))
    _add(_add(element, "author"), "name", entry.author)
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.image:
        _add(element, "link", rel="enclosure", type="image/webp", href=entry.image)
    _add(element, "content", entry.content, type="html")


def _build_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": stable_id(entry.url),
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content,
        "date_published": write_time(entry.published_at),
        "date_modified": write_time(entry.updated_at),
        "authors": [{"name": entry.author}],
    }
    if entry.image:
        item["image"] = entry.image
        item["attachments"] = [{"url": entry.image, "mime_type": "image/webp"}]
    return item


def _add(
    parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = text
    return element
