"""Where posts come from."""

from collections.abc import Iterator
from typing import Protocol

from soso.model.batch import Batch


class Source(Protocol):
    """One export, folder of pages, dump or live chat. Called by flows/ingest.py, in one thread.

    name: lasting and unique within the archive; cursors are kept under it.
    total_bytes: how much there is to read, for the progress bar; None if unknown.
    """

    @property
    def name(self) -> str: ...

    @property
    def total_bytes(self) -> int | None: ...

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        """Yield what comes after cursor (None: from the start), in batches, and then end.

        A batch whose cursor was kept is never asked for again. Bad rows are counted in
        Batch.skipped, never raised. Input cut short ends with a batch marked partial.
        Raises BadInput when nothing of the input can be understood, HostileInput.
        """
        ...

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return the file that Media.source names, or None if it is not there or too large."""
        ...
