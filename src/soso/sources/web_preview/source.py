"""Saved preview pages as a source.

Reads files and never the network. Knows where a page lies, not what is on it.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote

import msgspec

from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.model.errors import BadInput
from soso.model.media import Media
from soso.model.post import Post
from soso.sources.web_preview.page import PageKind, PreviewPage
from soso.sources.web_preview.parse import MAX_PAGE_BYTES, parse_page
from soso.sources.web_preview.values import is_local

_NO_CHAT: Final = {
    PageKind.FREE: "a page of a name that nobody has",
    PageKind.INVITE: "a page of an invitation to a private chat",
    PageKind.MISSING: "a page that says its post is not there",
}
_SHOWN: Final = 5
_NO_NAME: Final = "a page whose chat has no usable name"


class PreviewFilesSource:
    """Files of t.me/s/NAME, of single posts (?embed=1) and of t.me/NAME; a batch a page.

    paths: files, read in the order of their names. name: lasting; by default the folder they
    share. The cursor is the path, within that folder, of the last page that was read; once files
    have come, gone or changed, it is as none.
    """

    def __init__(self, paths: Sequence[Path], *, name: str | None = None) -> None:
        self._root, self._files = _share_root(paths)
        self._name = name or f"preview:{self._root if len(self._files) != 1 else paths[0]}"

    @property
    def name(self) -> str:
        """The source's lasting name."""
        return self._name

    @property
    def total_bytes(self) -> int | None:
        """How much there is to read."""
        return sum(_size(self._root / file) for file in self._files)

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        """Yield a batch for every page that shows a chat; see ports/source.py.

        Raises BadInput when none of the files is such a page.
        """
        stamp = self._stamp()
        known, _, last = (cursor or "").partition(":")
        done = last if known == stamp else ""
        held: Batch | None = None
        skipped: Counter[str] = Counter()
        left_out: list[str] = []
        read_bytes = 0
        for file in self._files:
            read_bytes += _size(self._root / file)
            if file <= done:
                continue
            found = self._read(file)
            if isinstance(found, str):
                skipped[found] += 1
                left_out.append(file)
                continue
            if held is not None:
                yield held
            counts = Counter(found.skipped) + skipped
            skipped.clear()
            held = msgspec.structs.replace(
                found,
                skipped=dict(counts),
                cursor=f"{stamp}:{file}",
                read_bytes=read_bytes,
            )
        if held is None and not done:
            raise BadInput(f"{self._root}: no preview page of a chat ({_summary(skipped)})")
        if skipped and held is None:  # an interrupted pull whose rest is of no use
            held = Batch(chat=ChatSighting(), observed_at=_changed_at(self._root))
        if held is not None:
            rest = dict(Counter(held.skipped) + skipped)
            notice = (f"{self._root}: left out {_and_more(left_out)}",) if left_out else ()
            yield msgspec.structs.replace(
                held,
                skipped=rest,
                notices=(*held.notices, *notice),
                cursor=f"{stamp}:{self._files[-1]}",
                read_bytes=read_bytes,
            )

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a file that was saved beside a page; addresses are not followed."""
        if not is_local(source):
            return None
        try:
            path = (self._root / source).resolve()
            inside = path.is_relative_to(self._root) and path.is_file()
            if not inside or path.stat().st_size > max_bytes:
                return None
            return path.read_bytes()
        except (OSError, ValueError):  # ValueError: a zero byte in the path
            return None

    def _read(self, file: str) -> Batch | str:
        """Return a page as a batch, or why it is none."""
        path = self._root / file
        try:
            with path.open("rb") as opened:
                content = opened.read(MAX_PAGE_BYTES + 1)
        except OSError:
            return "a file that can't be read"
        try:
            page = parse_page(content, fetched_at=_changed_at(path))
        except BadInput:
            return "a file that is not a preview page"
        if page.chat is None or page.kind is PageKind.INVITE:
            return _NO_CHAT.get(page.kind, _NO_NAME)
        folder = PurePosixPath(file).parent
        return _batch(page, page.chat, folder)

    def _stamp(self) -> str:
        """Return what tells these files, as they are now, from others."""
        digest = hashlib.sha256()
        for file in self._files:
            path = self._root / file
            digest.update(f"{file}\0{_size(path)}\0{_changed_at(path)}\0".encode(errors="replace"))
        return digest.hexdigest()[:16]


def _batch(page: PreviewPage, chat: ChatSighting, folder: PurePosixPath) -> Batch:
    posts = tuple(_localize_post(post, folder) for post in page.posts)
    picture = _localize(chat.picture_source, folder)
    return Batch(
        chat=msgspec.structs.replace(chat, picture_source=picture),
        observed_at=page.rendered_at,
        posts=posts,
        skipped=page.skipped,
        notices=page.notices,
        partial=page.cut,
    )


def _localize_post(post: Post, folder: PurePosixPath) -> Post:
    media = tuple(_localize_media(item, folder) for item in post.media)
    return post if media == post.media else msgspec.structs.replace(post, media=media)


def _localize_media(item: Media, folder: PurePosixPath) -> Media:
    return msgspec.structs.replace(
        item,
        source=_localize(item.source, folder),
        thumb_source=_localize(item.thumb_source, folder),
    )


def _localize(address: str | None, folder: PurePosixPath) -> str | None:
    """Return a path beside the page as one within the source's folder; None if it leaves it."""
    if address is None or not is_local(address):
        return address
    path = PurePosixPath(unquote(address.partition("#")[0].partition("?")[0]))
    if path.is_absolute() or ".." in path.parts or not path.name:
        return None
    return str(folder / path)


def _share_root(paths: Sequence[Path]) -> tuple[Path, list[str]]:
    """Return the folder that all files share, and their paths within it in order."""
    if not paths:
        raise BadInput("no preview page was given")
    full = sorted({Path(os.path.abspath(path)) for path in paths})
    root = Path(os.path.commonpath([path.parent for path in full])).resolve()
    folder = Path(os.path.commonpath([path.parent for path in full]))
    return root, sorted(path.relative_to(folder).as_posix() for path in full)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _changed_at(path: Path) -> datetime:
    """Return when a file was last written, the best guess at when its page was saved."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def _and_more(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _summary(skipped: Counter[str]) -> str:
    return "; ".join(f"{count} × {reason}" for reason, count in skipped.most_common(3))
