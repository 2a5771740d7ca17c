"""A source with something to say that only whoever found it knows."""

from collections.abc import Iterator

import msgspec

from soso.model.batch import Batch
from soso.ports.source import Source


class NotedSource:
    """Another source, whose first batch carries one more notice."""

    def __init__(self, source: Source, notice: str) -> None:
        self._source = source
        self._notice = notice

    @property
    def name(self) -> str:
        """The other source's name."""
        return self._source.name

    @property
    def total_bytes(self) -> int | None:
        """The other source's size."""
        return self._source.total_bytes

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        """Yield the other source's batches; see ports/source.py."""
        notices: tuple[str, ...] = (self._notice,)
        for batch in self._source.pull(cursor):
            yield msgspec.structs.replace(batch, notices=(*batch.notices, *notices))
            notices = ()

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return what the other source has."""
        return self._source.open_media(source, max_bytes=max_bytes)
