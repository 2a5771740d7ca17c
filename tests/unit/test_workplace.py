import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soso.model.errors import Unavailable
from soso.workplace import drop_leftovers, workplace

HOLD = """
import sys, pathlib
from soso.workplace import workplace
with workplace(pathlib.Path(sys.argv[1])) as folder:
    (folder / "unpacked-a").mkdir(parents=True)
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_workplace_leaves_nothing(tmp_path: Path) -> None:
    with workplace(tmp_path / "work") as folder:
        (folder / "unpacked-a").mkdir(parents=True)
    assert list((tmp_path / "work").iterdir()) == []


def test_what_a_killed_import_left_is_dropped_and_what_a_living_one_uses_is_not(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == b"ready\n"
        assert drop_leftovers(tmp_path) == 0
        assert len(list(tmp_path.glob("import-*/unpacked-a"))) == 1
        held.kill()
    assert drop_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_lock_is_dropped_when_it_is_old(tmp_path: Path) -> None:
    for name, age_s in (("unpacked-old", 90_000), ("unpacked-new", 60)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    assert drop_leftovers(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["unpacked-new"]


def test_a_place_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file")
    with (
        pytest.raises(Unavailable, match="nothing can be written there"),
        workplace(tmp_path / "work"),
    ):
        pass
