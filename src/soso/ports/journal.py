"""What was imported, and how far."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from soso.model.batch import Applied
from soso.model.value import Value


class ImportReport(Value):
    """What an import did; the sum of applied and skipped is the number of rows the source had.

    state: done | partial (the input ended early) | interrupted | failed.
    """

    source: str
    form: str
    state: str
    started_at: datetime
    finished_at: datetime | None = None
    chats: tuple[str, ...] = ()
    applied: Applied = Applied()
    skipped: Mapping[str, int] = {}
    notices: tuple[str, ...] = ()
    pictures: int = 0
    error: str | None = None


class Journal(Protocol):
    """Cursors and reports of imports, by the source's name."""

    def find_cursor(self, source: str) -> str | None:
        """Return where an interrupted pull of the source is to go on; None: from the start."""
        ...

    def keep_cursor(self, source: str, cursor: str | None) -> None:
        """Keep the place after a batch; None when the source came to its end."""
        ...

    def add_report(self, report: ImportReport) -> None: ...

    def list_reports(self, *, limit: int = 50) -> list[ImportReport]:
        """Newest first."""
        ...
