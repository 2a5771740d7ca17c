"""lock: who may write."""

from pathlib import Path

import pytest

from soso.engines.tantivy.lock import locked
from soso.model.errors import Busy, Unavailable


def test_one_at_a_time_also_within_a_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path), pytest.raises(Busy), locked(path):
        pytest.fail("two holders")
    with locked(path):
        assert path.exists()


def test_an_error_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with pytest.raises(RuntimeError), locked(path):
        raise RuntimeError
    with locked(path):
        pass


def test_a_file_that_can_not_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unavailable), locked(tmp_path / "nowhere" / "lock"):
        pytest.fail("locked nothing")
    with pytest.raises(Unavailable), locked(tmp_path):
        pytest.fail("locked a folder")
