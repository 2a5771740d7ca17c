"""The port engine over a dictionary.

Knows plans, commits and who may write; what a clause means stands in match. Must not know a disk or
another process. Every search reads all that the last commit left, so it is for tests and small
archives.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock

from soso.engines.memory.match import Entry, build_entry, explain, matches
from soso.engines.rules import (
    SORT_FIELD,
    check_clause,
    check_doc,
    check_document,
    check_plan,
    cut_facet,
)
from soso.model.errors import Busy
from soso.model.ids import DocId
from soso.ports.engine import EngineStatus, Explained, IndexWriter
from soso.query.clauses import AllOf, Clause, Not, Term
from soso.query.plan_types import Found, Hit, Plan, Sort
from soso.schema.document import Document
from soso.schema.fields import AT, AUDIENCE

Entries = Mapping[DocId, Entry]


class MemoryEngine:
    """An index that is gone with the process; threads read what the last commit left.

    Raises BadInput for plans and documents that engines.rules refuses.
    """

    def __init__(self, *, fingerprint: str = "memory") -> None:
        self._fingerprint = fingerprint
        self._entries: Entries = {}  # never changed, only replaced
        self._writing = Lock()

    @property
    def builds(self) -> None:
        """One process writes; see the port."""
        return None

    def search(self, plan: Plan) -> Found:
        """Answer a plan; see the port. Without plan.count, total is the number of hits counted."""
        check_plan(plan)
        entries = self._entries.values()
        filters = tuple(filter_.clause for filter_ in plan.filters)
        counted, is_full = _select((plan.full, *filters), entries), True
        tier = plan.full
        if not counted and plan.partial is not None:
            tier, is_full = plan.partial, False
            counted = _select((plan.partial, *filters), entries)
        hits = _order(plan, counted, full=is_full)
        if plan.sort is Sort.RELEVANCE and is_full and plan.partial is not None:
            others = _select((plan.partial, Not(clause=plan.full), *filters), entries)
            hits += _order(plan, others, full=False)
        hits = hits[: max(plan.limit, 0)]
        shown = sum(hit.full is is_full for hit in hits)
        return Found(
            total=len(counted) if plan.count else shown,
            full=is_full,
            hits=tuple(hits),
            facets={name: _count_facet(name, plan, tier, entries) for name in plan.facets},
        )

    def explain(self, plan: Plan, doc: DocId) -> Explained | None:
        """Return the weights that matched; see the port."""
        check_plan(plan)
        entry = self._entries.get(doc)
        if entry is None or not all(matches(filter_.clause, entry) for filter_ in plan.filters):
            return None
        is_full = matches(plan.full, entry)
        if not is_full and (plan.partial is None or not matches(plan.partial, entry)):
            return None
        score = explain(plan.score, entry)
        what = "full match" if is_full else "partial match"
        parts = () if score is None else (score,)
        return Explained(what=what, value=sum(part.value for part in parts), parts=parts)

    def doc_freqs(self, field: str, terms: Sequence[str]) -> list[int]:
        """Return in how many documents each term stands."""
        entries = self._entries.values()
        clauses = [Term(field=field, term=term) for term in terms]
        for clause in clauses:
            check_clause(clause)
        return [len(_select((clause,), entries)) for clause in clauses]

    def status(self) -> EngineStatus:
        """Return what the index holds; bytes are those of its terms alone."""
        entries = self._entries.values()
        texts = (term for entry in entries for terms in entry.texts.values() for term in terms)
        return EngineStatus(
            documents=len(entries),
            bytes=sum(len(term.encode()) for term in texts),
            fingerprint=self._fingerprint,
            stale=False,
        )

    @contextmanager
    def writer(self) -> Iterator[IndexWriter]:
        """Take the writer's lock; what is not committed when the context ends is forgotten."""
        with self._alone():
            yield _MemoryWriter(self, self._entries)

    @contextmanager
    def rebuild(self) -> Iterator[IndexWriter]:
        """Give a writer of a new index; the context's end commits it and puts it in place."""
        with self._alone():
            build = MemoryEngine()
            writer = _MemoryWriter(build, {})
            yield writer
            writer.commit()
            self._entries = build._entries

    def iter_doc_ids(self) -> Iterator[DocId]:
        """Yield all documents' ids, rising."""
        yield from sorted(self._entries)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._writing.acquire(blocking=False):
            raise Busy("another writer is at work on the index")
        try:
            yield
        finally:
            self._writing.release()


class _MemoryWriter:
    """Collects changes beside what readers see, and shows them at once."""

    def __init__(self, engine: MemoryEngine, entries: Entries) -> None:
        self._engine = engine
        self._staged = dict(entries)

    def apply(
        self, upserts: Sequence[Document], deletes: Sequence[DocId], *, version: int = 0
    ) -> None:
        """Stage changes; a document in both is deleted. After BadInput all is as it was."""
        for document in upserts:
            check_document(document)
        gone = [check_doc(doc) for doc in deletes]
        self._staged.update((document.doc, build_entry(document)) for document in upserts)
        for doc in gone:
            self._staged.pop(doc, None)

    def commit(self) -> None:
        """Show what was staged."""
        self._engine._entries = dict(self._staged)


def _select(clauses: tuple[Clause, ...], entries: Iterable[Entry]) -> list[Entry]:
    every = AllOf(clauses=clauses)
    return [entry for entry in entries if matches(every, entry)]


def _order(plan: Plan, entries: Iterable[Entry], *, full: bool) -> list[Hit]:
    """Return the hits in the plan's order, behind plan.after."""
    hits = [_hit(plan, entry, full=full) for entry in entries]
    if plan.sort is Sort.RELEVANCE:
        return sorted(hits, key=lambda hit: (-hit.score, -hit.doc))
    falling = plan.sort is not Sort.OLDEST
    hits.sort(key=lambda hit: (hit.order, hit.doc), reverse=falling)
    if plan.after is None:
        return hits
    after = plan.after
    return [
        hit
        for hit in hits
        if ((hit.order, hit.doc) < after if falling else (hit.order, hit.doc) > after)
    ]


def _hit(plan: Plan, entry: Entry, *, full: bool) -> Hit:
    score = explain(plan.score, entry) if plan.sort is Sort.RELEVANCE else None
    return Hit(
        doc=entry.doc,
        score=0.0 if score is None else score.value,
        full=full,
        order=entry.numbers.get(SORT_FIELD[plan.sort], 0),
        at_s=entry.numbers.get(AT, 0),
        audience=entry.numbers.get(AUDIENCE, 0),
    )


def _count_facet(
    name: str, plan: Plan, tier: Clause, entries: Iterable[Entry]
) -> tuple[tuple[str, int], ...]:
    others = tuple(filter_.clause for filter_ in plan.filters if filter_.field != name)
    counted = _select((tier, *others), entries)
    return cut_facet(name, Counter(v for e in counted for v in set(e.texts.get(name, ()))))
