import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from soso.model.errors import Unavailable
from soso.spelling.count import RunCounter
from soso.spelling.pack import pack
from soso.stores.lexicon import LexiconFile


def packed(posts: int) -> bytes:
    counter = RunCounter()
    for _ in range(posts):
        counter.add(["今晚北岬灯塔的灯光很亮"])
    return pack(counter.counts(), grown=(posts, 0))


def test_there_is_none_at_first(tmp_path: Path) -> None:
    lexicon = LexiconFile(tmp_path / "spelling.bin")
    assert lexicon.find() is None
    assert lexicon.kept_at() is None


def test_what_is_kept_is_found_by_all(tmp_path: Path) -> None:
    mine, other = LexiconFile(tmp_path / "spelling.bin"), LexiconFile(tmp_path / "spelling.bin")
    mine.keep(packed(40))
    speller = other.find()
    assert speller is not None
    assert speller.grown == (40, 0)
    assert other.find() is speller  # not read again
    mine.keep(packed(41))
    newer = other.find()
    assert newer is not None
    assert newer.grown == (41, 0)
    assert speller.propose("灯塌")[0].text == "灯塔"  # the old one still answers those who hold it
    assert [file.name for file in tmp_path.iterdir()] == ["spelling.bin"]


def test_it_knows_when_it_was_kept(tmp_path: Path) -> None:
    lexicon = LexiconFile(tmp_path / "spelling.bin")
    lexicon.keep(packed(1))
    kept_at = lexicon.kept_at()
    assert kept_at is not None
    assert abs(datetime.now(UTC) - kept_at) < timedelta(minutes=1)


@pytest.mark.parametrize("content", [b"", b"something else", packed(2)[:-100]])
def test_a_file_that_is_none_is_learned_anew(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    lexicon = LexiconFile(tmp_path / "spelling.bin")
    (tmp_path / "spelling.bin").write_bytes(content)
    with caplog.at_level(logging.INFO):
        assert lexicon.find() is None
    assert "spelling.bin" in caplog.text
    lexicon.keep(packed(3))
    assert lexicon.find() is not None


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    lexicon = LexiconFile(tmp_path / "none" / "spelling.bin")
    with pytest.raises(Unavailable, match=r"spelling\.bin"):
        lexicon.keep(packed(1))
    assert lexicon.find() is None


def test_what_is_forgotten_is_gone_from_the_disk(tmp_path: Path) -> None:
    lexicon = LexiconFile(tmp_path / "spelling.bin")
    lexicon.forget()
    lexicon.keep(b"anything")
    lexicon.forget()
    assert list(tmp_path.iterdir()) == []
    assert lexicon.find() is None
