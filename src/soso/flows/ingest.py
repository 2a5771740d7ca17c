"""From a source into the store: pull, identify, keep pictures, apply, report."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from soso.flows.identify import Identifier
from soso.flows.keep_media import keep_media
from soso.model.batch import Applied, Batch
from soso.model.errors import SosoError
from soso.model.value import Value
from soso.ports.clock import Clock
from soso.ports.journal import ImportReport
from soso.ports.pictures import Pictures
from soso.ports.source import Source
from soso.ports.store import Store


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


def ingest(source: Source, needs: Ingestion, *, form: str, chat: str | None = None) -> ImportReport:
    """Import a source to its end, going on where an interrupted import of it stopped.

    form: what kind of source it is, for the report. chat: what --chat says.
    A KeyboardInterrupt ends it after the batch at hand was written or left out whole; the report
    then says interrupted. Bad input is told in the report, not raised. Raises Unavailable.
    """
    run = _Run(source, needs, form, chat)
    try:
        for batch in source.pull(needs.store.find_cursor(source.name)):
            run.take(batch)
        run.join_chats()
        needs.store.keep_cursor(source.name, None)
    except KeyboardInterrupt:
        run.state = "interrupted"
    except SosoError as error:
        run.state, run.error = "failed", str(error)
    report = run.report()
    needs.store.add_report(report)
    return report


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
        store, now = self.needs.store, self.needs.clock.now()
        if batch.observed_at > now:  # a page or file that claims to come from the future
            batch = msgspec.structs.replace(batch, observed_at=now)
        self.skipped.update(batch.skipped)
        self.notices.update(dict.fromkeys(batch.notices))
        if batch.partial:
            self.state = "partial"
        if _says_something(batch):
            chat = self.identifier.identify(batch)
            self.chats[chat.ref] = None
            with_media = [post.id for post in batch.posts if post.media]
            kept = keep_media(
                batch,
                self.source,
                self.needs.pictures,
                store.find_posts(chat.key, with_media),
                max_bytes=self.needs.max_picture_bytes,
            )
            self.pictures += kept.pictures
            self.skipped.update(kept.skipped)
            if kept.batch.chat.picture is not None:
                store.update_chat(chat.key, kept.batch.chat, batch.observed_at)
            applied = store.apply(chat.key, kept.batch, source=self.source.name, at=now)
            self.counts.update(msgspec.structs.asdict(applied))
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

    def join_chats(self) -> None:
        """At the end, join chats that prove to be the same, and say so."""
        for goes, stays in self.identifier.join_same(self.needs.clock.now()):
            self.chats = {ref: None for ref in self.chats if ref != goes.ref} | {stays.ref: None}
            self.notices[
                f"{goes.ref} was joined into {stays.ref}: their title and posts are the same"
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


def _says_something(batch: Batch) -> bool:
    chat = batch.chat
    return bool(batch.posts or batch.tombstones) or any((chat.peer, chat.username, chat.title))
