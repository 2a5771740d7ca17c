import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from soso.cli.watch import watch


def run(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(watch, [*words, "--data", str(folder)], catch_exceptions=True)


def test_a_watch_is_made_listed_and_removed(tmp_path: Path) -> None:
    feed = json.loads(run(tmp_path, "add", "台风 after:never", "--json").stdout)
    assert feed["feed"].endswith(".atom")
    assert (feed["door"], feed["notices"] != [], "key" in feed) == ("feed", True, False)
    told = ("--webhook", "https://hooks.example/x", "--every", "daily", "--kind", "video")
    hook = json.loads(run(tmp_path, "add", "台风", *told, "--json").stdout)
    assert hook["key"].startswith("whsec_")
    assert (hook["every"], hook["kinds"], hook["url"]) == ("daily", ["video"], told[1])
    rows = json.loads(run(tmp_path, "list", "--json").stdout)["watches"]
    assert [row["number"] for row in rows] == [2, 1]
    assert "key" not in rows[0]
    assert "台风" in run(tmp_path, "list").stdout
    assert run(tmp_path, "remove", "1").exit_code == 0
    assert run(tmp_path, "remove", "1").exit_code == 1
    assert json.loads(run(tmp_path, "test", "台风", "--json").stdout)["posts"] == []


def test_nobody_in_the_house_is_told(tmp_path: Path) -> None:
    refused = run(tmp_path, "add", "台风", "--webhook", "https://127.0.0.1/")
    assert refused.exit_code == 1
    assert json.loads(run(tmp_path, "list", "--json").stdout)["watches"] == []
