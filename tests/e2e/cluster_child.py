"""The program with short leases and small ranges, so that a test of loss takes seconds: its words on the
command line. With --freeze FILE first it makes the file and stops itself, as SIGSTOP would, when it
has read posts of its first share and is about to write them; with --newer first it is of a later version of
the schema."""

import os
import signal
import sys
from pathlib import Path

from soso.cli import main
from soso.engines.opensearch import mapping
from soso.engines.opensearch.writer import ClusterWriter
from soso.flows import index, index_restored, index_shares, rebuild_split

LEASE_S = 4.0


def freeze_once(told: Path) -> None:
    """Stop before the first commit; SIGCONT goes on from there."""
    commit = ClusterWriter.commit

    def stop(writer: ClusterWriter) -> None:
        if not told.exists():
            told.touch()
            os.kill(os.getpid(), signal.SIGSTOP)
        commit(writer)

    ClusterWriter.commit = stop  # type: ignore[method-assign]


def run() -> None:
    """Run the command."""
    for room in (index_shares, rebuild_split, index_restored):
        room.LEASE_S = LEASE_S  # type: ignore[attr-defined]
    index.STEP = 200  # type: ignore[misc]
    rebuild_split.SMALLEST = 200  # type: ignore[misc]
    rebuild_split.COMMIT_EVERY = 200  # type: ignore[misc]
    if sys.argv[1] == "--freeze":
        freeze_once(Path(sys.argv[2]))
        del sys.argv[1:3]
    elif sys.argv[1] == "--newer":
        mapping.MAPPING_VERSION += 1  # type: ignore[misc]
        del sys.argv[1]
    main()


run()
