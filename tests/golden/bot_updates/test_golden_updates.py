"""Invented updates in the shapes of Bot API 10, and what is to be read from them.

What is expected was read through by hand beside the updates. aiogram reads the same files, so that
an update here is one that the official server could send.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiogram.types import Update

from soso.sources.bot_updates import parse_update

HERE = Path(__file__).parent
UPDATES = sorted(path for path in HERE.glob("*.json") if path.name != "expected.json")
EXPECTED = json.loads((HERE / "expected.json").read_text("utf-8"))
SEEN_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(path: Path) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return raw


@pytest.mark.parametrize("path", UPDATES, ids=lambda path: path.stem)
def test_update(path: Path) -> None:
    found = parse_update(read(path), observed_at=SEEN_AT)
    assert json.loads(msgspec.json.encode(found)) == EXPECTED[path.stem]


def test_all_that_is_expected_is_here() -> None:
    assert sorted(EXPECTED) == [path.stem for path in UPDATES]


@pytest.mark.parametrize(
    "path",
    [path for path in UPDATES if not path.stem.startswith(("hostile", "rich_newer"))],
    ids=lambda path: path.stem,
)
def test_the_shapes_are_those_of_the_bot_api(path: Path) -> None:
    update = Update.model_validate(read(path))
    assert update.channel_post is not None or update.edited_channel_post is not None


def test_no_file_id_and_no_bare_name_is_kept() -> None:
    for path in UPDATES:
        found = msgspec.json.encode(parse_update(read(path), observed_at=SEEN_AT))
        assert b"AgACAgUA" not in found, path.stem
