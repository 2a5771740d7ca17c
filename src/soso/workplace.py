"""Folders that archives are unpacked in, and what imports that were killed left of them.

Each import has a folder and a lock file beside it, which the system frees when its holder dies.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from soso.engines.tantivy.lock import locked
from soso.model.errors import Busy, Unavailable

_LOCK: Final = ".lock"
_DAY_S: Final = 24 * 3600


@contextmanager
def workplace(work: Path) -> Iterator[Path]:
    """Give a folder below work to one import and remove it at the end. Raises Unavailable."""
    try:
        work.mkdir(parents=True, exist_ok=True)
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - only its name is wanted
            prefix="import-", suffix=_LOCK, dir=work, delete=False
        )
        handle.close()
    except OSError as error:
        raise Unavailable(f"{work}: nothing can be written there ({error.strerror})") from error
    lock = Path(handle.name)
    folder = lock.with_suffix("")
    try:
        with locked(lock):
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        _forget(lock)


def drop_leftovers(work: Path) -> int:
    """Remove folders that no living import uses; return how many there were.

    A folder without a lock (of an older Soso) is left alone for a day.
    """
    dropped = 0
    for lock in work.glob(f"import-*{_LOCK}"):
        with suppress(Busy, Unavailable):
            with locked(lock):
                dropped += _drop(lock.with_suffix(""))
            _forget(lock)
    for folder in (*work.glob("import-*"), *work.glob("unpacked-*")):
        if folder.suffix != _LOCK and not folder.with_suffix(_LOCK).exists() and _is_old(folder):
            dropped += _drop(folder)
    return dropped


def _forget(lock: Path) -> None:
    with suppress(OSError):  # it may be gone, or held open by another just now
        lock.unlink()


def _drop(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.lstat().st_mtime > _DAY_S
    except FileNotFoundError:
        return False
