"""From the change log into vectors, behind the index, which never waits for this.

Vectors are rows in the store, so they outlive any index; a row says what text it was made from, so
what did not change is not made again. Documents without a row (older than the model) come when
nothing new waits, the last ones first.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from soso.model.errors import BadInput, Unavailable
from soso.model.ids import ChatKey, DocId, PostKey, chat_doc, doc_key, is_chat_doc, post_doc
from soso.model.value import Value
from soso.model.visibility import is_listed
from soso.ports.embedder import Embedder
from soso.ports.nearest import Nearest, SharedNearest
from soso.ports.store import Store
from soso.ports.vectors import DocVectors
from soso.schema.build import is_indexed, read_chat, read_post
from soso.similarity.vectors import pack_vectors
from soso.text.alike import write_alike

STEP: Final = 64
"""Documents at a time: a second's work or less, so that a stop is quick and little is repeated."""

LOADED_AT_ONCE: Final = 2_000
_NOTHING: Final = b""


class EmbedReport(Value):
    """What a step did: documents embedded, found unchanged or without text, and refused, and why.

    last: the document up to which the backlog was looked through, where it was.
    """

    embedded: int = 0
    passed: int = 0
    failed: tuple[str, ...] = ()
    last: DocId | None = None

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not self.embedded and not self.passed


def consumer_named(model: str) -> str:
    """Return the name under which the change log knows a model."""
    return f"embed {model}"


def embed_step(
    store: Store, embedder: Embedder, *, backlog: bool = True, after: DocId | None = None
) -> EmbedReport:
    """Do what waits, at most STEP documents: changes first, then what has no row yet.

    backlog: whether documents without a row may be left. after: where the step before stopped
    looking for them, so that not all rows are looked at each time. Raises Unavailable; then nothing
    is acknowledged and the step is to be tried again.
    """
    consumer = consumer_named(embedder.name)
    changes = store.changes(consumer, limit=STEP)
    if changes:
        report = _embed(store, embedder, [change.doc for change in changes])
        store.ack(consumer, changes[-1].seq)
        return report
    docs = store.list_unembedded(embedder.name, after=after, limit=STEP) if backlog else []
    if not docs:
        return EmbedReport()
    return msgspec.structs.replace(_embed(store, embedder, docs), last=docs[-1])


def load_vectors(store: Store, nearest: Nearest, model: str, *, after: int) -> int:
    """Bring the table up to the store; return the seq it has come to. Raises Unavailable."""
    while rows := store.list_vectors(model, after=after, limit=LOADED_AT_ONCE):
        nearest.apply(rows)
        after = rows[-1].seq
    return after


def fill_shared(store: Store, nearest: SharedNearest, model: str) -> None:
    """Bring the table of all processes up to the store, from where the last one to do so came to.

    Two at once do no harm. Raises Unavailable, BadInput; what was applied by then is not repeated.
    """
    after = nearest.place()
    while rows := store.list_vectors(model, after=after, limit=LOADED_AT_ONCE):
        nearest.apply(rows)
        after = rows[-1].seq
        nearest.keep_place(after)


def _embed(store: Store, embedder: Embedder, docs: Sequence[DocId]) -> EmbedReport:
    texts = _read(store, docs)
    known = store.find_marks(embedder.name, docs)
    fresh = {
        doc: text for doc in dict.fromkeys(docs) if known.get(doc) != _mark(text := texts.get(doc))
    }
    rows, failed = _rows(embedder, fresh)
    store.put_vectors(embedder.name, rows)
    embedded = sum(bool(row.packed) for row in rows)
    return EmbedReport(embedded=embedded, passed=len(docs) - embedded, failed=tuple(failed))


def _read(store: Store, docs: Iterable[DocId]) -> dict[DocId, str]:
    """Return what there is to read of the documents that may be found."""
    wanted = dict.fromkeys(docs)
    stored = store.get_posts([PostKey(doc_key(doc)) for doc in wanted if not is_chat_doc(doc)])
    keys = {ChatKey(doc_key(doc)) for doc in wanted if is_chat_doc(doc)}
    chats = store.get_chats([*keys.union(post.chat for post in stored)])
    texts = {
        chat_doc(key): read_chat(chats[key]) for key in keys & chats.keys() if is_listed(chats[key])
    }
    for post in stored:
        if post.chat in chats and is_indexed(post, chats[post.chat]):
            texts[post_doc(post.key)] = read_post(post)
    return texts


def _rows(embedder: Embedder, texts: dict[DocId, str | None]) -> tuple[list[DocVectors], list[str]]:
    """Embed texts; one that is refused gets an empty row, and does not stop the others."""
    passages = {doc: embedder.passages(text) if text else [] for doc, text in texts.items()}
    failed: list[str] = []
    try:
        packed = _packed(embedder, passages)
    except BadInput:
        _check_settings(embedder)
        packed = {}
        for doc, cut in passages.items():
            try:
                packed |= _packed(embedder, {doc: cut})
            except BadInput as error:
                failed.append(f"document {doc}: {error}")
                packed[doc] = _NOTHING
    return [
        DocVectors(doc=doc, mark=_mark(text), packed=packed[doc]) for doc, text in texts.items()
    ], failed


def _check_settings(embedder: Embedder) -> None:
    """A wrong key, address or model refuses every text: then the posts are not to blame."""
    try:
        pack_vectors(embedder.embed_posts(["Soso"]))
    except BadInput as error:
        raise Unavailable(f"the embedder takes nothing as it is set: {error}") from error


def _packed(embedder: Embedder, passages: dict[DocId, list[str]]) -> dict[DocId, bytes]:
    every = [passage for cut in passages.values() for passage in cut]
    if not every:
        return dict.fromkeys(passages, _NOTHING)
    vectors = pack_vectors(embedder.embed_posts([write_alike(text) for text in every]))
    found: dict[DocId, bytes] = {}
    start = 0
    for doc, cut in passages.items():
        found[doc] = vectors[start : start + len(cut)].tobytes()
        start += len(cut)
    return found


def _mark(text: str | None) -> bytes:
    if not text:
        return _NOTHING
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
