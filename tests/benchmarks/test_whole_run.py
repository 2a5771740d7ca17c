import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIZE = 600


@pytest.mark.timeout(280)
def test_a_small_run_measures_everything_beside_a_peer(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    # Without the shared folder: made-up posts are the same everywhere.
    command = [sys.executable, "-m", "benchmarks", "--quick", "--sizes", str(SIZE)]
    done = subprocess.run(
        [*command, "--json", str(file), "--shared", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(file.read_text("utf-8"))
    figures = found["figures"]
    assert found["text"] == "made of word pairs"
    assert {one["posts"] for one in figures} == {SIZE}
    assert all(one["ours"] > 0 and one["theirs"] > 0 and one["peer"] for one in figures)
    named = {one["what"] for one in figures}
    for what in (
        "import to searchable",
        "peak memory of the import",
        "index",
        "search, 20 hits, p99",
        "search with facets, p99",
        "search: one character, p99",
        "related posts, p99",
        "HTTP search, 16 connections, rate",
        "start to the first answer",
        "peak memory of the server",
    ):
        assert what in named
        assert what.partition(",")[0] in done.stdout
    peers = {one["peer"] for one in figures if one["what"] == "import to searchable"}
    assert len(peers) == 3
