import io
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from soso.model.errors import BadInput, HostileInput, SosoError, Unavailable
from soso.sources.files import archive as module
from soso.sources.files.archive import ArchiveLimits, extract, member_names

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Makes a zip archive of (name or ZipInfo, content) pairs."""

    def build(*members: tuple[str | zipfile.ZipInfo, bytes], packed: bool = True) -> Path:
        path = tmp_path / "archive.zip"
        kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with zipfile.ZipFile(path, "w", kind) as opened:
            for name, content in members:
                opened.writestr(name, content)
        return path

    return build


def refused(archive: Path, folder: Path, error: type[SosoError], words: str) -> None:
    with pytest.raises(error, match=words):
        extract(archive, folder)
    written = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
    assert written == []


def test_members_are_unpacked(pack: Pack, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a/b.txt", date_time=(2026, 5, 1, 14, 0, 4))
    archive = pack(
        (info, b"content"), ("empty/", b""), ("ä/中.txt", b"x" * 3_000_000), packed=False
    )
    seen: list[tuple[int, int]] = []
    extract(archive, tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    path = tmp_path / "out" / "a" / "b.txt"
    assert path.read_bytes() == b"content"
    assert path.stat().st_mtime == 1777644004
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "out" / "empty").is_dir()
    assert (tmp_path / "out" / "ä" / "中.txt").stat().st_size == 3_000_000
    assert seen[-1] == (3_000_007, 3_000_007)
    assert len(seen) > 3
    assert member_names(archive) == ["a/b.txt", "empty/", "ä/中.txt"]


def test_paths_of_windows_are_folders(pack: Pack, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = "ChatExport\\result.json"
    folder = zipfile.ZipInfo("x")
    folder.filename = folder.orig_filename = "ChatExport\\"
    extract(pack((folder, b""), (info, b"{}")), tmp_path / "out")
    assert (tmp_path / "out" / "ChatExport" / "result.json").read_bytes() == b"{}"


@pytest.mark.parametrize(
    "name",
    [
        *("../out.txt", "a/../../out.txt", "/etc/out.txt", "C:out.txt", "c:/out.txt", "a/.."),
        *("..\\out.txt", "\\\\host\\out.txt"),
    ],
)
def test_paths_outside_the_folder_are_refused(pack: Pack, tmp_path: Path, name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    archive = pack(("good.txt", b"good"), (info, b"bad"))
    refused(archive, tmp_path / "out", HostileInput, "outside its folder")


@pytest.mark.parametrize("name", ["a\nb", "\x1b[2J", "x" * 300, "./", "中" * 100])
def test_names_that_can_not_be_are_refused(pack: Pack, tmp_path: Path, name: str) -> None:
    refused(pack((name, b"")), tmp_path / "out", HostileInput, "a name that can't be one")


def test_a_name_with_a_zero_byte_is_refused(pack: Pack, tmp_path: Path) -> None:
    archive = pack(("good.txt_evil", b"x"))
    archive.write_bytes(archive.read_bytes().replace(b"good.txt_evil", b"good.txt\0evil"))
    refused(archive, tmp_path / "out", HostileInput, "a name that can't be one")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(pack: Pack, tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    archive = pack((info, b"/etc/passwd"))
    refused(archive, tmp_path / "out", HostileInput, "a link or device")


def test_a_member_that_swells_is_refused(pack: Pack, tmp_path: Path) -> None:
    archive = pack(("bomb", bytes(5 * 2**20)), ("noise", os.urandom(2**20)))
    refused(archive, tmp_path / "out", HostileInput, "'bomb' would swell more than 200 times")


def test_many_small_members_that_swell_together_are_refused(pack: Pack, tmp_path: Path) -> None:
    archive = pack(*((f"m{n}", bytes(2**19)) for n in range(40)))
    refused(archive, tmp_path / "out", HostileInput, "it would swell more than 200 times")


def test_small_members_may_be_very_regular(pack: Pack, tmp_path: Path) -> None:
    extract(pack(("zeros", bytes(2**19))), tmp_path / "out")
    assert (tmp_path / "out" / "zeros").stat().st_size == 2**19


def test_limits_of_size_and_number(pack: Pack, tmp_path: Path) -> None:
    archive = pack(("a", os.urandom(600)), ("b", os.urandom(600)))
    with pytest.raises(HostileInput, match=r"more than 0\.0 GB"):
        extract(archive, tmp_path / "out", limits=ArchiveLimits(total_bytes=1000))
    with pytest.raises(HostileInput, match="2 members are more than 1"):
        extract(archive, tmp_path / "out", limits=ArchiveLimits(members=1))


def test_a_full_disk_is_seen_before(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SPARE_BYTES", 2**62)
    refused(pack(("a", b"a")), tmp_path / "out", Unavailable, r"MB in .* are free")


def test_encrypted_archives_are_refused(pack: Pack, tmp_path: Path) -> None:
    content = bytearray(pack(("a", b"a")).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    archive = tmp_path / "archive.zip"
    archive.write_bytes(content)
    refused(archive, tmp_path / "out", BadInput, "encrypted: unpack it yourself")


def test_members_over_each_other_are_refused(pack: Pack, tmp_path: Path) -> None:
    noise = os.urandom(50_000)
    content = pack(("a", noise), packed=False).read_bytes()
    at = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[at:end]
    entries = b"".join(entry.replace(b"a", bytes([98 + n]), 1) for n in range(3))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 4, 4, len(entry + entries), at, 0)
    archive = tmp_path / "archive.zip"
    archive.write_bytes(content[:at] + entry + entries + tail)
    refused(archive, tmp_path / "out", HostileInput, "lie over each other")


def test_a_member_can_not_be_longer_than_it_says(pack: Pack, tmp_path: Path) -> None:
    content = bytearray(pack(("a", os.urandom(5000)), packed=False).read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 100)
    archive = tmp_path / "archive.zip"
    archive.write_bytes(content)
    with pytest.raises(BadInput, match="damaged"):
        extract(archive, tmp_path / "out")
    assert (tmp_path / "out" / "a").stat().st_size <= 100


@pytest.mark.parametrize("name", ["a", "a/b"])
def test_names_that_meet_are_refused(
    pack: Pack, tmp_path: Path, name: str, recwarn: pytest.WarningsRecorder
) -> None:
    archive = pack(("a", b"1"), ("b", b"2"))
    content = archive.read_bytes()
    if name == "a":
        content = content.replace(b"b", b"a")
    else:
        archive = pack(("a", b"1"), ("a/b", b"2"))
        content = archive.read_bytes()
    archive.write_bytes(content)
    with pytest.raises(BadInput, match=r"the same name|damaged"):
        extract(archive, tmp_path / "out")


def test_damage_anywhere_is_bad_input(pack: Pack, tmp_path: Path) -> None:
    whole = pack(("a.txt", b"text " * 200), ("b/c.txt", b"more " * 100)).read_bytes()
    archive = tmp_path / "damaged.zip"
    for at in range(0, len(whole), 3):
        content = bytearray(whole)
        content[at] ^= 0xFF
        archive.write_bytes(content)
        try:
            extract(archive, tmp_path / f"out{at}")
        except SosoError:
            continue
    for length in range(0, len(whole), 7):
        archive.write_bytes(whole[:length])
        with pytest.raises(BadInput):
            extract(archive, tmp_path / f"cut{length}")


def test_what_is_no_archive(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(b"PK\x03\x04 nonsense")
    with pytest.raises(BadInput, match="damaged or of an odd kind"):
        member_names(file)
    with pytest.raises(Unavailable):
        member_names(tmp_path / "gone.zip")


def test_times_that_can_not_be_are_left_out(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a", date_time=(2026, 5, 1, 0, 0, 0))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr(info, b"x")
    content = bytearray(buffer.getvalue())
    content[content.index(b"PK\x01\x02") + 14 : content.index(b"PK\x01\x02") + 16] = b"\0\0"
    archive = tmp_path / "archive.zip"
    archive.write_bytes(content)
    extract(archive, tmp_path / "out")
    assert (tmp_path / "out" / "a").read_bytes() == b"x"
