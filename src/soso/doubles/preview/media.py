"""Pictures of the double: links that die, and what is behind them.

Knows links and PNG. A link is signed, so that nothing but what a page showed is answered.
"""

import hashlib
import struct
import zlib
from typing import Final

_WIDTH: Final = 64
_HEIGHT: Final = 48
_VIDEO: Final = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64


class Links:
    """Makes links and takes them back. generation: links of earlier ones are dead."""

    def __init__(self, base: str, secret: str) -> None:
        self.base = base
        self.generation = 0
        self._secret = secret

    def make(self, chat: int, message: int, suffix: str = "jpg") -> str:
        """Return the address of what a message shows."""
        what = f"{self.generation}.{chat}.{message}"
        return f"{self.base}/file/{what}.{self._sign(what)}.{suffix}"

    def open(self, path: str) -> tuple[str, bytes] | None:
        """Return the type and content behind a link's last step; None if it is dead or false."""
        steps = path.split(".")
        if len(steps) != 5 or steps[0] != str(self.generation):
            return None
        if steps[3] != self._sign(".".join(steps[:3])):
            return None
        if steps[4] == "mp4":
            return "video/mp4", _VIDEO
        return "image/png", draw(".".join(steps[1:3]))

    def _sign(self, what: str) -> str:
        return hashlib.sha256(f"{self._secret}:{what}".encode()).hexdigest()[:24]


def draw(seed: str) -> bytes:
    """Return a small PNG, another for each seed: a colour and a band of its opposite."""
    digest = hashlib.sha256(seed.encode()).digest()
    colour, band = digest[:3], bytes(255 - part for part in digest[:3])
    line = digest[3] % _HEIGHT
    rows = b"".join(b"\0" + (band if row == line else colour) * _WIDTH for row in range(_HEIGHT))
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
