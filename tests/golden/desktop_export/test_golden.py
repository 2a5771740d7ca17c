"""Exports as Telegram Desktop wrote them in each generation, and the posts expected of them.

Every folder holds an export with invented text in the real shape, and expected.json: its batches
without what depends on the file's own date. The expected posts were read by eye.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from soso.model.batch import Batch
from soso.sources.desktop_export import DesktopHtmlSource, DesktopJsonSource

HERE = Path(__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if (path / "expected.json").is_file())


def pull(case: str) -> Iterator[Batch]:
    folder = HERE / case
    source = DesktopJsonSource if (folder / "result.json").is_file() else DesktopHtmlSource
    return source(folder).pull(None)


def describe(batch: Batch) -> dict[str, object]:
    shown = {
        "chat": batch.chat,
        "posts": batch.posts,
        "skipped": dict(batch.skipped),
        "notices": batch.notices,
        "partial": batch.partial,
    }
    described: dict[str, object] = json.loads(msgspec.json.encode(shown))
    return described


def test_there_is_a_case_for_each_generation() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == set(CASES)
    assert len(CASES) >= 17


@pytest.mark.parametrize("case", CASES)
def test_export_gives_the_expected_posts(case: str) -> None:
    expected = json.loads((HERE / case / "expected.json").read_text("utf-8"))
    assert [describe(batch) for batch in pull(case)] == expected


@pytest.mark.parametrize("case", CASES)
def test_entities_lie_in_the_text_and_are_sorted(case: str) -> None:
    for post in (post for batch in pull(case) for post in batch.posts):
        starts = [entity.start for entity in post.entities]
        assert starts == sorted(starts)
        assert all(0 <= e.start < e.end <= len(post.text) for e in post.entities)


@pytest.mark.parametrize("case", CASES)
def test_no_contact_or_phone_number_of_the_account_comes_through(case: str) -> None:
    everything = b"".join(msgspec.json.encode(batch) for batch in pull(case)).decode()
    for secret in ("0000 0003", "0000 0005", "0000 0006", "0000 0007", "秘密", "诱饵", "悄悄话"):
        assert secret not in everything
