"""Telegram Desktop's HTML export as a source of posts: one chat, or the folders of an account. I/O.

For when there is no JSON: HTML has no ids of chats, so a chat is known by its title alone and joins
others later. Reads a page at a time, and holds one and a batch.
"""

from collections.abc import Collection, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Final

from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.model.errors import BadInput, Unavailable
from soso.model.post import Post
from soso.sources.desktop_export.albums import Row, join_albums
from soso.sources.desktop_export.batches import (
    CUT_OFF,
    PERSONAL,
    Gatherer,
    Notes,
    Place,
    load_place,
    say_unmet,
    written_at,
)
from soso.sources.desktop_export.files import read_inside
from soso.sources.desktop_export.html_folder import Page, PagedChat, find_chats, load_page
from soso.sources.desktop_export.html_index import (
    make_locate,
    missing_pages,
    page_name,
    page_number,
)
from soso.sources.desktop_export.html_parse import (
    PageState,
    has_next,
    is_page,
    iter_rows,
    read_page,
    read_title,
)
from soso.sources.desktop_export.parse import SHARED_KINDS

_SUMMARY: Final = "export_results.html"
_STEP: Final = 1 << 24  # marks count rows, and pages in steps of more rows than a page can have


class DesktopHtmlSource:
    """A folder with messages.html, one of its pages, or the folder of an account.

    Of a page, all pages of its chat are read: they stand for one chat only together. A page under
    another name is read alone. Fills ports.source.Source; name and zone are as for
    DesktopJsonSource. chats: titles of the personal chats of an account that shall come in.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        zone: tzinfo | None = None,
        chats: Collection[str] = (),
        batch_size: int = 1000,
    ) -> None:
        is_whole = path.is_dir() or path.name == _SUMMARY or page_number(path.name) is not None
        self.root = path if path.is_dir() else path.parent
        self.only = None if is_whole else path.name
        self.zone = zone
        self.asked = {chat.strip().casefold(): chat.strip() for chat in chats}
        self.batch_size = max(1, batch_size)
        self._name = name or f"desktop-html:{(self.root / (self.only or '')).resolve()}"

    @property
    def name(self) -> str:
        """Lasting while the folder stays where it is."""
        return self._name

    @property
    def total_bytes(self) -> int | None:
        """The size of all pages; None if they can't be found."""
        try:
            chats = find_chats(self.root, self.only)
        except (BadInput, OSError):
            return None
        return sum(page.size_bytes for chat in chats for page in chat.pages)

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        """Yield the posts of all chats that may come in; see ports.source.Source.

        Every such chat gives at least one batch. Raises BadInput, HostileInput, Unavailable.
        """
        try:
            yield from _Pull(self, cursor).batches()
        except FileNotFoundError as error:
            name = Path(error.filename or self.root).name
            raise BadInput(f"{name}: there is no such file") from error
        except OSError as error:
            raise Unavailable(f"{self.root.name} can't be read: {error.strerror}") from error

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a file of the export's folder; see ports.source.Source."""
        return read_inside(self.root, source, max_bytes=max_bytes)


class _Pull:
    """One walk through the pages."""

    def __init__(self, source: DesktopHtmlSource, cursor: str | None) -> None:
        self._source = source
        self._chats = find_chats(source.root, source.only)
        pages = [page for chat in self._chats for page in chat.pages]
        newest_ns = max(page.modified_ns for page in pages)
        total = sum(page.size_bytes for page in pages)
        self._place = load_place(cursor, f"{len(pages)}:{total}:{newest_ns}")
        self._written_at = written_at(newest_ns / 1e9)
        self._notes = Notes()
        self._unmet = dict(source.asked)
        self._number = -1
        self._read_bytes = 0
        self._cut = False
        self._goes_on = False
        self._is_chat = False

    def batches(self) -> Iterator[Batch]:
        gatherer: Gatherer | None = None
        for number, chat in enumerate(self._chats):
            self._number = number
            if number < self._place.chat:
                self._read_bytes += sum(page.size_bytes for page in chat.pages)
                continue
            if chat.listed and not self._may_come(chat):
                self._refuse(chat)
                continue
            sighting = ChatSighting(kind=chat.kind, title=chat.title)
            gatherer = Gatherer(sighting, self._notes, written_at=self._written_at)
            yield from self._chat_batches(chat, gatherer)
        if gatherer is None and self._place.chat < 0:
            raise BadInput(
                f"{self._source.root.name}: all {len(self._chats)} chats in it are personal; "
                + "; ".join(["name those that shall be imported", *say_unmet(self._unmet)])
            )
        if self._place.chat < 0 and any(chat.listed for chat in self._chats):
            for notice in say_unmet(self._unmet):
                self._notes.say(notice)
        if gatherer is not None and self._notes:
            yield self._take(gatherer)

    def _chat_batches(self, chat: PagedChat, gatherer: Gatherer) -> Iterator[Batch]:
        owed = self._number > self._place.chat
        self._cut = self._goes_on = self._is_chat = False
        for row in join_albums(self._rows(chat, gatherer)):
            gatherer.add(row)
            if len(gatherer) >= self._source.batch_size:
                owed = False
                yield self._take(gatherer)
        if not self._is_chat and not chat.listed:
            raise BadInput(f"{chat.pages[0].path} is no page of an HTML export")
        if self._is_chat and (owed or len(gatherer) or self._cut):
            yield self._take(gatherer)

    def _rows(self, chat: PagedChat, gatherer: Gatherer) -> Iterator[Row]:
        """Yield the rows of all pages from the cursor on."""
        place = (self._source.root.resolve() / chat.folder).parts[-2:]
        locate = make_locate(place, chat.folder)
        done = self._place.mark if self._number == self._place.chat else -1
        gaps = missing_pages(page.number for page in chat.pages)
        if gaps:
            self._notes.say(f"{chat.folder}{page_name(gaps[0])} is not there")
        for page in chat.pages:
            if page.number >= done // _STEP:
                state = PageState(gatherer.chat.title, self._source.zone, locate)
                for row in self._page_rows(page, state, gatherer):
                    if row.mark > done:
                        yield row
            self._read_bytes += page.size_bytes
        if self._goes_on:
            self._notes.say(f"{chat.folder}{page_name(chat.pages[-1].number + 1)} is not there")

    def _page_rows(self, page: Page, state: PageState, gatherer: Gatherer) -> Iterator[Row]:
        """Yield one page. If it ends too early, nobody knows how much of its last row is left."""
        html = load_page(self._source.root, page)
        tree = read_page(html)
        if not is_page(tree):
            self._notes.say(f"{page.path} is no page of messages and was left out")
            return
        self._is_chat = True
        if state.title is None:
            state.title = read_title(tree)
            gatherer.chat = ChatSighting(kind=gatherer.chat.kind, title=state.title)
        self._goes_on = has_next(tree, page_name(page.number + 1))
        mark = page.number * _STEP
        last: Row | None = None
        for read in iter_rows(tree, state):
            if last is not None:
                yield last
            mark += 1
            last = (
                Row(mark=mark, post=read) if isinstance(read, Post) else Row(mark=mark, skip=read)
            )
        if not html.rstrip().endswith("</html>"):
            self._cut = True
            self._notes.say(f"{page.path} ends too early; what stands before that was imported")
            last = Row(mark=mark, skip=CUT_OFF) if last is not None else None
        if last is not None:
            yield last

    def _may_come(self, chat: PagedChat) -> bool:
        title = chat.title.casefold() if chat.title is not None else None
        asked = title is not None and title in self._source.asked
        if asked:
            self._unmet.pop(title or "", None)
        return asked or chat.kind in SHARED_KINDS

    def _refuse(self, chat: PagedChat) -> None:
        """Count the rows of a personal chat without reading what they say."""
        for page in chat.pages:
            html = load_page(self._source.root, page)
            if self._number > self._place.chat:
                self._notes.skipped[PERSONAL] += html.count('<div class="message default')
            self._read_bytes += page.size_bytes

    def _take(self, gatherer: Gatherer) -> Batch:
        place = Place(stamp=self._place.stamp, chat=self._number, mark=gatherer.mark)
        return gatherer.take(cursor=place.dump(), read_bytes=self._read_bytes, partial=self._cut)
