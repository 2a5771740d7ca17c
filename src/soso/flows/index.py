"""From the change log into the index; a change is acknowledged once the index has it for sure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import Final

from soso.model.errors import BadInput, IndexMismatch
from soso.model.ids import ChatKey, DocId, PostKey, doc_key, is_chat_doc
from soso.model.value import Value
from soso.model.visibility import is_listed
from soso.ports.engine import Engine, IndexWriter
from soso.ports.store import Store
from soso.schema.build import build_chat_document, build_document, is_indexed
from soso.schema.document import Document
from soso.text.analyzers import Analyzers

CONSUMER: Final = "index"
STEP: Final = 1_000
COMMIT_EVERY: Final = 20_000
"""A commit costs 15 to 60 ms, so a long import commits rarely; the rest follows at its end."""


class IndexReport(Value):
    """How many documents were put in and taken out, and what could not be indexed, and why."""

    indexed: int = 0
    removed: int = 0
    failed: tuple[str, ...] = ()


Told = Callable[[int, int], None]
"""Told how many documents are done and how many there are."""


class Builder:
    """Builds documents from the store; kept for a run so that chats are read once a step."""

    def __init__(self, store: Store, analyzers: Analyzers, zone: tzinfo) -> None:
        self.store = store
        self.analyzers = analyzers
        self.zone = zone

    def build(self, docs: Iterable[DocId]) -> tuple[list[Document], list[DocId]]:
        """Return the documents to put in and the ids of those to take out."""
        wanted = dict.fromkeys(docs)
        posts = [PostKey(doc_key(doc)) for doc in wanted if not is_chat_doc(doc)]
        stored = self.store.get_posts(posts)
        chat_keys = {ChatKey(doc_key(doc)) for doc in wanted if is_chat_doc(doc)}
        chats = self.store.get_chats([*chat_keys.union(post.chat for post in stored)])
        built: list[Document] = []
        for post in stored:
            chat = chats.get(post.chat)
            if chat is not None and is_indexed(post, chat):
                built.append(build_document(post, chat, self.analyzers, zone=self.zone))
        for key in chat_keys:
            chat = chats.get(key)
            if chat is not None and is_listed(chat):
                built.append(self.chat(chat.key))
        kept = {document.doc for document in built}
        return built, [doc for doc in wanted if doc not in kept]

    def chat(self, key: ChatKey) -> Document:
        """Return the document of a chat."""
        chat = self.store.get_chat(key)
        newest = self.store.list_posts(key, limit=1)
        return build_chat_document(
            chat,
            self.analyzers,
            zone=self.zone,
            posts=self.store.count_posts(key),
            last_post_at=newest[0].post.at if newest else None,
        )


def index_changes(
    store: Store, engine: Engine, builder: Builder, *, told: Told | None = None
) -> IndexReport:
    """Bring the index up to the store. Raises Busy if another process is writing, Unavailable.

    Nothing is acknowledged before the commit that holds it, so a crash repeats work and loses none.
    """
    lag = store.lag(CONSUMER)
    if lag == 0:
        return IndexReport()
    done = indexed = removed = 0
    failed: list[str] = []
    with engine.writer() as writer:
        waiting = 0
        place: int | None = None  # done, not committed yet
        while changes := store.changes(CONSUMER, after=place, limit=STEP):
            upserts, deletes = builder.build(change.doc for change in changes)
            bad = put(writer, upserts, deletes)
            failed += bad
            indexed += len(upserts) - len(bad)
            removed += len(deletes)
            done += len(changes)
            waiting += len(changes)
            place = changes[-1].seq
            if waiting >= COMMIT_EVERY or len(changes) < STEP:
                writer.commit()
                store.ack(CONSUMER, place)
                waiting, place = 0, None
            if told is not None:
                told(done, max(lag, done))
        if place is not None:  # the last step was a full one
            writer.commit()
            store.ack(CONSUMER, place)
    return IndexReport(indexed=indexed, removed=removed, failed=tuple(failed))


def catch_up(
    store: Store, engine: Engine, builder: Builder, *, told: Told | None = None
) -> IndexReport:
    """Index what waits, or everything where the index is empty, of another version or damaged.

    An empty index is built by reindex, which is faster: nothing in it must be replaced. It is empty
    at the first import, and when its folder was deleted though all changes were acknowledged.
    """
    status = engine.status()
    if status.stale or (status.documents == 0 and store.count_posts(listed=True) > 0):
        return reindex(store, engine, builder, told=told)
    try:
        return index_changes(store, engine, builder, told=told)
    except IndexMismatch:
        return reindex(store, engine, builder, told=told)


def reindex(
    store: Store, engine: Engine, builder: Builder, *, told: Told | None = None
) -> IndexReport:
    """Build the whole index anew beside the old one, which serves until the new one is ready.

    Raises Busy if another process is writing, Unavailable; then the old index stays.
    """
    place = store.last_seq()
    total = store.count_posts() + sum(store.count_chats().values())
    indexed = 0
    failed: list[str] = []
    with engine.rebuild() as writer:
        for docs in store.iter_docs():
            upserts, _ = builder.build(docs)
            bad = put(writer, upserts, ())
            failed += bad
            indexed += len(upserts) - len(bad)
            if told is not None:
                told(indexed, max(total, indexed))
        writer.commit()
    # What changed while this ran is done once more from here; nobody else could acknowledge it,
    # since the rebuild held the writer's lock.
    store.reset(CONSUMER, place)
    return IndexReport(indexed=indexed, failed=tuple(failed))


def put(
    writer: IndexWriter,
    upserts: Sequence[Document],
    deletes: Sequence[DocId],
    *,
    version: int = 0,
) -> list[str]:
    """Apply a step; if a document in it is bad, apply the others without it.

    version: how far the change log had come before the step was read.
    Returns what was wrong, a text a bad document; its old form leaves the index.
    """
    try:
        writer.apply(upserts, deletes, version=version)
        return []
    except BadInput:
        failed: list[str] = []
        bad: list[DocId] = []
        for document in upserts:
            try:
                writer.apply((document,), (), version=version)
            except BadInput as error:
                failed.append(str(error))
                bad.append(document.doc)
        writer.apply((), (*deletes, *bad), version=version)
        return failed
