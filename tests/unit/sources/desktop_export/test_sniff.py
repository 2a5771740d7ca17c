"""Telling exports from other files."""

from pathlib import Path

import pytest

from soso.sources.desktop_export import looks_like_html_export, looks_like_json_export

GOLDEN = Path(__file__).parents[3] / "golden" / "desktop_export"
JSON = sorted(GOLDEN.glob("*/result.json"))
PAGES = sorted(GOLDEN.glob("**/messages*.html"))


@pytest.mark.parametrize("path", JSON, ids=lambda path: path.parent.name)
def test_json_exports_are_known_by_their_head(path: Path) -> None:
    assert looks_like_json_export(path.read_bytes()[:4096])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_pages_are_known_by_their_head(path: Path) -> None:
    assert looks_like_html_export(path.name, path.read_bytes()[:4096])
    assert not looks_like_html_export("notes.txt", path.read_bytes()[:4096])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type": "chat", "title": "x"}\n{"type": "post", "id": 1}',
        b'{"name": "soso", "version": "1.0", "dependencies": {}}',
        b'{"role": "user", "messages": [{"role": "user"}]}',
        b"<!DOCTYPE html><html>",
        b"\x00\x01\x02",
    ],
)
def test_other_files_are_no_json_exports(head: bytes) -> None:
    assert not looks_like_json_export(head)


def test_other_pages_are_no_html_exports() -> None:
    index = GOLDEN / "html_account" / "lists" / "chats.html"
    assert not looks_like_html_export(index.name, index.read_bytes()[:4096])
    assert not looks_like_html_export("a.html", b"<html><body class='tgme'>")


def test_a_mark_of_utf8_does_not_hide_an_export() -> None:
    assert looks_like_json_export(b'\xef\xbb\xbf{"name": "a", "type": "x", "messages": [')
