"""The doctor: is the index what the store says, is the store sound, are the pictures there?"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from soso.flows.export import iter_chats
from soso.flows.index import Builder, put
from soso.model.errors import Unavailable
from soso.model.ids import DocId
from soso.model.value import Value
from soso.ports.blobs import BlobStore
from soso.ports.engine import Engine
from soso.ports.store import Store


class Finding(Value):
    """Something wrong, and whether it was mended."""

    what: str
    mended: bool = False


class Examining(NamedTuple):
    """What the doctor needs."""

    store: Store
    engine: Engine
    blobs: BlobStore
    builder: Builder
    reindex: Callable[[], object]


def examine(needs: Examining, *, repair: bool) -> list[Finding]:
    """Return what is wrong, an empty list when all is well. Raises Busy, Unavailable.

    repair: put into the index what is missing there and take out what should not be.
    """
    findings = [Finding(what=f"store: {text}") for text in needs.store.check()]
    try:
        findings += _examine_index(needs, repair=repair)
        findings += _examine_pictures(needs)
    except Unavailable as error:
        if not findings:
            raise
        findings.append(Finding(what=f"the rest can't be examined: {error}"))
    return findings


def _examine_pictures(needs: Examining) -> list[Finding]:
    kept = {blob for blob, _ in needs.blobs.iter_sizes()}
    lost = _thumbnails(needs.store) - kept  # originals may have been evicted
    if not lost:
        return []
    what = f"pictures: {len(lost)} thumbnails are not in their folder; import their source again"
    return [Finding(what=what)]


def _examine_index(needs: Examining, *, repair: bool) -> list[Finding]:
    if needs.engine.status().stale:
        what = "index: missing, damaged or built by another version; run: soso reindex"
        if repair:
            needs.reindex()
        return [Finding(what=what, mended=repair)]
    seen = needs.store.last_seq()
    wanted: set[DocId] = set()
    for docs in needs.store.iter_docs():
        built, _ = needs.builder.build(docs)
        wanted.update(document.doc for document in built)
    there = set(needs.engine.iter_doc_ids())
    missing, surplus = wanted - there, there - wanted
    if not missing and not surplus:
        return []
    if repair:
        with needs.engine.writer() as writer:
            for docs in _runs(missing):
                version = needs.store.last_seq()  # before they are read
                built, gone = needs.builder.build(docs)
                put(writer, built, gone, version=version)
            put(writer, (), sorted(surplus), version=seen)
            writer.commit()
    texts = (
        (missing, "documents of the store are missing in the index"),
        (surplus, "documents in the index are not in the store"),
    )
    return [
        Finding(what=f"index: {len(docs)} {text}", mended=repair) for docs, text in texts if docs
    ]


def _runs(docs: Iterable[DocId], size: int = 1_000) -> Iterable[list[DocId]]:
    ordered = sorted(docs)
    return (ordered[at : at + size] for at in range(0, len(ordered), size))


def evict_pictures(store: Store, blobs: BlobStore, *, max_bytes: int) -> int:
    """Make room: forget originals, least recently read first; thumbnails stay.

    Returns how many bytes were freed.
    """
    sizes = list(blobs.iter_sizes())
    total = sum(size for _, size in sizes)
    if total <= max_bytes:
        return 0
    thumbs = _thumbnails(store)
    freed = 0
    for blob, size in sizes:
        if total - freed <= max_bytes:
            break
        if blob not in thumbs:
            blobs.delete(blob)
            freed += size
    return freed


def _thumbnails(store: Store) -> set[str]:
    found: set[str] = set()
    for chat in iter_chats(store):
        if chat.picture is not None:
            found.add(chat.picture.thumb)
        for stored in store.iter_posts(chat.key):
            found.update(one.picture.thumb for one in stored.post.media if one.picture)
    return found
