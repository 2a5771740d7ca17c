import pytest

from soso.fetchers.kinds import check_kind
from soso.model.errors import HostileInput

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 20
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


@pytest.mark.parametrize(
    ("told", "first", "kinds"),
    [
        ("image/jpeg", JPEG, ("image/",)),
        ("image/jpeg", WEBP, ("image/",)),  # hosts get this wrong, and the picture is safe
        (None, PNG, ("image/",)),
        ("application/octet-stream", JPEG, ("image/",)),
        ("text/html; charset=utf-8", b"<!DOCTYPE html>", ("text/html",)),
        ("TEXT/HTML", b"", ("text/html",)),
        (None, b"\xef\xbb\xbf<!doctype HTML>", ("text/html",)),
        ("application/rss+xml", b"<rss>", ("application/rss+xml", "text/")),
        (None, b"<?xml version='1.0'?><feed>", ("application/xml",)),
        ("text/xml; charset=utf-16", b"\xff\xfe<\x00r\x00", ("text/",)),
        ("anything at all", b"\0\0", ()),
    ],
)
def test_what_was_asked_for(told: str | None, first: bytes, kinds: tuple[str, ...]) -> None:
    check_kind(told, first, kinds)


@pytest.mark.parametrize(
    ("told", "first", "kinds"),
    [
        ("text/html", b"<html>", ("image/",)),
        ("image/jpeg", b"<html><script>", ("image/",)),
        ("image/svg+xml", b"<svg onload=x>", ("image/",)),
        ("image/png", b"MZ\x90\x00", ("image/",)),
        ("application/octet-stream", b"PK\x03\x04", ("image/",)),
        (None, b"plain words", ("image/",)),
        (None, b"\0\x01\x02", ("text/html",)),
        ("text/html", b"%PDF-1.7", ("text/html",)),
        ("text/html", b"abc\0def", ("text/html",)),
        ("application/xml", b"\x1f\x8b\x08", ("application/xml",)),
        ("image/jpeg\r\nx: y", JPEG, ("image/",)),
        ("imagejpeg", JPEG, ("image/",)),
    ],
)
def test_what_was_not(told: str | None, first: bytes, kinds: tuple[str, ...]) -> None:
    with pytest.raises(HostileInput):
        check_kind(told, first, kinds)
