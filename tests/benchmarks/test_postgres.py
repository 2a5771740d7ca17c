"""What writing costs on PostgreSQL, and the table divided, at a small size."""

import json
import subprocess
import sys

import pytest

from benchmarks.probes import ROOT
from tests.servers import postgres, skip_without


@pytest.mark.servers
def test_every_way_and_layout_is_measured() -> None:
    skip_without(postgres.why_absent())
    command = [sys.executable, "-m", "benchmarks.postgres", "--posts", "1000", "--rows", "10000"]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told["writing"]) == {"PostgreSQL, COPY", "PostgreSQL, INSERT", "SQLite"}
    assert len(told["partitions"]) == 3
    assert all(value > 0 for figures in told["partitions"].values() for value in figures.values())
