"""From a source into the store: pull, identify, keep pictures, apply, report."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from soso.flows.fetch_pictures import queue_pictures
from soso.flows.identify import Identifier, follow_merges
from soso.flows.keep_media import Kept, MediaSource, keep_media
from soso.flows.take_down import hide_blocked
from soso.model.batch import Applied, Batch, Block
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.errors import NotFound, SosoError
from soso.model.value import Value
from soso.ports.clock import Clock
from soso.ports.desk import Decision, RemovalRequest
from soso.ports.journal import ImportReport
from soso.ports.pictures import Pictures
from soso.ports.source import Source
from soso.ports.store import Store

Desk = Callable[[], Iterator[RemovalRequest | Decision]]
DESK_ROWS: Final = 1000


_TOLD_CHATS: Final = 5


class Progress(Value):
    """How far an import is; total_bytes None where the source can't tell."""

    source: str
    read_bytes: int
    total_bytes: int | None
    posts: int


class Ingestion(NamedTuple):
    """What an import needs; told is called after each batch."""

    store: Store
    pictures: Pictures
    clock: Clock
    max_picture_bytes: int
    told: Callable[[Progress], None]


def ingest(
    source: Source,
    needs: Ingestion,
    *,
    form: str,
    chat: str | None = None,
    desk: Desk | None = None,
) -> ImportReport:
    """Import a source to its end, going on where an interrupted import of it stopped.

    form: what kind of source it is, for the report. chat: what --chat says.
    desk: reads the requests and decisions of a dump; those that are here already are left.
    A KeyboardInterrupt ends it after the batch at hand was written or left out whole; the report
    then says interrupted. Bad input is told in the report, not raised. Raises Unavailable.
    """
    run = _Run(source, needs, form, chat)
    try:
        for batch in source.pull(needs.store.find_cursor(source.name)):
            run.take(batch)
        run.join_chats()
        run.tell_private()
        if desk is not None:
            rows = desk()
            while some := list(islice(rows, DESK_ROWS)):
                needs.store.restore_desk(some)
        needs.store.keep_cursor(source.name, None)
    except KeyboardInterrupt:
        run.state = "interrupted"
    except SosoError as error:
        run.state, run.error = "failed", str(error)
    report = run.report()
    needs.store.add_report(report)
    return report


class Taken(NamedTuple):
    """What became of a batch."""

    chat: Chat
    kept: Kept
    applied: Applied


def take_batch(
    batch: Batch,
    identifier: Identifier,
    media: MediaSource,
    needs: Ingestion,
    *,
    name: str,
    live: bool = False,
) -> Taken:
    """Write a batch that says something: the one way in, of files and of live sources.

    name: of the source. live: pictures are fetched, and asked for again if that fails.
    """
    store, now = needs.store, needs.clock.now()
    if batch.observed_at > now:  # a page or file that claims to come from the future
        batch = msgspec.structs.replace(batch, observed_at=now)
    chat = identifier.identify(batch)
    kept = keep_media(
        batch,
        media,
        needs.pictures,
        store.find_posts(chat.key, [post.id for post in batch.posts if post.media]),
        max_bytes=needs.max_picture_bytes,
        live=chat if live else None,
    )
    if kept.batch.chat.picture is not None:
        store.update_chat(chat.key, kept.batch.chat, batch.observed_at)
    applied = store.apply(chat.key, kept.batch, source=name, at=now)
    queue_pictures(store, chat.key, kept, now)
    return Taken(chat, kept, applied)


class _Run:
    def __init__(self, source: Source, needs: Ingestion, form: str, chat: str | None) -> None:
        self.source = source
        self.needs = needs
        self.form = form
        self.identifier = Identifier(needs.store, source.name, told=chat)
        self.started_at = needs.clock.now()
        self.state = "done"
        self.error: str | None = None
        self.counts: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.notices: dict[str, None] = {}
        self.chats: dict[str, None] = {}
        self.pictures = 0

    def take(self, batch: Batch) -> None:
        """Write one batch and count what came of it."""
        store = self.needs.store
        self.skipped.update(batch.skipped)
        self.notices.update(dict.fromkeys(batch.notices))
        if batch.partial:
            self.state = "partial"
        self.hide(batch.blocks)
        if says_something(batch):
            taken = take_batch(
                batch, self.identifier, self.source, self.needs, name=self.source.name
            )
            self.chats[taken.chat.ref] = None
            self.pictures += taken.kept.pictures
            self.skipped.update(taken.kept.skipped)
            self.counts.update(msgspec.structs.asdict(taken.applied))
        else:
            for block in batch.blocks:
                store.add_block(block)
        self.needs.told(
            Progress(
                source=self.source.name,
                read_bytes=batch.read_bytes,
                total_bytes=self.source.total_bytes,
                posts=sum(self.counts.values()),
            )
        )

    def hide(self, blocks: tuple[Block, ...]) -> None:
        """Hide what is here of what new blocks name; before they are kept, so that an import that
        was cut off does it again. One that is here already hid it then, or was overruled since."""
        known = {_named(block) for block in self.needs.store.list_blocks()} if blocks else set()
        for block in blocks:
            if _named(block) not in known:
                with suppress(NotFound):  # it names nothing that is here
                    hide_blocked(block, self.needs.store)

    def join_chats(self) -> None:
        """At the end, join chats that prove to be the same, and say so."""
        for goes, stays in self.identifier.join_same(self.needs.clock.now()):
            self.chats = {ref: None for ref in self.chats if ref != goes.ref} | {stays.ref: None}
            self.notices[
                f"{goes.ref} was joined into {stays.ref}: their title and posts are the same"
            ] = None

    def tell_private(self) -> None:
        """Say how to open the chats, if nothing of what came in can be seen by anyone."""
        store = self.needs.store
        keys = dict.fromkeys(key for key, _ in self.identifier.known.values())
        chats = [follow_merges(store, store.get_chat(key)) for key in keys]
        if all(_is_undecided(chat) for chat in chats):
            for ref in list(dict.fromkeys(chat.ref for chat in chats))[:_TOLD_CHATS]:
                self.notices[
                    f"the chat is private until its visibility is set: "
                    f"soso admin chat {ref} --visibility public"
                ] = None

    def report(self) -> ImportReport:
        return ImportReport(
            source=self.source.name,
            form=self.form,
            state=self.state,
            started_at=self.started_at,
            finished_at=self.needs.clock.now(),
            chats=tuple(self.chats),
            applied=Applied(**self.counts),
            skipped=dict(self.skipped),
            notices=tuple(self.notices),
            pictures=self.pictures,
            error=self.error,
        )


def _named(block: Block) -> tuple[object, ...]:
    chat, word = (block.chat or "").strip().casefold(), (block.word or "").strip().casefold()
    return chat, block.post_id, block.author, word


def _is_undecided(chat: Chat) -> bool:
    is_private = chat.visibility is Visibility.PRIVATE and not chat.visibility_fixed
    return is_private and chat.kind is ChatKind.UNKNOWN


def says_something(batch: Batch) -> bool:
    """Whether a batch names a chat or tells of posts."""
    chat = batch.chat
    return bool(batch.posts or batch.tombstones) or any((chat.peer, chat.username, chat.title))
