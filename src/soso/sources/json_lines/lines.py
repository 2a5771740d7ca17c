"""Lines of a file or stream, plain or gzip, in bounded memory.

Knows nothing of what stands on a line.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, Final, NamedTuple, cast

from soso.model.errors import BadInput, HostileInput

MAX_LINE_BYTES: Final = 16 * 2**20
_GZIP: Final = b"\x1f\x8b"
_BOM: Final = b"\xef\xbb\xbf"
# Text of this form shrinks to a tenth; only zeros by the gigabyte shrink to a two-hundredth.
_MAX_RATIO: Final = 200
_FREE_BYTES: Final = 64 * 2**20
_TYPES: Final = (b'"chat"', b'"post"', b'"tombstone"', b'"block"', b'"request"', b'"decision"')


class Line(NamedTuple):
    """A line without its end.

    content: None if it is longer than MAX_LINE_BYTES. end: the offset behind it, of the unpacked
    text. read_bytes: how far into the file as it lies on disk. whole: it ended with a new line.
    broken: the packed file ends here though it should not.
    """

    number: int
    content: bytes | None
    end: int
    read_bytes: int
    whole: bool
    broken: bool = False


def looks_like_json_lines(head: bytes) -> bool:
    """Whether a file that begins so holds our rows: its first line names a type of row.

    head: the first few kilobytes, unpacked.
    """
    first = head.removeprefix(_BOM).lstrip().partition(b"\n")[0].replace(b" ", b"")
    if not first.startswith(b"{"):
        return False
    mark = first.find(b'"type":')
    return mark >= 0 and first[mark + 7 :].startswith(_TYPES) and b'"messages":' not in first


def unpacked_head(path: Path, size: int) -> bytes:
    """Return the beginning of a file, of what is packed in it if it is gzip. Raises BadInput."""
    try:
        with path.open("rb") as opened:
            head = opened.read(size)
        if not head.startswith(_GZIP):
            return head
        with gzip.open(path) as packed:
            return packed.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{path}: can't be read ({error})") from error


def iter_lines(origin: Path | BinaryIO) -> Iterator[Line]:
    """Yield the lines of a file or of a stream, which is read once.

    Raises BadInput if it can't be opened or read, HostileInput if it unpacks to far too much.
    """
    try:
        raw: IO[bytes] = origin.open("rb") if isinstance(origin, Path) else _peekable(origin)
        try:
            yield from _read(raw)
        finally:
            if isinstance(origin, Path):
                raw.close()
    except OSError as error:
        raise BadInput(f"{_name(origin)}: can't be read ({error})") from error


def _read(raw: IO[bytes]) -> Iterator[Line]:
    packed = raw.peek(2)[:2] == _GZIP  # type: ignore[attr-defined]
    counted = _Counted(raw)
    text = cast(IO[bytes], gzip.GzipFile(fileobj=counted)) if packed else raw
    number = end = 0
    too_long = False
    while True:
        try:
            piece = text.readline(MAX_LINE_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield Line(number + 1, b"", end, counted.read_bytes, whole=False, broken=True)
            return
        end += len(piece)
        read_bytes = counted.read_bytes if packed else end
        if end > _FREE_BYTES and end > _MAX_RATIO * max(read_bytes, 1):
            raise HostileInput("the packed file unpacks to more than 200 times its size")
        whole = piece.endswith(b"\n")
        if piece and not whole and len(piece) == MAX_LINE_BYTES:
            too_long = True
            continue
        if not piece and not too_long:
            return
        number += 1
        content = None if too_long else piece.rstrip(b"\r\n")
        if number == 1 and content is not None:
            content = content.removeprefix(_BOM)
        yield Line(number, content, end, read_bytes, whole)
        if not whole:
            return
        too_long = False


class _Counted(io.RawIOBase):
    """A file that knows how much of it was read, for gzip, which reads ahead."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw = raw
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content = self.raw.read(size)
        self.read_bytes += len(content)
        return content


def _peekable(stream: BinaryIO) -> IO[bytes]:
    return stream if hasattr(stream, "peek") else io.BufferedReader(cast(io.RawIOBase, stream))


def _name(origin: Path | BinaryIO) -> str:
    return str(origin) if isinstance(origin, Path) else "the stream"
