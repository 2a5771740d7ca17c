"""Turns paths into sources: files, folders and zip archives, told apart by what is in them.

Knows which source reads which form, and that JSON goes before HTML where an export has both.
"""

import stat
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from soso.model.errors import BadInput, HostileInput, Unavailable
from soso.ports.desk import Decision, RemovalRequest
from soso.ports.source import Source
from soso.sources.desktop_export import DesktopHtmlSource, DesktopJsonSource
from soso.sources.files.archive import ArchiveLimits, Progress, extract, member_names
from soso.sources.files.detect import EXPECTED, Form, detect, may_be_input
from soso.sources.files.folder import Folder, is_page_of_chat, look_into
from soso.sources.files.noted import NotedSource
from soso.sources.json_lines import JsonLinesSource, iter_desk
from soso.sources.web_preview import PreviewFilesSource

_SHOWN: Final = 5
_MAX_DEPTH: Final = 12
_MAX_FILES: Final = 200_000


class Found(NamedTuple):
    """A source, the form of its input for the report, and a dump's rows of the desk."""

    source: Source
    form: str
    desk: Callable[[], Iterator[RemovalRequest | Decision]] | None = None


def find_sources(
    paths: Sequence[Path],
    *,
    zone: tzinfo | None,
    chats: Collection[str],
    workdir: Path,
    stack: ExitStack,
    max_bytes: int = ArchiveLimits().total_bytes,
    progress: Progress | None = None,
) -> list[Found]:
    """Return the sources behind the paths, in their order; a folder may hold many.

    zone, chats: for exports, see desktop_export. workdir: zip archives are unpacked below it, each
    into a folder of its own that stack removes when it is closed; sources must not be used after.
    max_bytes: of one unpacked archive. progress: of unpacking. Names of sources are made of their
    form and their real place, within the archive for zips, so importing the same again goes on.
    Raises BadInput naming the path that is nothing of ours, HostileInput, Unavailable.
    """
    finder = _Finder(zone, chats, workdir, stack, max_bytes, progress)
    found = [one for path in paths for one in finder.find(path)]
    return list({one.source.name: one for one in reversed(found)}.values())[::-1]


@contextmanager
def open_sources(
    paths: Sequence[Path],
    *,
    workdir: Path,
    zone: tzinfo | None = None,
    chats: Collection[str] = (),
) -> Iterator[list[Found]]:
    """The same as a context: what was unpacked is removed when it ends."""
    with ExitStack() as stack:
        yield find_sources(paths, zone=zone, chats=chats, workdir=workdir, stack=stack)


class _Tree(NamedTuple):
    """A folder to look through. label: its place in the names of sources."""

    root: Path
    label: str
    packed: bool  # it came out of an archive

    def name(self, form: Form, path: Path) -> str:
        inner = path.relative_to(self.root).as_posix()
        return f"{form}:{self.label}" + (f"/{inner}" if inner != "." else "")


class _Finder:
    def __init__(
        self,
        zone: tzinfo | None,
        chats: Collection[str],
        workdir: Path,
        stack: ExitStack,
        max_bytes: int,
        progress: Progress | None,
    ) -> None:
        self.zone = zone
        self.chats = chats
        self.workdir = workdir
        self.stack = stack
        self.limits = ArchiveLimits(total_bytes=max_bytes)
        self.progress = progress

    def find(self, path: Path) -> list[Found]:
        """Return the sources behind one path. Raises BadInput."""
        try:
            real = path.resolve(strict=True)
            mode = real.stat().st_mode
        except (OSError, ValueError, RuntimeError) as error:
            raise BadInput(f"{path}: there is no such file or folder") from error
        if stat.S_ISDIR(mode):
            return self.look_through(_Tree(real, str(real), packed=False), str(path))
        if not stat.S_ISREG(mode):
            raise BadInput(f"{path}: neither a file nor a folder; expected {EXPECTED}")
        form = detect(real)
        if form is Form.ZIP:
            return self.unpack(real, str(real), str(path))
        if form is None:
            raise BadInput(f"{path}: not something Soso can read; expected {EXPECTED}")
        whole = real.parent if form is Form.HTML_EXPORT and is_page_of_chat(real) else real
        return [self.source(form, whole, _Tree(real.parent, str(real.parent), packed=False))]

    def unpack(self, archive: Path, label: str, shown: str) -> list[Found]:
        """Unpack an archive into a folder of its own and return the sources in it."""
        if not any(may_be_input(name) for name in member_names(archive)):
            raise BadInput(f"{shown}: nothing in the archive can be read; expected {EXPECTED}")
        try:
            self.workdir.mkdir(parents=True, exist_ok=True)
            made = tempfile.TemporaryDirectory(prefix="unpacked-", dir=self.workdir)
        except OSError as error:
            raise Unavailable(f"{self.workdir}: no archive can be unpacked there") from error
        root = Path(self.stack.enter_context(made)).resolve() / "archive"
        extract(archive, root, limits=self.limits, progress=self.progress)
        return self.look_through(_Tree(root, f"{label}!", packed=True), shown)

    def look_through(self, tree: _Tree, shown: str) -> list[Found]:
        """Return the sources in a folder; what is nothing of ours is named in a notice."""
        found: list[Found] = []
        ignored: list[str] = []
        seen = 0
        waiting = [(tree.root, 0)]
        while waiting:
            path, depth = waiting.pop()
            folder = look_into(path)
            seen += len(folder.names)
            if seen > _MAX_FILES:
                raise BadInput(f"{shown}: more than {_MAX_FILES} files; name a folder within it")
            found += self.sources_in(folder, tree, ignored)
            ignored += [str(one.relative_to(tree.root)) for one in folder.strange]
            if depth < _MAX_DEPTH:
                waiting += [(below, depth + 1) for below in reversed(folder.below)]
        if not found:
            said = f" ({_and_more(ignored)})" if ignored else ""
            raise BadInput(f"{shown}: nothing Soso can read{said}; expected {EXPECTED}")
        if ignored:
            notice = f"{shown}: left out, as nothing of ours: {_and_more(ignored)}"
            found[0] = found[0]._replace(source=NotedSource(found[0].source, notice))
        return found

    def sources_in(self, folder: Folder, tree: _Tree, ignored: list[str]) -> list[Found]:
        """Return the sources of the files that lie directly in a folder."""
        found = [self.source(Form.JSON_LINES, path, tree) for path in folder.files(Form.JSON_LINES)]
        found += [
            self.source(Form.JSON_EXPORT, path, tree) for path in folder.files(Form.JSON_EXPORT)
        ]
        found += [self.source(Form.HTML_EXPORT, path, tree) for path in folder.html_exports]
        if pages := folder.files(Form.PREVIEW):
            name = tree.name(Form.PREVIEW, folder.path)
            found.append(Found(PreviewFilesSource(pages, name=name), Form.PREVIEW))
        for path in folder.files(Form.ZIP):
            shown = path.relative_to(tree.root).as_posix()
            if tree.packed:
                ignored.append(f"{shown} (an archive within an archive)")
                continue
            try:
                found += self.unpack(path, f"{tree.label}/{shown}", str(path))
            except HostileInput:
                raise
            except BadInput:
                ignored.append(shown)  # as any other file in a folder that is nothing of ours
        return found

    def source(self, form: Form, path: Path, tree: _Tree) -> Found:
        name = tree.name(form, path)
        match form:
            case Form.JSON_EXPORT:
                source: Source = DesktopJsonSource(
                    path, name=name, zone=self.zone, chats=self.chats
                )
            case Form.HTML_EXPORT:
                source = DesktopHtmlSource(path, name=name, zone=self.zone, chats=self.chats)
            case Form.PREVIEW:
                source = PreviewFilesSource([path], name=name)
            case _:
                return Found(JsonLinesSource(path, name=name), form, partial(iter_desk, path))
        return Found(source, form)


def _and_more(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
