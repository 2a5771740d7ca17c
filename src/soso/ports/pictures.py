"""Pictures made safe and small."""

from typing import Protocol

from soso.model.media import Picture


class Pictures(Protocol):
    """Turns foreign bytes into a kept picture. Called by flows/keep_media.py from several threads."""

    def keep(self, content: bytes) -> Picture:
        """Check, strip of metadata and keep a picture with its thumbnail in the blob store.

        Raises BadInput for what is broken, hostile, too large or no picture at all.
        """
        ...

    def has(self, picture: Picture) -> bool:
        """Whether its thumbnail is still kept; the original may have been evicted."""
        ...
