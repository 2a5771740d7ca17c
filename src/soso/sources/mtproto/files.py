"""Where an account's session is kept, for one process at a time, and what Telegram forbade when.

A session is full access to the account: the folder is its owner's alone, the files too, and nothing
of them is ever logged. Two processes with one session make Telegram end it, hence the lock.
"""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from soso.model.errors import Busy, Unavailable
from soso.model.value import Value

_SESSION: Final = "telegram.session"
_PACE: Final = "pace.json"
_LOCK: Final = "lock.sqlite"


class _Pace(Value):
    quiet_until_s: float = 0.0
    why: str = ""


class AccountFiles:
    """The folder of one account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: sqlite3.Connection | None = None

    @property
    def session(self) -> Path:
        """The session file."""
        return self.folder / _SESSION

    def has_session(self) -> bool:
        """Whether somebody signed in here."""
        return self.session.is_file()

    def take(self) -> None:
        """Make the folder and hold it until release(); raises Busy if another process does."""
        if self._lock is not None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            for path in (self.session, self.folder / _LOCK):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
                path.chmod(0o600)
            lock = sqlite3.connect(
                self.folder / _LOCK, timeout=0, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise Unavailable(f"the account's folder can't be used: {error}") from error
        try:
            lock.execute("BEGIN EXCLUSIVE")  # freed by the system when its holder dies
        except sqlite3.OperationalError as error:
            lock.close()
            raise Busy("another process uses the account; stop it first") from error
        self._lock = lock

    def release(self) -> None:
        """Let others have it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def forget(self) -> None:
        """Erase the session."""
        for path in self.folder.glob(f"{_SESSION}*"):
            path.unlink(missing_ok=True)

    def quiet_until(self) -> tuple[datetime, str]:
        """Return until when Telegram said to leave it alone, and why; long ago if it did not."""
        try:
            pace = msgspec.json.decode((self.folder / _PACE).read_bytes(), type=_Pace)
            return datetime.fromtimestamp(pace.quiet_until_s, UTC), pace.why
        except FileNotFoundError:
            return datetime.fromtimestamp(0, UTC), ""
        except (OSError, ValueError, OverflowError) as error:
            raise Unavailable(f"{self.folder / _PACE} can't be read: {error}") from error

    def keep_quiet(self, until: datetime, why: str) -> None:
        """Remember it: a restart must not ask before."""
        path = self.folder / _PACE
        fresh = path.with_suffix(".new")
        try:
            fresh.write_bytes(msgspec.json.encode(_Pace(quiet_until_s=until.timestamp(), why=why)))
            fresh.replace(path)
        except OSError as error:
            raise Unavailable(f"{path} can't be written: {error}") from error
