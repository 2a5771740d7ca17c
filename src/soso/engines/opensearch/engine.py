"""The port engine over a cluster.

Knows which build serves and whether it is ours; how a plan is answered, a batch written and builds
kept stands in search, writer and builds. Nothing is asked of the cluster before it is needed, so a
program whose cluster is down starts, and says so when it is asked.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final

from soso.engines.opensearch.builds import ClusterBuilds, Layout
from soso.engines.opensearch.client import Access, Cluster, waits
from soso.engines.opensearch.compile import Query, compile_clause, compile_unscored
from soso.engines.opensearch.explain import explain_plan
from soso.engines.opensearch.search import Answer, Search
from soso.engines.rules import check_clause, check_plan
from soso.model.errors import IndexMismatch, NotFound, Unavailable
from soso.model.ids import DocId
from soso.ports.engine import Builds, EngineStatus, Explained, IndexWriter
from soso.query.clauses import Clause, Everything, OneOf, Range, Term
from soso.query.plan_types import Found, Plan
from soso.schema.fields import DOC

_RUN: Final = 10_000
"""How many ids are read from the index at once."""

_AT_ONCE: Final = 100
"""How many terms are counted in one request."""


class OpenSearchEngine:
    """An index behind an alias, made there when it is first needed.

    An index of another schema or other analyzers serves what it can, is stale, and can't be written
    to before a rebuild. Raises BadInput for what engines.rules refuses.
    """

    def __init__(self, access: Access, layout: Layout) -> None:
        self._cluster = Cluster(access)
        self._layout = layout
        self._builds = ClusterBuilds(self._cluster, layout)

    @property
    def builds(self) -> Builds:
        """Whole indexes beside each other; see the port."""
        return self._builds

    def close(self) -> None:
        """Let go of the connections."""
        self._cluster.close()

    def search(self, plan: Plan) -> Found:
        """Answer a plan; see the port. Facet counts are exact up to 5,000 values a shard, and no
        answer has more than 100,000 hits."""
        check_plan(plan)
        self._check_fields(plan)
        return Search(plan, self._ask).answer()

    def explain(self, plan: Plan, doc: DocId) -> Explained | None:
        """Return why the document scores as it does; see the port."""
        check_plan(plan)
        return explain_plan(plan, doc, self._ask)

    def doc_freqs(self, field: str, terms: Sequence[str]) -> list[int]:
        """Return in how many documents each term stands."""
        check_clause(OneOf(field=field, terms=tuple(terms)))
        freqs: list[int] = []
        for start in range(0, len(terms), _AT_ONCE):
            asked = [Term(field=field, term=term) for term in terms[start : start + _AT_ONCE]]
            bodies = [_count(clause) for clause in asked]
            freqs += [found["hits"]["total"]["value"] for found in self._ask(bodies)]
        return freqs

    def status(self) -> EngineStatus:
        """Return the live index's size and label. Raises Unavailable."""
        build = self._builds.live()
        found = self._cluster.ask("GET", f"/{build}/_stats/store", doing="measuring the index")
        (counted,) = self._ask([_count(Everything())])
        return EngineStatus(
            documents=counted["hits"]["total"]["value"],
            bytes=found["_all"]["total"]["store"]["size_in_bytes"],
            fingerprint=str(self._builds.label().get("fingerprint", "")),
            stale=self._builds.is_stale(),
        )

    def writer(self) -> AbstractContextManager[IndexWriter]:
        """Write to the build that serves now; nobody is refused.

        Raises IndexMismatch if the index is stale.
        """
        return self._builds.writer(self._builds.live())

    @contextmanager
    def rebuild(self) -> Iterator[IndexWriter]:
        """Give a writer of a new build; the context's end commits it and lets it serve."""
        build = self._builds.begin()
        try:
            with self._builds.writer(build) as writer:
                yield writer
                writer.commit()
        except BaseException:
            with suppress(Unavailable):
                self._builds.drop(build)
            raise
        self._builds.finish(build)

    def iter_doc_ids(self) -> Iterator[DocId]:
        """Yield all documents' ids, rising; what is written meanwhile may be among them."""
        low = 0
        while True:
            body = {
                "query": compile_unscored([Range(field=DOC, low=low)]),
                "size": _RUN,
                "sort": [{DOC: {"order": "asc"}}],
                "track_total_hits": False,
            }
            (found,) = self._ask([body])
            docs = [DocId(row["sort"][0]) for row in found["hits"]["hits"]]
            yield from docs
            if len(docs) < _RUN:
                return
            low = docs[-1] + 1

    def _ask(self, bodies: Sequence[Query]) -> list[Answer]:
        """Search the live build; one that was swapped away in the middle is asked no more."""
        for wait_s in waits(3):
            try:
                return self._cluster.msearch(self._layout.name, bodies)
            except NotFound:
                if wait_s is None:
                    raise
                self._builds.live()
        raise AssertionError  # waits() ends with None

    def _check_fields(self, plan: Plan) -> None:
        """Refuse what an older index can't count: it finds nothing there and does not say so."""
        if not self._builds.is_stale():
            return
        lacking = set(plan.facets).difference(self._builds.label().get("fields", ()))
        if lacking:
            raise IndexMismatch(f"the index can't count {', '.join(sorted(lacking))}: reindex")


def _count(clause: Clause) -> Query:
    return {"size": 0, "query": compile_clause(clause), "track_total_hits": True}
