"""Finds and reads the pages of an HTML export. I/O."""

from pathlib import Path
from typing import Final

from soso.model.chat import ChatKind
from soso.model.errors import BadInput, HostileInput
from soso.model.value import Value
from soso.sources.desktop_export.files import read_inside
from soso.sources.desktop_export.html_index import (
    INDEX,
    is_too_deep,
    page_number,
    parse_index,
)

_MAX_PAGE_BYTES: Final = 1 << 26  # a page has 1000 messages and takes about 1 MB


class Page(Value):
    """A page of a chat: its number, its path below the export's folder, its size and change."""

    number: int
    path: str
    size_bytes: int
    modified_ns: int


class PagedChat(Value):
    """A chat's pages in order, and what the list of an account says of it.

    folder: that of the pages as seen from the export's, with a / at its end, or nothing.
    """

    folder: str
    pages: tuple[Page, ...]
    listed: bool = False
    kind: ChatKind | None = None
    title: str | None = None


def find_chats(root: Path, only: str | None = None) -> list[PagedChat]:
    """Return the chats of an export's folder in order.

    only: the name of the one page that is meant, for pages that were renamed.
    Raises BadInput if there is none, OSError.
    """
    if not root.is_dir():
        raise BadInput(f"{root.name}: there is no such folder")
    if only is not None:
        return [PagedChat(folder="", pages=(_see_page(root, only, 1),))]
    if pages := _find_pages(root, ""):
        return [PagedChat(folder="", pages=pages)]
    if chats := _find_listed(root):
        return chats
    raise BadInput(
        f"{root.name} holds no Telegram Desktop export: expected messages.html, "
        "or lists/chats.html with the chats of an account"
    )


def _find_listed(root: Path) -> list[PagedChat]:
    """Return the chats that an account's list links to; only the list tells their kinds."""
    index = read_inside(root, "/".join(INDEX), max_bytes=_MAX_PAGE_BYTES)
    html = index.decode("utf-8", "replace") if index is not None else ""
    if is_too_deep(html):
        raise HostileInput(f"{'/'.join(INDEX)} is nested as no export is")
    chats: list[PagedChat] = []
    for entry in parse_index(html):
        folder = entry.folder + "/"
        if pages := _find_pages(root, folder):
            kind, title = entry.kind, entry.title
            found = PagedChat(folder=folder, pages=pages, listed=True, kind=kind, title=title)
            chats.append(found)
    return chats


def _find_pages(root: Path, folder: str) -> tuple[Page, ...]:
    place = (root / folder).resolve()
    if not place.is_relative_to(root.resolve()) or not place.is_dir():
        return ()
    pages = []
    for path in place.iterdir():
        number = page_number(path.name)
        if number and path.is_file():
            pages.append(_see_page(root, folder + path.name, number))
    return tuple(sorted(pages, key=lambda page: page.number))


def _see_page(root: Path, path: str, number: int) -> Page:
    status = (root / path).stat()
    return Page(number=number, path=path, size_bytes=status.st_size, modified_ns=status.st_mtime_ns)


def load_page(root: Path, page: Page) -> str:
    """Return a page's HTML. Raises HostileInput for what no exporter writes, OSError."""
    content = read_inside(root, page.path, max_bytes=_MAX_PAGE_BYTES)
    if content is None:
        raise HostileInput(f"{page.path} is no file that can be read, or a far too large one")
    html = content.decode("utf-8", "replace")
    if is_too_deep(html):
        raise HostileInput(f"{page.path} is nested as no export is")
    return html
