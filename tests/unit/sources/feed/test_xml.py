import time

import pytest

from soso.model.errors import BadInput
from soso.sources.feed.xml import read_xml


def test_a_long_beginning_takes_no_time() -> None:
    """feedparser looks for entities before the first element in quadratic time."""
    blanks = b'<?xml version="1.0"?>' + b"\n" * 2_000_000
    feed = blanks + b'<rss version="2.0"><channel><title>a</title></channel></rss>'
    started = time.monotonic()
    found = read_xml(feed, url="https://f.example/", content_type=None, limit=9)
    assert time.monotonic() - started < 5
    assert found is not None
    assert found.title == "a"
    with pytest.raises(BadInput, match="first element"):
        read_xml(
            b"<!-- x\n -->" * 9_000 + b"<rss/>",
            url="https://f.example/",
            content_type=None,
            limit=9,
        )
