"""Where pictures are kept."""

from collections.abc import Iterator
from typing import Protocol


class BlobStore(Protocol):
    """Bytes by their sha256. Many processes may read and write at once.

    A blob is on disk for certain when put returns; a crash never leaves half of one under its name.
    """

    def put(self, content: bytes) -> str:
        """Keep content and return its sha256 in hexadecimal; keeping it twice keeps it once."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return a blob. Raises NotFound."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether the blob is kept."""
        ...

    def delete(self, sha256: str) -> None:
        """Forget a blob; one that is not kept is no error."""
        ...

    def iter_sizes(self) -> Iterator[tuple[str, int]]:
        """Yield (sha256, bytes) of every blob, least recently read or written first."""
        ...
