"""The port MediaDoor: pictures from the hosts that a fetcher may ask.

Must not know what a picture is for. Telegram's links die within days with a 404 or 403.
"""

import logging
from typing import Final

from soso.model.errors import BadInput, NotFound, Unavailable
from soso.ports.fetcher import Fetcher

log = logging.getLogger(__name__)

_KINDS: Final = ("image/",)
_OK: Final = 200


class PictureDoor:
    """Fetches pictures. Safe in many threads."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """See ports/fetcher.py."""
        try:
            found = self._fetcher.fetch(source, max_bytes=max_bytes, kinds=_KINDS)
        except BadInput as error:
            log.info("a picture is not fetched: %s", error)
            return None
        if found.status != _OK:
            raise NotFound(f"the picture's host answers {found.status}")
        if found.cut:
            raise Unavailable("the picture was cut off")
        return found.content
