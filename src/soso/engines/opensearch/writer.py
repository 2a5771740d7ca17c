"""A writer of a build, beside others.

Knows bulk requests and versions; must not know builds or who may write. What was applied waits here
until the commit, so that it can be forgotten; beyond _MOST_WAITING_BYTES it is sent before, and
still nobody sees it until somebody commits.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from soso.engines.opensearch.client import RETRIED, Cluster, TooMuch, describe, waits
from soso.engines.rules import check_doc, check_document
from soso.model.errors import BadInput, NotFound, Unavailable
from soso.model.ids import DocId
from soso.model.value import Value
from soso.schema.document import Document
from soso.schema.fields import DOC

_BULK_BYTES: Final = 5_000_000
_BULK_LINES: Final = 2_000
_MOST_WAITING_BYTES: Final = 20_000_000
_MOST_HALVINGS: Final = 3  # a cluster that is too busy for an eighth is left alone for a while
_LARGEST_BYTES: Final = 50_000_000  # half of what a cluster takes that nobody told otherwise
_CONFLICT: Final = 409
_NOT_FOUND: Final = 404


class Change(Value):
    """What is to be done with a document, as the lines of a bulk request."""

    doc: DocId
    version: int
    lines: bytes


class ClusterWriter:
    """The port IndexWriter over an alias that leads to one build.

    After BadInput everything is as it was before the call; after Unavailable what was not committed
    is forgotten here. Some of it may be in the index, and be seen once anybody commits: it is what
    the store said then, and is passed over or replaced when it comes again with its version.
    """

    def __init__(self, cluster: Cluster, alias: str) -> None:
        self._cluster = cluster
        self._alias = alias
        self._waiting: dict[DocId, Change] = {}
        self._bytes = 0

    def apply(
        self, upserts: Sequence[Document], deletes: Sequence[DocId], *, version: int = 0
    ) -> None:
        """Put documents in and take documents out; one in both is taken out, of two the last stays.

        What was written with a higher version stays. Raises BadInput naming the document that can't
        be indexed, before anything is touched; Unavailable, NotFound if the build is there no more.
        """
        stamp = max(version, 1)  # 0 is no version there that a second write could equal
        changes = [_put(document, stamp) for document in upserts]
        changes += [_delete(check_doc(doc), stamp) for doc in deletes]
        for change in changes:
            if len(change.lines) > _LARGEST_BYTES:
                raise BadInput(f"document {change.doc} is larger than {_LARGEST_BYTES} bytes")
        self.take(changes)

    def take(self, changes: Sequence[Change]) -> None:
        """Let changes wait for the commit. Raises as apply."""
        with self._forgetting():
            for change in changes:
                self._add(change)
            if self._bytes >= _MOST_WAITING_BYTES:
                self._send()

    def commit(self) -> None:
        """Make what was applied lasting and visible."""
        with self._forgetting():
            self._send()
            found = self._cluster.ask("POST", f"/{self._alias}/_refresh", doing="committing")
            if found.get("_shards", {}).get("failed"):
                raise Unavailable("committing to the index failed: a part of it does not answer")

    def _add(self, change: Change) -> None:
        before = self._waiting.pop(change.doc, None)
        if before is not None:
            self._bytes -= len(before.lines)
            if before.version > change.version:
                change = before
        self._waiting[change.doc] = change
        self._bytes += len(change.lines)

    def _send(self) -> None:
        for chunk in _cut(list(self._waiting.values())):
            self._bulk(chunk)
        self._forget()

    def _bulk(self, changes: list[Change], halvings: int = _MOST_HALVINGS) -> None:
        """Send changes; in two parts where the cluster refuses so much at once."""
        try:
            self._send_together(changes)
        except TooMuch as error:
            may_pass_later = error.retry_after_s is not None
            if len(changes) == 1 and not may_pass_later:
                text = f"document {changes[0].doc} is more than the cluster takes in one request"
                raise Unavailable(f"{text} (http.max_content_length)") from error
            if len(changes) == 1 or (may_pass_later and not halvings):
                raise
            middle = len(changes) // 2
            for part in (changes[:middle], changes[middle:]):
                self._bulk(part, halvings - 1 if may_pass_later else halvings)

    def _send_together(self, changes: list[Change]) -> None:
        """Send changes, and those again that the cluster had no room for."""
        for wait_s in waits():
            said = b"".join(change.lines for change in changes)
            found = self._cluster.ask(
                "POST",
                f"/{self._alias}/_bulk",
                said,
                doing="writing to the index",
                require_alias="true",
                filter_path="items.*.status,items.*.error.type,items.*.error.reason",
            )
            changes = _left(changes, found.get("items", []))
            if not changes:
                return
            if wait_s is not None:
                self._cluster.rest(wait_s)
        raise Unavailable("the cluster takes no more at the moment", retry_after_s=10.0)

    def _forget(self) -> None:
        self._waiting.clear()
        self._bytes = 0

    @contextmanager
    def _forgetting(self) -> Iterator[None]:
        """Forget what waits after whatever ends the block, an interruption included."""
        try:
            yield
        except BaseException:
            self._forget()
            raise


def _put(document: Document, version: int) -> Change:
    body: dict[str, Any] = {DOC: document.doc}
    body |= check_document(document)  # terms joined by the space on which OpenSearch splits
    body |= document.numbers
    body |= {name: list(values) for name, values in document.keywords.items()}
    return make_change("index", document.doc, version, msgspec.json.encode(body) + b"\n")


def _delete(doc: DocId, version: int) -> Change:
    return make_change("delete", doc, version, b"")


def make_change(verb: str, doc: DocId, version: int, body: bytes) -> Change:
    """Return a change; verb: index, with a line of JSON, or delete, without."""
    head = {"_id": str(doc), "version": version, "version_type": "external_gte"}
    lines = msgspec.json.encode({verb: head}) + b"\n" + body
    return Change(doc=doc, version=version, lines=lines)


def _cut(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield runs of at most _BULK_LINES changes and, but for a single one, _BULK_BYTES bytes."""
    run: list[Change] = []
    size = 0
    for change in changes:
        if run and (len(run) == _BULK_LINES or size + len(change.lines) > _BULK_BYTES):
            yield run
            run, size = [], 0
        run.append(change)
        size += len(change.lines)
    if run:
        yield run


def _left(changes: Sequence[Change], items: Sequence[dict[str, Any]]) -> list[Change]:
    """Return the changes to send again. Raises for those that no second try would help."""
    if len(items) != len(changes):
        raise Unavailable(f"the cluster answered {len(items)} of {len(changes)} changes")
    left = []
    for change, item in zip(changes, items, strict=True):
        outcome = next(iter(item.values()))
        status, fault = outcome.get("status"), outcome.get("error")
        if fault is None or status == _CONFLICT:  # what a later version wrote stays
            continue
        if status in RETRIED:
            left.append(change)
            continue
        kind, reason = describe(fault)
        if status == _NOT_FOUND:
            raise NotFound(f"the index that was written to is gone: {reason}")
        # No BadInput: others were applied before it, and are not forgotten for its sake unsaid.
        raise Unavailable(f"writing document {change.doc} failed ({status}, {kind}): {reason}")
    return left
