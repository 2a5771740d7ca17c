"""The documents tell the truth about the tree."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
_CODE_PATH = re.compile(r"`((?:src|tests|docs|benchmarks|sample)/[\w/.-]+)`")


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_paths_that_are_named_exist(page: Path) -> None:
    paths = _CODE_PATH.findall(page.read_text("utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_architecture_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = [
        path.stem
        for path in (ROOT / "src" / "soso").iterdir()
        if not path.name.startswith(("_", "py.", "passwords")) and path.name != "__pycache__"
    ]
    assert [room for room in rooms if f"src/soso/{room}" not in text] == []


def test_lock_files_carry_no_addresses() -> None:
    for lock in ROOT.glob("*.lock"):
        assert "://" not in lock.read_text("utf-8"), lock


def test_makefile_has_the_commands_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = re.findall(r"^make ([a-z]+)$", readme, re.MULTILINE)
    assert commands[:2] == ["run", "test"]
    assert set(commands) <= targets
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make test" in script
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
