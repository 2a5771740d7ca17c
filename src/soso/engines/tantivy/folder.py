"""The index's home on disk.

    current           names the live build; replaced by an atomic rename
    lock              held by the one writer
    000007/           a build: Tantivy's files and
    000007/soso.json  the fingerprint it was built with

Knows where things lie and how they are replaced; must not know Tantivy. Readers need no lock: they
look at `current` before each search. A crash at any moment leaves a build that nobody names, and
the next writer sweeps it away.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from soso.engines.tantivy.lock import locked
from soso.model.errors import Unavailable
from soso.model.value import Value

_NAME: Final = re.compile(r"[0-9]{6,}")


class Label(Value):
    """What soso.json says of a build.

    mapping: see mapping.MAPPING_VERSION. facets: the fields that can be counted.
    """

    fingerprint: str = ""
    mapping: int = 0
    facets: tuple[str, ...] = ()


class Build(Value):
    """One index: its folder and its label; an unreadable label is an empty one."""

    path: Path
    label: Label


Mark = tuple[int, int] | None
"""Differs whenever `current` was replaced: its inode and time of change; None if there is none."""


class Home:
    """The folder of an index. Raises Unavailable if the disk does not let it do its work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = folder / "current"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"the index's folder can't be made: {error}") from error

    def is_new(self) -> bool:
        """Whether nothing was ever built here."""
        return self.mark() is None and not self._builds()

    def mark(self) -> Mark:
        """Return what tells whether `current` was replaced; costs 2 µs."""
        try:
            found = self._pointer.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def live(self) -> Build | None:
        """Return the build that `current` names, None if it names none that is there."""
        try:
            name = self._pointer.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        path = self.folder / name
        if not _NAME.fullmatch(name) or not path.is_dir():
            return None
        return Build(path=path, label=_load_label(path))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writer's lock. Raises Busy."""
        with locked(self.folder / "lock"):
            yield

    def add_build(self, label: Label) -> Build:
        """Make the folder of a new build. Only with the lock held."""
        latest = max((int(path.name) for path in self._builds()), default=0)
        path = self.folder / f"{latest + 1:06d}"
        with _on_disk("making a build of the index"):
            path.mkdir()
            _write_whole(path / "soso.json", msgspec.json.encode(label))
        return Build(path=path, label=label)

    def make_live(self, build: Build) -> None:
        """Let `current` name a build that is all on disk. Only with the lock held."""
        with _on_disk("putting the index in place"):
            _sync_folder(build.path)
            _write_whole(self._pointer, build.path.name.encode("ascii"))

    def sweep(self) -> None:
        """Remove every build but the live one. Only with the lock held.

        Readers that still have one open keep what they mapped. Where the system does not let open
        files be removed, the next sweep tries again. Without a live build nothing is removed.
        """
        live = self.live()
        if live is None:
            return
        for path in self._builds():
            if path != live.path:
                shutil.rmtree(path, ignore_errors=True)

    def _builds(self) -> list[Path]:
        with _on_disk("reading the index's folder"):
            return [path for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]


def measure(build: Build) -> int:
    """Return the bytes of a build's files; one that is merged away meanwhile counts nothing."""
    total = 0
    for path in build.path.glob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


@contextmanager
def _on_disk(doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{doing} failed: {error}") from error


def _load_label(path: Path) -> Label:
    try:
        return msgspec.json.decode((path / "soso.json").read_bytes(), type=Label)
    except (OSError, msgspec.DecodeError):
        return Label()


def _write_whole(path: Path, content: bytes) -> None:
    """Put a file in place so that readers, and a disk after a crash, have the old or the new."""
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    if os.name == "nt":  # a folder can't be opened there, and a rename is journaled
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
