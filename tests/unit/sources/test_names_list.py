import pytest

from soso.model.errors import BadInput
from soso.sources.names_list import MOST_BYTES, parse_names

OPML = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>mine</title></head><body>
<outline text="News"><outline type="rss" text="A" xmlUrl="https://rss.example.org/a"/>
<outline text="B" htmlUrl="https://t.me/s/b_channel"/><outline text="empty"/></outline>
<outline text="A again" xmlUrl="https://rss.example.org/a"/></body></opml>"""


def test_lines_comments_and_columns() -> None:
    text = b"@one  the first\n# a comment\n\nhttps://t.me/two, 2\r\nthree_3 # why\n@one\n"
    assert parse_names(text) == (("@one", "https://t.me/two", "three_3"), 0)


def test_an_address_keeps_its_fragment() -> None:
    assert parse_names(b"https://example.org/feed#a\n").names == ("https://example.org/feed#a",)


def test_opml_of_feed_readers() -> None:
    read = parse_names(OPML)
    assert read.names == ("https://rss.example.org/a", "https://t.me/s/b_channel")
    assert read.skipped == 1


def test_utf16_and_marks_of_order() -> None:
    assert parse_names("@甲\n@two".encode("utf-16")).names == ("@甲", "@two")
    assert parse_names("\ufeff@one".encode()).names == ("@one",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\0\0", "no list of names"),
        (b"<opml><body><outline></body>", "not well-formed"),
        (b"<html><body/></html>", "is not OPML"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml/>', "entities"),
        (b"x" * (MOST_BYTES + 1), "not read"),
    ],
)
def test_what_is_no_list(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_names(content)
