"""A dump, or rows written by hand, as a source.

Knows how rows make batches. Must not know what is in a post.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from soso.model.batch import Archived, Batch, Block, Tombstone
from soso.model.chat import ChatSighting
from soso.model.errors import BadInput
from soso.model.post import Post
from soso.sources.json_lines.decode import decode_row
from soso.sources.json_lines.lines import Line, iter_lines
from soso.sources.json_lines.report import Report
from soso.sources.json_lines.rows import BlockRow, ChatRow, PostRow, Row, TombstoneRow

_MAX_HELD_BYTES: Final = 32 * 2**20


class JsonLinesSource:
    """A file of our rows, plain or gzip, or a stream of them, which can be pulled once.

    name: lasting; by default made of the file's place. read_at: when rows were seen that do not say
    so themselves; by default when the file was written, but never before what they tell of. The
    cursor is an offset of the unpacked text; of a file that has changed since, it is as none.
    Rows of several chats may be mixed; each batch has one chat and about batch_size rows.
    """

    def __init__(
        self,
        origin: Path | BinaryIO,
        *,
        name: str | None = None,
        batch_size: int = 1000,
        read_at: datetime | None = None,
    ) -> None:
        self._origin = origin
        place = os.path.realpath(origin) if isinstance(origin, Path) else "stream"
        self._name = name or f"jsonl:{place}"
        self._batch_size = max(batch_size, 1)
        self._read_at = read_at or _written_at(origin)

    @property
    def name(self) -> str:
        """The source's lasting name."""
        return self._name

    @property
    def total_bytes(self) -> int | None:
        """The file's size on disk; None for a stream."""
        try:
            return self._origin.stat().st_size if isinstance(self._origin, Path) else None
        except OSError:
            return None

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        """Yield the rows in batches; see ports/source.py.

        Rows of chats are read from the start even when going on, as later rows may name them.
        Raises BadInput when no line is a row of ours.
        """
        stamp = _stamp(self._origin)
        offset, _, known = (cursor or "").partition("@")
        start = int(offset) if offset.isdecimal() and known == stamp else 0
        pull = _Pull(self._read_at, start, stamp)
        held: Batch | None = None
        for line in iter_lines(self._origin):
            if line.end <= start:
                pull.recall(line)
                continue
            pull.take(line)
            if pull.rows >= self._batch_size or pull.held_bytes >= _MAX_HELD_BYTES:
                for batch in pull.flush():
                    if held is not None:
                        yield held
                    held = batch
        for batch in pull.flush():
            if held is not None:
                yield held
            held = batch
        if held is None and start == 0 and not pull.report.understood:
            raise BadInput(f"{self._name}: {pull.report.failure()}")
        if held is not None:
            yield msgspec.structs.replace(
                held, notices=(*held.notices, *pull.report.notices()), partial=pull.partial
            )

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a file that lies beside the rows or below, by its path from there.

        Pictures that the archive had kept are named by their hash and are restored apart from this.
        """
        if not isinstance(self._origin, Path) or "://" in source:
            return None
        try:
            folder = self._origin.resolve().parent
            path = (folder / source).resolve()
            inside = path.is_relative_to(folder) and path.is_file()
            return path.read_bytes() if inside and path.stat().st_size <= max_bytes else None
        except (OSError, ValueError):  # ValueError: a zero byte in the path
            return None


class _Group:
    """The rows of one chat that wait to be a batch."""

    def __init__(self) -> None:
        self.sighting = ChatSighting()
        self.posts: dict[int, Post] = {}
        self.archived: dict[int, Archived] = {}
        self.tombstones: list[Tombstone] = []


class _Pull:
    """One reading of the lines: which chats are known, which rows wait, what is to be reported."""

    def __init__(self, read_at: datetime, start: int, stamp: str) -> None:
        self.read_at = read_at
        self.stamp = stamp
        self.safe = start  # all before it is in batches that were yielded
        self.end = start
        self.read_bytes = 0
        self.partial = False
        self.report = Report()
        self.known: dict[str, ChatSighting] = {}
        self.groups: dict[str, _Group] = {}
        self.blocks: list[Block] = []
        self.ready: list[Batch] = []
        self.rows = 0
        self.held_bytes = 0

    def recall(self, line: Line) -> None:
        """Learn of the chats in lines that were read before an interruption."""
        if line.content and b'"chat"' in line.content[:64]:
            try:
                row = decode_row(line.content)
            except BadInput:
                return
            if isinstance(row, ChatRow):
                self.learn(row)

    def take(self, line: Line) -> None:
        """Add a line's row to those that wait, or count why there is none."""
        self.end, self.read_bytes = line.end, line.read_bytes
        if line.broken:
            self.partial = True
        elif line.content is None:
            self.report.skip("a line of more than 16 MB", line.number)
        elif line.content.strip():
            try:
                row = decode_row(line.content)
                self.add(row)
                self.report.count(row)
            except BadInput as error:
                if str(error) == "not JSON" and not line.whole:
                    self.partial = True
                self.report.skip(str(error), line.number)
            self.rows += 1
            self.held_bytes += len(line.content)

    def add(self, row: Row) -> None:
        match row:
            case ChatRow():
                self.group(self.learn(row), row.sighting).sighting = row.sighting
            case PostRow(post=post):
                name = self.named(row.chat, row.provisional)
                if name in self.groups and post.id in self.groups[name].posts:
                    self.ready += self.build()  # the later row is to meet the earlier one
                group = self.group(name, row.chat)
                group.posts[post.id] = post
                if row.archived is not None:
                    group.archived[post.id] = row.archived
            case TombstoneRow():
                group = self.group(self.named(row.chat, row.provisional), row.chat)
                group.tombstones.append(row.tombstone)
            case BlockRow():
                self.blocks.append(row.block)

    def learn(self, row: ChatRow) -> str:
        """Remember what a row tells of a chat under all its names, and return one of them."""
        sighting = row.sighting
        names = [row.provisional, sighting.peer.ref if sighting.peer else None]
        names.append(f"@{sighting.username.lower()}" if sighting.username else None)
        found = [name for name in names if name is not None] or [f" {sighting.title}"]
        self.known.update(dict.fromkeys(found, sighting))
        return found[0]

    def named(self, chat: ChatSighting, provisional: str | None) -> str:
        """Return the name that a row calls its chat by. Raises BadInput."""
        if provisional is not None:
            if provisional not in self.known:
                raise BadInput("a chat such as x17 that no row before describes")
            return provisional
        return chat.peer.ref if chat.peer else f"@{(chat.username or '').lower()}"

    def group(self, name: str, chat: ChatSighting) -> _Group:
        if name not in self.groups:
            self.groups[name] = _Group()
            self.groups[name].sighting = self.known.get(name, chat)
        return self.groups[name]

    def flush(self) -> list[Batch]:
        """Return the waiting rows as batches; the last one's cursor stands behind them all."""
        ready = self.ready + self.build()
        self.ready, self.rows, self.held_bytes = [], 0, 0
        if ready:
            skipped = self.report.take_skipped()
            ready[0] = msgspec.structs.replace(ready[0], skipped=skipped)
            ready[-1] = msgspec.structs.replace(ready[-1], cursor=f"{self.end}@{self.stamp}")
            self.safe = self.end
        return ready

    def build(self) -> list[Batch]:
        blocks = tuple(self.blocks)
        groups = list(self.groups.values())
        bad_lines = self.report.skipped and (self.report.understood or self.safe)
        if not groups and (blocks or bad_lines):
            groups = [_Group()]  # of a chat that says nothing: only blocks, or only bad lines
        built: list[Batch] = []
        for group in groups:
            built.append(
                Batch(
                    chat=group.sighting,
                    observed_at=max([self.read_at, *(post.at for post in group.posts.values())]),
                    posts=tuple(group.posts[number] for number in sorted(group.posts)),
                    tombstones=tuple(group.tombstones),
                    blocks=() if built else blocks,
                    archived=group.archived,
                    cursor=f"{self.safe}@{self.stamp}" if self.safe else None,
                    read_bytes=self.read_bytes,
                )
            )
        self.groups, self.blocks = {}, []
        return built


def _stamp(origin: Path | BinaryIO) -> str:
    """Return what tells a file from another that takes its place."""
    try:
        status = origin.stat() if isinstance(origin, Path) else None
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}" if status is not None else ""


def _written_at(origin: Path | BinaryIO) -> datetime:
    try:
        status = origin.stat() if isinstance(origin, Path) else os.fstat(origin.fileno())
        return datetime.fromtimestamp(status.st_mtime, UTC)
    except (OSError, ValueError, OverflowError, AttributeError):
        return datetime.now(UTC)
