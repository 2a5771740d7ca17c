"""The port engine over an index in a folder.

Knows which build serves, who may write it and whether it is ours; how a plan is answered, a batch
written and a folder kept stands in search, writer and folder.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import tantivy

from soso.engines.rules import check_clause, check_plan, is_encodable
from soso.engines.tantivy.compile import compile_unscored
from soso.engines.tantivy.explain import Explainer
from soso.engines.tantivy.failures import translated
from soso.engines.tantivy.folder import Build, Home, Label, measure
from soso.engines.tantivy.mapping import MAPPING_VERSION, build_schema
from soso.engines.tantivy.reader import Reader, View
from soso.engines.tantivy.search import Search
from soso.engines.tantivy.writer import TantivyWriter
from soso.model.errors import Busy, IndexMismatch, Unavailable
from soso.model.ids import DocId
from soso.ports.engine import EngineStatus, Explained, IndexWriter
from soso.query.clauses import AllOf, OneOf, Range
from soso.query.plan_types import Found, Plan
from soso.schema.fields import DOC, SCHEMA

_FIRST_WAIT_S: Final = 10.0
_RUN: Final = 10_000
"""How many ids are read from the index at once."""


class TantivyEngine:
    """An index in a folder, made there if the folder is new.

    fingerprint: of our schema and analyzers. An index built with another serves what it can, is
    stale, and can't be written to before a rebuild; so does one that is damaged, which serves
    nothing. heap_bytes: what a writer gathers in memory before it writes; its peak is about twice
    that, a rebuild's four times.
    Raises Unavailable if the folder can't be used; BadInput for what engines.rules refuses.
    """

    def __init__(self, folder: Path, *, fingerprint: str, heap_bytes: int = 64_000_000) -> None:
        facets = tuple(field.name for field in SCHEMA if field.facet)
        self._label = Label(fingerprint=fingerprint, mapping=MAPPING_VERSION, facets=facets)
        self._heap_bytes = heap_bytes
        self._home = Home(folder)
        self._reader = Reader(self._home)
        self._make_first()

    @property
    def builds(self) -> None:
        """One process writes; see the port."""
        return None

    def search(self, plan: Plan) -> Found:
        """Answer a plan; see the port. Ties by DOC are exact up to 20,000 documents of one score,
        facet counts up to 5,000 values."""
        check_plan(plan)
        view = self._reader.view()
        lacking = set(plan.facets).difference(view.build.label.facets)
        if lacking:  # Tantivy counts nothing in a field it does not have, and does not say so
            raise IndexMismatch(f"the index can't count {', '.join(sorted(lacking))}: reindex")
        with self._asking(view):
            return Search(plan, view.searcher, view.schema).answer()

    def explain(self, plan: Plan, doc: DocId) -> Explained | None:
        """Return why the document scores as it does; see the port."""
        check_plan(plan)
        view = self._reader.view()
        filters = tuple(filter_.clause for filter_ in plan.filters)
        tiers = {"full match": plan.full, "partial match": plan.partial}
        with self._asking(view):
            explainer = Explainer(view.searcher, view.schema, doc)
            for what, tier in tiers.items():
                if tier is None or explainer.find(AllOf(clauses=(tier, *filters))) is None:
                    continue
                part = explainer.explain(plan.score)
                parts = () if part is None else (part,)
                return Explained(what=what, value=sum(p.value for p in parts), parts=parts)
        return None

    def doc_freqs(self, field: str, terms: Sequence[str]) -> list[int]:
        """Return in how many documents each term stands; deleted ones count until a merge."""
        check_clause(OneOf(field=field, terms=tuple(terms)))
        view = self._reader.view()
        with self._asking(view):
            return [
                view.searcher.doc_freq(field, term) if is_encodable(term) else 0 for term in terms
            ]

    def status(self) -> EngineStatus:
        """Return the live index's size and label; a missing or damaged one is empty and stale."""
        try:
            view = self._reader.view()
        except Unavailable:
            return EngineStatus(documents=0, bytes=0, fingerprint="", stale=True)
        return EngineStatus(
            documents=view.searcher.num_docs,
            bytes=measure(view.build),
            fingerprint=view.build.label.fingerprint,
            stale=self._is_stale(view.build),
        )

    @contextmanager
    def writer(self) -> Iterator[IndexWriter]:
        """Take the writer's lock; what is not committed when the context ends is forgotten.

        Raises Busy at once if it is taken, IndexMismatch if the index is stale.
        """
        with self._home.locked():
            build = self._home.live()
            if build is None or self._is_stale(build):
                raise IndexMismatch("the index is damaged or of another version: reindex")
            self._home.sweep()
            with translated("opening the index"):
                index = tantivy.Index.open(str(build.path))
            writer = TantivyWriter(index, heap_bytes=self._heap_bytes)
            try:
                yield writer
                writer.finish()
            finally:
                writer.close()

    @contextmanager
    def rebuild(self) -> Iterator[IndexWriter]:
        """Give a writer of a new index; the context's end commits it and puts it in place."""
        with self._home.locked():
            self._home.sweep()
            build, index = self._new_build()
            writer = TantivyWriter(index, heap_bytes=self._heap_bytes, empty=True)
            try:
                yield writer
                writer.commit()
                writer.finish()
                self._home.make_live(build)
            finally:
                writer.close()
                self._home.sweep()

    def iter_doc_ids(self) -> Iterator[DocId]:
        """Yield all ids of the index as it is when the first is asked for, rising."""
        view = self._reader.view()
        low = 0
        while True:
            with self._asking(view):
                query = compile_unscored(Range(field=DOC, low=low), view.schema)
                hits = view.searcher.search(
                    query, limit=_RUN, count=False, order_by_field=DOC, order=tantivy.Order.Asc
                ).hits
            yield from (DocId(doc) for doc, _ in hits)
            if len(hits) < _RUN:
                return
            low = hits[-1][0] + 1

    def _is_stale(self, build: Build) -> bool:
        return build.label != self._label

    @contextmanager
    def _asking(self, view: View) -> Iterator[None]:
        with translated("searching the index", stale=self._is_stale(view.build)):
            yield

    def _new_build(self) -> tuple[Build, tantivy.Index]:
        build = self._home.add_build(self._label)
        with translated("making an index"):
            return build, tantivy.Index(build_schema(), path=str(build.path))

    def _make_first(self) -> None:
        """Make an empty index in a new folder, or wait a little for who is making it.

        A folder that has builds and names none is damaged: an empty index in their place would look
        whole, and what was acknowledged would never be found again.
        """
        deadline = monotonic() + _FIRST_WAIT_S
        while self._home.mark() is None:
            try:
                with self._home.locked():  # without it, another's half-made build looks like damage
                    if self._home.is_new():
                        build, _ = self._new_build()
                        self._home.make_live(build)
                return
            except Busy:
                if monotonic() > deadline:
                    return
                sleep(0.01)
