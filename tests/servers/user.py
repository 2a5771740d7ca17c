"""Servers that refuse to be root are run as nobody, who can't read everybody's folders."""

import ctypes
import os
import shutil
import signal
from pathlib import Path
from typing import Any, Final

_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of Linux


def is_root() -> bool:
    """Whether another user is needed."""
    return os.geteuid() == 0


def as_nobody() -> dict[str, Any]:
    """Return what Popen is given so that the child is nobody; nothing where we are not root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if is_root() else {}


def readable(path: Path, folder: Path) -> Path:
    """Return the path, or a copy of it in a folder of nobody's where nobody can't reach it."""
    if not is_root() or all(one.stat().st_mode & 0o001 for one in (path, *path.parents)):
        return path
    copy = folder / path.name
    if not copy.exists():
        shutil.copytree(path, copy, symlinks=True)
    return copy


def die_with_parent() -> None:
    """Called in a child before it becomes a server: it ends with who started it, however that ends."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGQUIT)
