"""Who may write: one writer over all processes of the machine.

Knows the two ways in which systems lock a file; must not know what is written. The system frees the
lock when its holder dies, `kill -9` included, so there is no stale lock to break.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from soso.model.errors import Busy, Unavailable

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file while the context lasts; two contexts of one process exclude each other.

    Raises Busy at once if it is held, Unavailable if the file can't be opened. The file stays.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise Unavailable(f"the index can't be locked: {error}") from error
    try:
        try:
            _take(handle)
        except (BlockingIOError, PermissionError) as error:
            raise Busy("another writer is at work on the index") from error
        except OSError as error:
            raise Unavailable(f"the index can't be locked: {error}") from error
        yield
    finally:
        os.close(handle)
