from typing import Any

import pytest

from soso.web.blobs import sniff_type
from tests.unit.web.fakes import BLOB, PNG, FakeApp


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0abc", "image/jpeg"),
        (PNG, "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", "application/octet-stream"),
        (b"<svg onload=alert(1)>", "application/octet-stream"),
        (b"<!doctype html>", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_type_is_what_the_bytes_are(content: bytes, media_type: str) -> None:
    assert sniff_type(content) == media_type


def test_a_picture_is_kept_for_ever(visitor: Any) -> None:
    answer = visitor.get(f"/b/{BLOB}")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    again = visitor.get(f"/b/{BLOB}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_no_picture_is_a_download(
    visitor: Any, fake: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "get_blob", lambda sha256: b"<script>alert(1)</script>")
    answer = visitor.get(f"/b/{BLOB}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


@pytest.mark.parametrize(
    "name", ["ab", BLOB.upper(), BLOB + "0", "..%2f..%2fetc%2fpasswd", "%00" * 64, "cd" * 32]
)
def test_other_names_are_not_found(name: str, visitor: Any) -> None:
    answer = visitor.get(f"/b/{name}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["cache-control"]


def test_one_taken_down_is_gone_for_those_who_have_it_too(
    visitor: Any, fake: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = visitor.get(f"/b/{BLOB}").headers["etag"]
    monkeypatch.setattr("tests.unit.web.fakes.BLOB", "00" * 32)
    assert visitor.get(f"/b/{BLOB}", headers={"If-None-Match": tag}).status_code == 404
