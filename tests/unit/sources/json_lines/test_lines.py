import gzip
import io
from pathlib import Path

import pytest

from soso.model.errors import BadInput, HostileInput
from soso.sources.json_lines import lines
from soso.sources.json_lines.lines import (
    Line,
    iter_lines,
    looks_like_json_lines,
    unpacked_head,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def contents(found: list[Line]) -> list[bytes | None]:
    return [line.content for line in found]


def test_lines_with_their_places(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfone\r\n\ntwo\n")
    found = list(iter_lines(file))
    assert contents(found) == [b"one", b"", b"two"]
    assert [line.number for line in found] == [1, 2, 3]
    assert [line.end for line in found] == [8, 9, 13]
    assert [line.read_bytes for line in found] == [8, 9, 13]
    assert all(line.whole for line in found)


def test_the_last_line_may_lack_its_end(file: Path) -> None:
    file.write_bytes(b"one\ntwo")
    assert [(line.content, line.whole) for line in iter_lines(file)] == [
        (b"one", True),
        (b"two", False),
    ]


def test_an_empty_file_has_no_lines(file: Path) -> None:
    file.write_bytes(b"")
    assert list(iter_lines(file)) == []


def test_packed_lines_are_told_by_their_beginning(file: Path) -> None:
    packed = gzip.compress(b"one\n") + gzip.compress(b"two\n")
    file.write_bytes(packed)
    found = list(iter_lines(file))
    assert contents(found) == [b"one", b"two"]
    assert [line.end for line in found] == [4, 8]
    assert found[-1].read_bytes == len(packed)


@pytest.mark.parametrize("cut", [12, 40, 200])
def test_a_packed_file_cut_off_ends_with_a_broken_line(file: Path, cut: int) -> None:
    rows = b"".join(b"row %d %s\n" % (n, str(hash(n * 7919)).encode()) for n in range(500))
    file.write_bytes(gzip.compress(rows)[:-cut])
    found = list(iter_lines(file))
    assert found[-1].broken
    assert not any(line.broken for line in found[:-1])
    assert all(line.content == rows.split(b"\n")[line.number - 1] for line in found[:-1])


def test_damage_in_a_packed_file(file: Path) -> None:
    content = bytearray(gzip.compress(bytes(range(256)) * 100))
    content[60:80] = bytes(20)
    file.write_bytes(content)
    assert list(iter_lines(file))[-1].broken


def test_a_stream_is_read_without_seeking() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self.rest = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            return self.rest.readinto(buffer)

    assert contents(list(iter_lines(Pipe(b"one\ntwo\n")))) == [b"one", b"two"]  # type: ignore[arg-type]
    packed = Pipe(gzip.compress(b"one\ntwo\n"))
    assert contents(list(iter_lines(packed))) == [b"one", b"two"]  # type: ignore[arg-type]
    assert contents(list(iter_lines(io.BytesIO(b"one")))) == [b"one"]


def test_lines_that_are_too_long_are_left_out(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 10)
    file.write_bytes(b"x" * 9 + b"\n" + b"y" * 35 + b"\n" + b"short\n" + b"z" * 20)
    assert contents(list(iter_lines(file))) == [b"x" * 9, None, b"short", None]


def test_a_file_that_swells_without_end_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_FREE_BYTES", 2**20)
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 2**16)
    file.write_bytes(gzip.compress(bytes(2**23)))
    with pytest.raises(HostileInput, match="200 times"):
        list(iter_lines(file))


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        list(iter_lines(file))
    with pytest.raises(BadInput, match="can't be read"):
        unpacked_head(file, 10)


def test_heads_are_unpacked(file: Path) -> None:
    file.write_bytes(b"plain text")
    assert unpacked_head(file, 5) == b"plain"
    file.write_bytes(gzip.compress(b"packed text"))
    assert unpacked_head(file, 6) == b"packed"
    file.write_bytes(b"\x1f\x8bnonsense")
    with pytest.raises(BadInput):
        unpacked_head(file, 6)


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        (b'{"type":"post","chat":"1"}\n{', True),
        (b'\xef\xbb\xbf{ "type" : "chat" }', True),
        (b'\n\n{"chat":"@a","type":"block"}\n', True),
        (b'{"type":"post","text":"a \\"messages\\": b"}', True),
        (b'{\n "name": "Harbour",\n "type": "public_channel",', False),
        (b'{"name":"Harbour","type":"public_channel","id":1,"messages":[{"id":1}]}', False),
        (b'[{"type":"post"}]', False),
        (b'"type":"post"', False),
        (b"", False),
        (b"\x00\xff" * 50, False),
    ],
)
def test_what_looks_like_our_rows(head: bytes, ours: bool) -> None:
    assert looks_like_json_lines(head) is ours
