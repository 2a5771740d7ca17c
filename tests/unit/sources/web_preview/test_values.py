from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import Peer, PeerKind
from soso.sources.web_preview.values import (
    Count,
    TelegramLink,
    is_local,
    link_address,
    media_address,
    parse_background,
    parse_count,
    parse_duration,
    parse_lengths,
    parse_size,
    parse_telegram_link,
    parse_time,
    query_values,
)


@pytest.mark.parametrize(
    ("text", "value", "exact"),
    [
        ("0", 0, True),
        ("746", 746, True),
        ("1 234", 1234, True),
        ("11\u00a0286\u202f994", 11286994, True),
        ("1,234,567", 1234567, True),
        ("37.2K", 37200, False),
        ("29.0K", 29000, False),
        ("2.38M", 2380000, False),
        ("1,5M", 1500000, False),
        ("109K", 109000, False),
        ("1.02B", 1020000000, False),
        ("8.16k", 8160, False),
    ],
)
def test_counts(text: str, value: int, exact: bool) -> None:
    assert parse_count(text) == Count(value, exact)


@pytest.mark.parametrize(
    "text", ["", "K", "-5", "1.5", "12x", "1e9", "٣", "NaN", "9" * 16, "999999999999999B", "1.2.3K"]
)
def test_what_is_no_count(text: str) -> None:
    assert parse_count(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        parse_count,
        parse_size,
        parse_duration,
        parse_time,
        parse_background,
        parse_lengths,
        parse_telegram_link,
        media_address,
        link_address,
    ):
        read(text)
    query_values(text, "q")
    parse_telegram_link("https://" + text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2.1 MB", 2202009),
        ("113.9 KB", 116633),
        ("1.5\u00a0GB", 1610612736),
        ("512 B", 512),
        ("3 bytes", 3),
        ("1 TB", 2**40),
        ("Some Artist", None),
        ("12", None),
        ("MB", None),
        ("", None),
    ],
)
def test_sizes(text: str, size: int | None) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0:34", 34), (" 27:40 ", 1660), ("1:02:33", 3753), ("34", None), ("1:2:3:4", None)],
)
def test_durations(text: str, seconds: int | None) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-20T15:38:10+00:00", datetime(2026, 5, 20, 15, 38, 10, tzinfo=UTC)),
        ("2026-05-20T18:38:10+03:00", datetime(2026, 5, 20, 15, 38, 10, tzinfo=UTC)),
        ("2026-05-20T15:38:10", datetime(2026, 5, 20, 15, 38, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2126-01-01T00:00:00+00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(text: str, moment: datetime | None) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize(
    ("style", "address"),
    [
        (
            "width:8px;background-image:url('https://cdn4.telesco.pe/a.jpg')",
            "https://cdn4.telesco.pe/a.jpg",
        ),
        ('background-image: url("//telegram.org/a.png");', "https://telegram.org/a.png"),
        ("background-image:url(page_files/a.jpg)", "page_files/a.jpg"),
        ("background-image:url('data:image/png;base64,AAAA')", None),
        ("background-image:url('')", None),
        ("background-image:url(", None),
        ("color:red", None),
        (None, None),
    ],
)
def test_backgrounds(style: str | None, address: str | None) -> None:
    assert parse_background(style) == address


def test_lengths_of_a_style() -> None:
    assert parse_lengths("left:0;width:75%;padding-top:133.33333333333%") == {
        "width%": 75.0,
        "padding-top%": 133.33333333333,
    }
    assert parse_lengths("width:800px; max-width:9px") == {"widthpx": 800.0}


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("/file/a.jpg", "https://t.me/file/a.jpg"),
        ("HTTPS://x.example/a", "HTTPS://x.example/a"),
        ("file:///etc/passwd", None),
        ("C:\\a.jpg", None),
        ("javascript:alert(1)", None),
        ("x" * 5000, None),
        (None, None),
    ],
)
def test_media_addresses(raw: str | None, address: str | None) -> None:
    assert media_address(raw) == address


def test_local_is_what_has_no_scheme() -> None:
    assert is_local("page_files/a.jpg")
    assert not is_local("https://cdn4.telesco.pe/a.jpg")


@pytest.mark.parametrize(
    ("raw", "twice", "address"),
    [
        ("https://x.example/?a=1&b=2", False, "https://x.example/?a=1&b=2"),
        ("https://x.example/?a=1&amp;b=2", True, "https://x.example/?a=1&b=2"),
        ("https://x.example/?a=1&amp;b=2", False, "https://x.example/?a=1&amp;b=2"),
        ("https://x.example/?a=1&copy=2", True, "https://x.example/?a=1&copy=2"),
        ("https://x.example/?q=&amp;quot;a&amp;quot;", True, 'https://x.example/?q="a"'),
        ("tg://resolve?domain=durov", False, "tg://resolve?domain=durov"),
        ("/s/harbour", False, "https://t.me/s/harbour"),
        ("javascript:alert(1)", False, None),
        ("data:text/html,x", False, None),
        ("page.html", False, None),
    ],
)
def test_link_addresses(raw: str, twice: bool, address: str | None) -> None:
    assert link_address(raw, twice=twice) == address


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("https://t.me/LakeNews/1066", TelegramLink(username="LakeNews", post_id=1066)),
        ("https://t.me/LakeNews/1066?single", TelegramLink(username="LakeNews", post_id=1066)),
        ("https://t.me/LakeNews/5/1066", TelegramLink(username="LakeNews", post_id=1066)),
        ("http://telegram.me/s/LakeNews", TelegramLink(username="LakeNews")),
        (
            "https://t.me/c/1600000077/58",
            TelegramLink(peer=Peer(kind=PeerKind.CHANNEL, id=1600000077), post_id=58),
        ),
        ("https://t.me/c/0/58", None),
        ("https://t.me/c/x/58", None),
        ("https://t.me/+AbCdEf", None),
        ("https://t.me/", None),
        ("https://t.me/abc/5", None),
        ("https://t.me/LakeNews/0", TelegramLink(username="LakeNews")),
        ("https://t.me/LakeNews/99999999999", TelegramLink(username="LakeNews")),
        ("https://example.org/LakeNews/5", None),
        ("https://[t.me/LakeNews/5", None),
        (None, None),
    ],
)
def test_telegram_links(raw: str | None, link: TelegramLink | None) -> None:
    assert parse_telegram_link(raw) == link


def test_a_query_with_too_many_fields_is_none() -> None:
    assert query_values("https://x.example/?" + "&".join(["q=1"] * 500), "q") == []
