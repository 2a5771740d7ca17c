"""Telegram Desktop's JSON export as a source of posts: one chat, or a whole account. I/O.

Reads the file once from front to back, a block at a time, and holds one batch. Personal chats of an
account are left out unless asked for by name; they are counted, never decoded. The one chat of a
one-chat export was asked for by exporting it, whatever it is; it stays private all the same.
"""

from collections.abc import Collection, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO, Final

from msgspec.structs import replace

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
from soso.sources.desktop_export.layout import ExportedChat, iter_chats, read_heads
from soso.sources.desktop_export.parse import (
    Around,
    is_shared,
    parse_chat,
    parse_message,
    parse_picture,
)
from soso.sources.desktop_export.peers import sniff_numbering
from soso.sources.desktop_export.repair import Damaged
from soso.sources.desktop_export.scanner import Broken, CutShort, Scanner

DAMAGED: Final = "damaged beyond repair"
_RESULT: Final = "result.json"


class DesktopJsonSource:
    """A result.json, or the folder it lies in. Fills ports.source.Source.

    name: defaults to one made of the path. zone: of the exporting computer, for files from before
    3.7.6. chats: titles or refs (u77) of personal chats of an account that shall come in.
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
        self.path = path / _RESULT if path.is_dir() else path
        self._name = name or f"desktop-json:{self.path.resolve()}"
        self.zone = zone
        self.asked = {chat.strip().casefold(): chat.strip() for chat in chats}
        self.batch_size = max(1, batch_size)

    @property
    def name(self) -> str:
        """Lasting while the file stays where it is."""
        return self._name

    @property
    def total_bytes(self) -> int | None:
        """The size of the file; None if it is not there."""
        try:
            return self.path.stat().st_size
        except OSError:
            return None

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        """Yield the posts of all chats that may come in; see ports.source.Source.

        Every such chat gives at least one batch, also without posts. A cursor of a file that has
        changed since is as none. Raises BadInput, Unavailable.
        """
        try:
            with self.path.open("rb") as stream:
                yield from _Pull(self, stream, cursor).batches()
        except FileNotFoundError as error:
            raise BadInput(f"{self.path.name}: there is no such file") from error
        except OSError as error:
            raise Unavailable(f"{self.path.name} can't be read: {error.strerror}") from error

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a file of the export's folder; see ports.source.Source."""
        return read_inside(self.path.parent, source, max_bytes=max_bytes)


class _Pull:
    """One walk through the file."""

    def __init__(self, source: DesktopJsonSource, stream: BinaryIO, cursor: str | None) -> None:
        status = source.path.stat()
        self._source = source
        self._place = load_place(cursor, f"{status.st_size}:{status.st_mtime_ns}")
        self._written_at = written_at(status.st_mtime)
        self._numbering = sniff_numbering(stream)
        stream.seek(0)
        self._scanner = Scanner(stream)
        self._late_heads: list[dict[str, object]] | None = None
        self._notes = Notes()
        self._unmet = dict(source.asked)
        self._number = -1
        self._refused = 0
        self._is_account = False
        self._ended_early = False

    def batches(self) -> Iterator[Batch]:
        gatherer: Gatherer | None = None
        try:
            for number, chat in enumerate(iter_chats(self._scanner)):
                self._number = number
                self._is_account |= chat.listed
                if number < self._place.chat:
                    chat.skip()
                    continue
                sighting = self._sight(chat)
                if chat.listed and not (is_shared(sighting) or self._is_asked(sighting, chat)):
                    self._refuse(chat)
                    continue
                gatherer = Gatherer(sighting, self._notes, written_at=self._written_at)
                yield from self._chat_batches(chat, gatherer)
                if self._ended_early:
                    return
        except (CutShort, Broken) as error:
            self._end_early(error)
        if gatherer is None and self._place.chat < 0:
            raise BadInput("; ".join([self._why_nothing(), *say_unmet(self._unmet)]))
        if self._place.chat < 0 and not self._ended_early and self._is_account:
            for notice in say_unmet(self._unmet):
                self._notes.say(notice)
        if gatherer is not None and (self._notes or self._ended_early):
            yield self._take(gatherer)

    def _chat_batches(self, chat: ExportedChat, gatherer: Gatherer) -> Iterator[Batch]:
        owed = self._number > self._place.chat
        for row in join_albums(self._rows(chat, gatherer)):
            gatherer.add(row)
            if len(gatherer) >= self._source.batch_size:
                owed = False
                yield self._take(gatherer)
        if owed or len(gatherer) or self._ended_early:
            yield self._take(gatherer)

    def _rows(self, chat: ExportedChat, gatherer: Gatherer) -> Iterator[Row]:
        """Yield the messages from the cursor on; where the file ends, they end."""
        around = Around(
            peer=gatherer.chat.peer,
            kind=gatherer.chat.kind,
            title=gatherer.chat.title,
            zone=self._source.zone,
        )
        done = self._place.mark if self._number == self._place.chat else -1
        inside = False
        try:
            for _ in chat.iter_messages():
                inside = True
                row = self._read(around, gatherer)
                inside = False
                if row.mark > done:
                    yield row
        except (CutShort, Broken) as error:
            self._end_early(error)
            if inside:
                yield Row(mark=self._scanner.offset, skip=CUT_OFF)

    def _read(self, around: Around, gatherer: Gatherer) -> Row:
        try:
            raw = self._scanner.value()
        except Damaged:
            return Row(mark=self._scanner.offset, skip=DAMAGED)
        read = parse_message(raw, around)
        if not isinstance(read, Post):
            return Row(mark=self._scanner.offset, skip=read)
        if read.service is not None and (picture := parse_picture(raw)) is not None:
            gatherer.chat = replace(gatherer.chat, picture_source=picture)
        return Row(mark=self._scanner.offset, post=read)

    def _sight(self, chat: ExportedChat) -> ChatSighting:
        head = chat.head
        if chat.has_late_head:
            if self._late_heads is None:
                with self._source.path.open("rb") as stream:
                    self._late_heads = read_heads(Scanner(stream))
            head = self._late_heads[self._number] if self._number < len(self._late_heads) else head
        return parse_chat(head, self._numbering)

    def _is_asked(self, sighting: ChatSighting, chat: ExportedChat) -> bool:
        """Whether a chat was asked for: by title, ref or id; by its type if it has no title."""
        names = [sighting.title or chat.head.get("type"), chat.head.get("id")]
        names.append(sighting.peer.ref if sighting.peer is not None else None)
        folded = {str(name).casefold() for name in names if name is not None}
        for name in folded:
            self._unmet.pop(name, None)
        return not folded.isdisjoint(self._source.asked)

    def _refuse(self, chat: ExportedChat) -> None:
        count = chat.skip()
        if self._number > self._place.chat:
            self._refused += 1
            self._notes.skipped[PERSONAL] += count

    def _end_early(self, error: CutShort | Broken) -> None:
        self._ended_early = True
        where = f"is damaged: {error}" if isinstance(error, Broken) else "ends too early"
        self._notes.say(f"{self._source.path.name} {where}; what stands before that was imported")

    def _take(self, gatherer: Gatherer) -> Batch:
        place = Place(stamp=self._place.stamp, chat=self._number, mark=gatherer.mark)
        return gatherer.take(
            cursor=place.dump(), read_bytes=self._scanner.offset, partial=self._ended_early
        )

    def _why_nothing(self) -> str:
        name = self._source.path.name
        if self._refused:
            return (
                f"{name}: all {self._refused} chats in it are personal; "
                "name those that shall be imported"
            )
        return (
            f"{name} is no Telegram Desktop export: expected a JSON object with "
            '"messages" (one chat) or with "chats" and their "list" (an account)'
        )
