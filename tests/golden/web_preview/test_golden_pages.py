"""Invented pages in the markup of 2023 and 2026, and what is to be read from them.

The expected files were read through by hand, line by line, beside the pages.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from soso.sources.web_preview import parse_page

HERE = Path(__file__).parent
FETCHED_AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("page", sorted(HERE.glob("*.html")), ids=lambda page: page.stem)
def test_page(page: Path) -> None:
    found = parse_page(page.read_bytes(), fetched_at=FETCHED_AT)
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert json.loads(msgspec.json.encode(found)) == expected


def test_text_and_bytes_are_read_alike() -> None:
    page = HERE / "history_2026.html"
    from_text = parse_page(page.read_text("utf-8"), fetched_at=FETCHED_AT)
    assert from_text == parse_page(page.read_bytes(), fetched_at=FETCHED_AT)


def test_no_phone_number_is_kept() -> None:
    page = (HERE / "history_2026.html").read_bytes()
    assert b"5550 0199" in page
    found = msgspec.json.encode(parse_page(page, fetched_at=FETCHED_AT))
    assert b"5550" not in found
    assert "王店长".encode() not in found
