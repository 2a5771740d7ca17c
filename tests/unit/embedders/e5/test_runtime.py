import os
import subprocess
import sys
from pathlib import Path

import pytest

from soso.embedders.e5.build import ENCODER, Build
from soso.embedders.e5.runtime import open_session
from soso.model.errors import Unavailable
from tests.contracts.embedder_cases import E5_NEEDS, need

ASK = """
import sys
from pathlib import Path
from soso.embedders.e5 import load_e5
load_e5(Path(sys.argv[1])).embed_query("x")
sockets = [link for link in Path("/proc/self/fd").iterdir()
           if link.is_symlink() and str(link.readlink()).startswith("socket:")]
print(len(sockets))
"""


def test_it_tells_nobody_and_keeps_no_mark_of_the_machine(build: Build, tmp_path: Path) -> None:
    """Unless told otherwise, ONNX Runtime leaves an identifier in the cache and starts to send."""
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "ORT_DISABLE_TELEMETRY": "0"}
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(build.path.parent)],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "0\n"
    assert done.stderr == ""
    assert list(tmp_path.rglob("*")) == []


def test_a_graph_that_is_none_is_unavailable(tmp_path: Path) -> None:
    need(E5_NEEDS)
    (tmp_path / ENCODER).write_bytes(b"no graph")
    with pytest.raises(Unavailable, match="can't be loaded"):
        open_session(tmp_path / ENCODER)
