"""ONNX Runtime, kept silent.

Knows how it is started and what it does unasked; must not know graphs. Its official builds send
events about their use to their maker, on Linux too, and keep an identifier of the machine in the
user's cache, unless told otherwise before they are loaded. What runs here tells nobody, so it is
told otherwise, whatever the environment says.
"""

import os
from pathlib import Path
from typing import Any, Final

from soso.embedders.packages import load_package
from soso.model.errors import Unavailable

_SILENCE: Final = "ORT_DISABLE_TELEMETRY"
_ERRORS_ONLY: Final = 3


def open_session(path: Path, *, threads: int = 1) -> Any:
    """Return a session that runs a graph on the processor. Raises Unavailable."""
    os.environ[_SILENCE] = "1"
    runtime = load_package("onnxruntime")
    runtime.disable_telemetry_events()  # for the case that something else had loaded it before
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's have no common base
        raise Unavailable(f"the model in {path.parent} can't be loaded: {error}") from error
