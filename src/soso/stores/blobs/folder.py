"""Blobs in a folder: one file each, under its sha256.

Knows files. Must not know what is in them (pictures.py does) or who names them (the store does).
A blob is written beside its place, flushed to disk and renamed into it, so that it is whole or not
there. Its access time says when it was last used; it is set here, since most systems set it loosely
or not at all.
"""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from soso.model.errors import NotFound, Unavailable

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_UNFINISHED: Final = ".part"
_DAY_S: Final = 24 * 3600


class BlobFolder:
    """Fills ports.blobs.BlobStore; used from many threads and processes."""

    def __init__(self, path: Path) -> None:
        """Use a folder, made when it is missing. Raises Unavailable."""
        self._path = path
        with _translated():
            path.mkdir(parents=True, exist_ok=True)
            self._drop_unfinished()

    def put(self, content: bytes) -> str:
        """Keep content and return its sha256."""
        sha256 = hashlib.sha256(content).hexdigest()
        file = self._file(sha256)
        with _translated():
            if _touch(file):
                return sha256
            file.parent.mkdir(exist_ok=True)
            _write(file, content)
            _flush_folder(file.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return a blob. Raises NotFound."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound("There is no such picture.")
        file = self._file(sha256)
        try:
            with _translated():
                content = file.read_bytes()
                if time.time() - file.stat().st_atime > _DAY_S:
                    _touch(file)
        except FileNotFoundError as error:
            raise NotFound("There is no such picture.") from error
        return content

    def has(self, sha256: str) -> bool:
        """Whether the blob is kept."""
        return _SHA256.fullmatch(sha256) is not None and self._file(sha256).is_file()

    def delete(self, sha256: str) -> None:
        """Forget a blob."""
        if _SHA256.fullmatch(sha256):
            with _translated(), suppress(FileNotFoundError):
                self._file(sha256).unlink()

    def iter_sizes(self) -> Iterator[tuple[str, int]]:
        """Yield (sha256, bytes) of every blob, least recently used first."""
        used: list[tuple[float, str, int]] = []
        with _translated():
            for file in self._path.glob("??/*"):
                if _SHA256.fullmatch(file.name):
                    with suppress(FileNotFoundError):  # deleted meanwhile
                        stat = file.stat()
                        used.append((stat.st_atime, file.name, stat.st_size))
        for _, sha256, size in sorted(used):
            yield sha256, size

    def _file(self, sha256: str) -> Path:
        return self._path / sha256[:2] / sha256

    def _drop_unfinished(self) -> None:
        """Remove what a crash left; younger files may still be written by another process."""
        for file in self._path.glob(f"??/*{_UNFINISHED}"):
            with suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime > _DAY_S:
                    file.unlink()


def _write(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(suffix=_UNFINISHED, dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        os.replace(name, file)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _flush_folder(folder: Path) -> None:
    """Make the new name itself last; Windows can't and need not."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _touch(file: Path) -> bool:
    """Say that the file was used now; False if there is none."""
    try:
        os.utime(file, (time.time(), file.stat().st_mtime))
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable(f"The folder of pictures does not answer: {error}") from error
