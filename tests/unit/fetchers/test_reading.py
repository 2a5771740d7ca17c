import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import httpcore
import pytest

from soso.fetchers.reading import Unpacker, read_content
from soso.model.errors import HostileInput, Unavailable

BOMB = gzip.compress(b"\0" * 20_000_000, 9)


def test_a_bomb_goes_off_nowhere() -> None:
    tracemalloc.start()
    with pytest.raises(HostileInput, match="larger"):
        read_content(iter([BOMB]), Unpacker("gzip"), max_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        (None, b"text"),
        ("identity", b"text"),
        ("gzip", gzip.compress(b"text", mtime=0)),
        ("deflate", zlib.compress(b"text")),
    ],
)
def test_packed_answers_are_unpacked(encoding: str | None, packed: bytes) -> None:
    pieces = [packed[:3], packed[3:]]
    content = read_content(iter(pieces), Unpacker(encoding), max_bytes=4)
    assert content == (b"text", False)


def test_one_byte_too_many() -> None:
    with pytest.raises(HostileInput):
        read_content(iter([b"text", b"s"]), Unpacker(None), max_bytes=4)


def test_half_an_answer_is_cut() -> None:
    packed = gzip.compress(bytes(range(256)) * 40)
    content = read_content(iter([packed[:-12]]), Unpacker("gzip"), max_bytes=99_999)
    assert content.cut
    assert content.content
    assert (
        bytes(range(256)) * 40 == content.content + (bytes(range(256)) * 40)[len(content.content) :]
    )


def test_a_connection_that_breaks_cuts_it() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"some"
        raise httpcore.RemoteProtocolError("closed early")

    assert read_content(pieces(), Unpacker(None), max_bytes=99) == (b"some", True)


def test_rubbish_is_not_unpacked() -> None:
    with pytest.raises(Unavailable):
        read_content(iter([b"this is no gzip at all"]), Unpacker("gzip"), max_bytes=99)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x"])
def test_an_encoding_that_was_not_asked_for(encoding: str) -> None:
    with pytest.raises(HostileInput):
        Unpacker(encoding)
