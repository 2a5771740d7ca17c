"""The content of an answer, unpacked, up to a limit.

Knows encodings of content. Must not know hosts or what the content is.
"""

import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import httpcore

from soso.model.errors import HostileInput, Unavailable

ENCODINGS: Final = "gzip, deflate"
FIRST_BYTES: Final = 512
_PIECE: Final = 64 * 1024


class Content(NamedTuple):
    """cut: it ended before its end."""

    content: bytes
    cut: bool


class Unpacker:
    """Turns packed pieces into plain ones of a bounded size each, so that no bomb goes off."""

    def __init__(self, encoding: str | None) -> None:
        """Raises HostileInput for an encoding that was not asked for."""
        name = (encoding or "identity").strip().lower()
        if name not in ("identity", "gzip", "x-gzip", "deflate"):
            raise HostileInput("the answer is packed in a way that was not asked for")
        self._zip = None if name == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 32)

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """Yield what a piece holds. Raises Unavailable when it is broken."""
        if self._zip is None:
            yield packed
            return
        try:
            while packed and not self._zip.eof:
                plain = self._zip.decompress(packed, _PIECE)
                packed = self._zip.unconsumed_tail
                if plain:
                    yield plain
        except zlib.error as error:
            raise Unavailable("the answer can't be unpacked") from error

    @property
    def is_whole(self) -> bool:
        """Whether the end was reached."""
        return self._zip is None or self._zip.eof


def read_content(pieces: Iterator[bytes], unpacker: Unpacker, *, max_bytes: int) -> Content:
    """Read an answer's body. Raises HostileInput past the limit, Unavailable, httpcore's errors.

    A connection that closes before the told length ends it, cut.
    """
    kept = bytearray()
    cut = False
    try:
        for packed in pieces:
            for plain in unpacker.unpack(packed):
                if len(kept) + len(plain) > max_bytes:
                    raise HostileInput(f"the answer is larger than {max_bytes} bytes")
                kept += plain
    except (httpcore.RemoteProtocolError, httpcore.ReadError):
        cut = True
    return Content(bytes(kept), cut or not unpacker.is_whole)
