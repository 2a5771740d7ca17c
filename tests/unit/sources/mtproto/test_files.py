from datetime import timedelta
from pathlib import Path

import pytest

from soso.model.errors import Busy, Unavailable
from soso.sources.mtproto.files import AccountFiles
from tests.unit.sources.mtproto.tl import NOW


def test_the_folder_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    one, other = AccountFiles(tmp_path / "a"), AccountFiles(tmp_path / "a")
    assert not one.has_session()
    one.take()
    one.take()
    with pytest.raises(Busy):
        other.take()
    one.release()
    other.take()
    assert other.has_session()
    other.forget()
    assert not other.has_session()
    other.release()


def test_a_flood_wait_is_remembered(tmp_path: Path) -> None:
    files = AccountFiles(tmp_path)
    assert files.quiet_until()[0] < NOW
    files.keep_quiet(NOW + timedelta(seconds=9), "FloodWait")
    assert AccountFiles(tmp_path).quiet_until() == (NOW + timedelta(seconds=9), "FloodWait")
    (tmp_path / "pace.json").write_text("[")
    with pytest.raises(Unavailable):
        files.quiet_until()
