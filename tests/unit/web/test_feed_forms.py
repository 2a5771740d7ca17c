import json
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

from soso.web.feed_forms import (
    Entry,
    Feed,
    render_atom,
    render_json_feed,
    stable_id,
    write_time,
)

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "<b>&\u0000\u0008]]>"
ENTRY = Entry(
    url="https://soso.example/c/1/2",
    title=EVIL,
    content="<b>雨</b><br>\n&lt;script&gt;",
    author=EVIL,
    published_at=AT,
    updated_at=AT + timedelta(hours=1),
    image="https://soso.example/b/aa",
)
FEED = Feed(
    title=EVIL,
    home="https://soso.example/c/1",
    atom_url="https://soso.example/c/1/feed.atom",
    json_url="https://soso.example/c/1/feed.json",
    author="天气",
    description=EVIL,
    entries=(ENTRY,),
)


def test_atom_has_what_readers_need() -> None:
    root = ElementTree.fromstring(render_atom(FEED))
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author", "link", "subtitle"):
        assert root.find(ATOM + name) is not None, name
    assert root.findtext(f"{ATOM}title") == "<b>&]]>"
    assert root.findtext(f"{ATOM}updated") == "2026-11-23T13:00:00Z"
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == stable_id(ENTRY.url)
    assert entry.findtext(f"{ATOM}published") == "2026-11-23T12:00:00Z"
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert content.text == ENTRY.content
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links == {"alternate": ENTRY.url, "enclosure": ENTRY.image}


def test_json_feed_says_the_same() -> None:
    feed = json.loads(render_json_feed(FEED))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == FEED.json_url
    (item,) = feed["items"]
    assert item["id"] == stable_id(ENTRY.url)
    assert item["content_html"] == ENTRY.content
    assert item["date_modified"] == "2026-11-23T13:00:00Z"
    assert item["image"] == ENTRY.image


def test_an_empty_feed_is_a_feed() -> None:
    empty = Feed(title="x", home="h", atom_url="a", json_url="j", author="y")
    root = ElementTree.fromstring(render_atom(empty))
    assert root.findtext(f"{ATOM}updated") is not None
    assert json.loads(render_json_feed(empty))["items"] == []


def test_ids_stay_and_differ() -> None:
    assert stable_id("https://a/1") == stable_id("https://a/1")
    assert stable_id("https://a/1") != stable_id("https://a/2")
    assert stable_id("https://a/1").startswith("urn:uuid:")


def test_times_are_utc_with_four_digits_of_a_year() -> None:
    east = timezone(timedelta(hours=8))
    assert write_time(datetime(2026, 1, 1, 8, tzinfo=east)) == "2026-01-01T00:00:00Z"
    assert write_time(datetime(1, 2, 3, tzinfo=UTC)) == "0001-02-03T00:00:00Z"
