"""Zip archives, unpacked without believing anything they say.

Knows what a hostile archive tries. Must not know what is in a well-meant one.
Everything is checked before the first byte is written: where members would go, what they are, how
far they would swell, whether the disk has room.
"""

import lzma
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final

from soso.model.errors import BadInput, HostileInput, Unavailable
from soso.model.value import Value

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_CHUNK: Final = 2**20
_MAX_NAME: Final = 255  # bytes of one step of a path, on every file system in use
# RuntimeError is zipfile's way to ask for a password; the last three come of a name that is a file
# as well as a folder.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError),
    *(ValueError, LookupError, ArithmeticError, RuntimeError),
    *(FileExistsError, NotADirectoryError, IsADirectoryError),
)
_SPARE_BYTES: Final = 256 * 2**20
_ENCRYPTED: Final = 0x1


class ArchiveLimits(Value):
    """What an archive may be. ratio: unpacked to packed bytes, asked of members above small_bytes.

    total_bytes: of all members, unpacked.
    """

    total_bytes: int = 20 * 2**30
    members: int = 200_000
    ratio: int = 200
    small_bytes: int = 2**20


Progress = Callable[[int, int], None]
"""Told after each piece: bytes unpacked so far, bytes in all."""


def extract(
    archive: Path,
    folder: Path,
    *,
    limits: ArchiveLimits | None = None,
    progress: Progress | None = None,
) -> None:
    """Unpack a zip archive into a folder, which is made and must not exist.

    Members keep the times they have in the archive, so that unpacking again gives the same.
    Raises HostileInput for paths outside the folder, links and swelling members, BadInput for a
    damaged or encrypted archive, Unavailable if the disk has no room. What was unpacked before an
    error stays in the folder, which belongs to the caller.
    """
    with _opened(archive) as opened:
        members = opened.infolist()
        targets = _check(archive, members, limits or ArchiveLimits())
        total = sum(member.file_size for member in members)
        folder.mkdir(parents=True)
        _check_room(folder, total)
        done = 0
        for member, target in zip(members, targets, strict=True):
            path = folder / target
            if _is_folder(member):
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            for size in _unpack(opened, member, path):
                done += size
                if progress is not None:
                    progress(done, total)


def member_names(archive: Path) -> list[str]:
    """Return the names in an archive, as they are. Raises BadInput."""
    with _opened(archive) as opened:
        return opened.namelist()


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive and say in our words what goes wrong with it."""
    try:
        with zipfile.ZipFile(archive) as opened:
            yield opened
    except _DAMAGED as error:
        raise BadInput(f"{archive}: the archive is damaged or of an odd kind ({error})") from error
    except OSError as error:
        raise Unavailable(f"{archive}: can't be unpacked ({error})") from error


def _check(archive: Path, members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> list[str]:
    """Return where the members go within the folder. Raises HostileInput, BadInput."""
    if len(members) > limits.members:
        raise HostileInput(f"{archive}: {len(members)} members are more than {limits.members}")
    targets = [_check_member(archive, member, limits) for member in members]
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > limits.total_bytes:
        gigabytes = limits.total_bytes / 2**30
        raise HostileInput(f"{archive}: it would unpack to more than {gigabytes:.1f} GB")
    if total > limits.small_bytes and total > limits.ratio * max(packed, 1):
        raise HostileInput(f"{archive}: it would swell more than {limits.ratio} times")
    if packed > archive.stat().st_size:
        raise HostileInput(f"{archive}: its members lie over each other")
    files = [t for t, member in zip(targets, members, strict=True) if not _is_folder(member)]
    if len(set(files)) < len(files):
        raise BadInput(f"{archive}: two of its members have the same name")
    return targets


def _check_member(archive: Path, member: zipfile.ZipInfo, limits: ArchiveLimits) -> str:
    name = _name(member)
    shown = f"{archive}: the member {member.orig_filename[:100]!r}"
    steps = [step for step in name.split("/") if step not in ("", ".")]
    if name.startswith("/") or _DRIVE.match(name) or ".." in steps:
        raise HostileInput(f"{shown} would be written outside its folder")
    if not steps or _CONTROL.search(name) or any(len(os.fsencode(s)) > _MAX_NAME for s in steps):
        raise HostileInput(f"{shown} has a name that can't be one")
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise HostileInput(f"{shown} is a link or device")
    if member.flag_bits & _ENCRYPTED:
        raise BadInput(f"{archive} is encrypted: unpack it yourself and import the folder")
    swollen = member.file_size > limits.ratio * max(member.compress_size, 1)
    if member.file_size > limits.small_bytes and swollen:
        raise HostileInput(f"{shown} would swell more than {limits.ratio} times")
    return str(PurePosixPath(*steps))


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's path. zipfile cuts it at a zero byte, and leaves \\ of Windows as it is."""
    return member.orig_filename.replace("\\", "/")


def _is_folder(member: zipfile.ZipInfo) -> bool:
    return _name(member).endswith("/")


def _check_room(folder: Path, total: int) -> None:
    free = shutil.disk_usage(folder).free
    if total + _SPARE_BYTES > free:
        raise Unavailable(
            f"unpacking needs {total / 2**20:.0f} MB in {folder}, where {free / 2**20:.0f} are free"
        )


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> Iterator[int]:
    """Write one member and yield the sizes of its pieces. It can't be longer than it says."""
    with opened.open(member) as source, _create(path) as target:
        while piece := source.read(_CHUNK):
            target.write(piece)
            yield len(piece)
    try:
        moment = datetime(*member.date_time, tzinfo=UTC).timestamp()
    except ValueError:  # zip archives may say the zeroth of a month
        return
    os.utime(path, (moment, moment))


def _create(path: Path) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")
