"""Opens files of an export folder, and none outside it. I/O."""

import os
import stat
from pathlib import Path
from typing import Final

from soso.sources.desktop_export.media import is_inside

# Opening a pipe must not wait for its other end.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_inside(folder: Path, source: str, *, max_bytes: int) -> bytes | None:
    """Return a regular file below folder, or None if it is not there, too large or elsewhere.

    source: relative, with /. Links are followed only as far as they stay in the folder.
    """
    if not source or not is_inside(source):
        return None
    try:
        root = folder.resolve(strict=True)
        path = (root / source).resolve(strict=True)
        if not path.is_relative_to(root):
            return None
        with open(os.open(path, _FLAGS), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > max_bytes:
                return None
            content = file.read(max_bytes + 1)
    except (OSError, ValueError, RuntimeError):
        return None  # a missing or unreadable file is as good as none
    return content if len(content) <= max_bytes else None
