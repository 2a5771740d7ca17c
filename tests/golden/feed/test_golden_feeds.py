"""Invented feeds in the shape of each producer, and the posts that are to be read from them.

The expected files were read through by hand, entry by entry, beside the feeds.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from soso.sources.feed import parse_feed

HERE = Path(__file__).parent
OBSERVED_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEEDS = sorted(path for path in HERE.iterdir() if path.suffix in (".xml", ".atom", ".json"))
FEEDS = [path for path in FEEDS if not path.name.endswith(".posts.json")]


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_feed(feed: Path) -> None:
    url = f"https://feeds.example/{feed.name}"
    found = parse_feed(feed.read_bytes(), url=url, observed_at=OBSERVED_AT)
    expected = json.loads(feed.with_name(f"{feed.name}.posts.json").read_text("utf-8"))
    assert json.loads(msgspec.json.encode(found)) == expected


def test_no_phone_number_is_kept() -> None:
    feed = (HERE / "rsshub.xml").read_bytes()
    assert b"555 0100" in feed
    found = msgspec.json.encode(parse_feed(feed, url="https://f.example/", observed_at=OBSERVED_AT))
    assert b"0100" not in found
    assert "张三".encode() not in found
