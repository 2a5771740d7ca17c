"""The vocabulary as one file in the data folder, mapped into memory.

Knows files; must not know what the vocabulary says.
"""

import logging
import mmap
import os
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from soso.model.errors import BadInput, Unavailable
from soso.spelling.propose import Speller
from soso.spelling.vocabulary import Vocabulary

log = logging.getLogger(__name__)


class LexiconFile:
    """Fills the port Lexicon. A reader keeps the file it has mapped when another takes its place."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._speller: Speller | None = None

    def find(self) -> Speller | None:
        """See ports/lexicon.py."""
        try:
            stat = self._file.stat()
        except OSError:
            return None
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        with self._lock:
            if seen != self._seen:
                self._speller = self._open()
                self._seen = seen
            return self._speller

    def keep(self, content: bytes) -> None:
        """See ports/lexicon.py."""
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}.{threading.get_ident()}.new")
        try:
            with fresh.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._file)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise Unavailable(f"{self._file} can't be written: {error.strerror}") from error

    def forget(self) -> None:
        """See ports/lexicon.py."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"{self._file} can't be removed: {error.strerror}") from error

    def kept_at(self) -> datetime | None:
        """See ports/lexicon.py."""
        try:
            return datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        except OSError:
            return None

    def _open(self) -> Speller | None:
        try:
            with self._file.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return Speller(Vocabulary(memoryview(mapped)))
        except (OSError, ValueError) as error:  # an empty file can't be mapped
            log.warning("%s can't be read: %s", self._file, error)
        except BadInput as error:
            log.info("%s is learned anew: %s", self._file, error)
        return None
