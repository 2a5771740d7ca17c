"""The port nearest over a cluster whose nodes have the k-NN plugin.

Knows what is asked of the plugin and what its answers are worth; the shape of the index stands in
nearest_mapping. The graph chooses documents, approximately; their cosines are then worked out here
from the packed vectors, by the same sums as in memory, so a score means the same on both.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from soso.engines.by_document import by_document
from soso.engines.opensearch import nearest_mapping as at
from soso.engines.opensearch.builds import Layout, writes
from soso.engines.opensearch.client import Access, AlreadyThere, Cluster
from soso.engines.opensearch.mapping import MOST_TERMS
from soso.engines.opensearch.writer import Change, ClusterWriter, make_change
from soso.model.errors import BadInput, NotFound, Unavailable
from soso.model.ids import DocId
from soso.ports.embedder import Vectors
from soso.ports.nearest import Near, Nearby
from soso.ports.vectors import DocVectors
from soso.similarity.vectors import Packed, inverse_lengths, pack_vectors, products, read_packed

NO_PLUGIN: Final = (
    "the OpenSearch cluster has no k-NN plugin, so searches go by words alone: install opensearch-knn"
    " on all its nodes, or set embedder to none"
)

_CLASS: Final = "org.opensearch.knn."
_TRIES: Final = 3  # somebody is waiting for the answer
_SEEN: Final = 100
"""So many documents are gathered from each part of the graph, at least: fewer find the wrong ones."""

_LOOKED_UP: Final = 500
"""Up to so many documents are compared one by one, without the graph."""

_SAMPLE: Final = 2_000
"""Of so many documents all passages tell mean and spread."""

_SAMPLE_KEPT_S: Final = 600.0
_COUNT_KEPT_S: Final = 30.0
_EMPTY_KEPT_S: Final = 2.0  # an empty index is soon filled


class _Counted(NamedTuple):
    """How much there is, believed until a time of the monotonic clock."""

    until: float
    docs: int
    passages: int


class _Sample(NamedTuple):
    """Passages of documents taken by chance. of: of how many there were."""

    until: float
    of: int
    packed: Packed
    inverse: Vectors


class ClusterNearest:
    """The port SharedNearest over one index. Approximate: docs/guide/settings.md says how much.

    mean and spread are of a sample that is renewed every ten minutes, or when a tenth more is there;
    the number of passages is as of half a minute ago, unless it was this process that wrote.
    """

    def __init__(self, cluster: Cluster, layout: Layout, model: str, dimension: int) -> None:
        self._cluster = cluster
        self._layout = layout
        self._dimension = dimension
        self._index = at.name_index(layout.name, model, dimension)
        self._lock = Lock()  # of the two that follow
        self._counted: _Counted | None = None
        self._sampled: _Sample | None = None

    def __len__(self) -> int:
        """Return how many passages there are; the last number known while the cluster is away."""
        with self._lock:
            return self._count().passages

    def place(self) -> int:
        """Return how far it has come; makes the index if there is none. Raises Unavailable."""
        doing = "asking how far the vectors are"
        with suppress(NotFound):
            found = self._cluster.ask("GET", f"/{self._index}/_doc/{at.PLACE}", doing=doing)
            return int(found["_source"][at.PLACE])
        self._make()
        return 0

    def keep_place(self, seq: int) -> None:
        """Keep how far it has come."""
        try:
            self._cluster.ask(
                "PUT",
                f"/{writes(self._index)}/_doc/{at.PLACE}",
                {at.PLACE: seq},
                doing="keeping how far the vectors are",
                require_alias="true",
            )
        except NotFound as error:
            raise Unavailable(f"the index of vectors is gone: {error}") from error

    def apply(self, rows: Sequence[DocVectors]) -> None:
        """Take in rows, at once for each document; all can be found when this returns."""
        latest = {row.doc: row for row in rows}
        changes = [self._change(row) for row in latest.values()]
        writer = ClusterWriter(self._cluster, writes(self._index))
        try:
            writer.take(changes)
            writer.commit()
        except NotFound as error:
            raise Unavailable(f"the index of vectors is gone: {error}") from error
        with self._lock:
            self._counted = None

    def find(self, query: Vectors, *, limit: int, among: Sequence[DocId] | None = None) -> Nearby:
        """Return the nearest documents, at most 10,000 where all are looked at."""
        if query.shape != (self._dimension,):
            raise BadInput(f"a query of {query.size} numbers does not fit {self._dimension}")
        asked = pack_vectors(query[None, :].astype(np.float32))
        if limit < 1:
            return Nearby(found=())
        if among is not None:
            return Nearby(found=self._find_among(asked, limit, sorted(set(among))))
        found = self._judge(asked, self._search(_nearest(asked, limit)), limit)
        if not found:
            return Nearby(found=())
        with self._lock:
            sample = self._sample()
        cosines = products(asked, sample.packed) * sample.inverse * inverse_lengths(asked)[0]
        return Nearby(found=found, mean=float(cosines.mean()), spread=float(cosines.std()))

    def _find_among(self, asked: Packed, limit: int, docs: list[DocId]) -> tuple[Near, ...]:
        found: list[Near] = []
        if len(docs) <= _LOOKED_UP or limit >= min(len(docs), at.MOST_FOUND):
            for run in _runs(docs, _LOOKED_UP):
                these = {"size": len(run), "query": _one_of(run), "sort": ["_doc"]}
                found += self._judge(asked, self._search(these), limit)
        else:
            for run in _runs(docs, MOST_TERMS):
                body = _nearest(asked, limit, _one_of(run))
                found += self._judge(asked, self._search(body), limit)
        return tuple(sorted(found, key=lambda near: (-near.cosine, near.doc))[:limit])

    def _judge(self, asked: Packed, hits: list[dict[str, Any]], limit: int) -> tuple[Near, ...]:
        """Return hits by their true cosines."""
        rows = [(hit["_source"][at.DOC], self._unpack(hit)) for hit in hits]
        rows = [(doc, packed) for doc, packed in rows if len(packed)]
        if not rows:
            return ()
        packed = np.concatenate([packed for _, packed in rows])
        docs = np.repeat(np.array([doc for doc, _ in rows], np.int64), [len(p) for _, p in rows])
        places = np.concatenate([np.arange(len(packed), dtype=np.int16) for _, packed in rows])
        cosines = products(asked, packed) * inverse_lengths(packed) * inverse_lengths(asked)[0]
        return by_document(docs, cosines, places, limit)

    def _count(self) -> _Counted:
        known = self._counted
        if known is not None and known.until > monotonic():
            return known
        body = {
            "size": 0,
            "query": _FULL,
            "track_total_hits": True,
            "aggs": {"passages": {"sum": {"field": at.COUNT}}},
        }
        try:
            found = self._ask(body)
        except Unavailable:
            if known is None:
                raise
            return known
        docs = passages = 0
        if found is not None:
            docs = found["hits"]["total"]["value"]
            passages = int(found["aggregations"]["passages"]["value"])
        until = monotonic() + (_COUNT_KEPT_S if passages else _EMPTY_KEPT_S)
        self._counted = _Counted(until, docs, passages)
        return self._counted

    def _sample(self) -> _Sample:
        counted, known = self._count(), self._sampled
        if (
            known is not None
            and known.until > monotonic()
            and abs(counted.passages - known.of) <= known.of // 10
        ):
            return known
        least = min(at.CHANCES, at.CHANCES * _SAMPLE // max(counted.docs, 1))
        chosen = {"bool": {"filter": [_FULL, {"range": {at.CHANCE: {"lt": least}}}]}}
        hits = self._search({"size": 2 * _SAMPLE, "query": chosen, "sort": ["_doc"]})
        parts = [np.empty((0, self._dimension), np.int8), *map(self._unpack, hits)]
        packed = np.concatenate(parts)
        if not len(packed):  # hardly any: whatever was found is too little to tell
            packed = np.zeros((1, self._dimension), np.int8)
        until = monotonic() + _SAMPLE_KEPT_S
        self._sampled = _Sample(until, counted.passages, packed, inverse_lengths(packed))
        return self._sampled

    def _change(self, row: DocVectors) -> Change:
        packed = read_packed(row.packed, dimension=self._dimension)
        body: dict[str, Any] = {
            at.DOC: row.doc,
            at.CHANCE: at.spread(row.doc),
            at.COUNT: len(packed),
            at.PACKED: base64.b64encode(row.packed).decode(),
            # A vector of zeros has no direction; the plugin refuses it.
            at.PASSAGES: [{at.VECTOR: one.tolist()} for one in packed if one.any()],
        }
        # One without passages stays as a mark, so that nothing older comes back in its place.
        return make_change("index", row.doc, max(row.seq, 1), msgspec.json.encode(body) + b"\n")

    def _unpack(self, hit: dict[str, Any]) -> Packed:
        raw = base64.b64decode(hit["_source"][at.PACKED])
        return read_packed(raw, dimension=self._dimension)

    def _search(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        found = self._ask({**body, "_source": [at.DOC, at.PACKED], "track_total_hits": False})
        hits: list[dict[str, Any]] = found["hits"]["hits"] if found else []
        return hits

    def _ask(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return the answer of all shards, or of none; None where there is no index yet."""
        try:
            return self._cluster.ask(
                "POST",
                f"/{self._index}/_search",
                body,
                doing="looking for the nearest",
                tries=_TRIES,
                allow_partial_search_results="false",
            )
        except NotFound:
            return None
        except Unavailable as error:
            if _lacks_plugin(error):
                raise Unavailable(NO_PLUGIN) from error
            raise

    def _make(self) -> None:
        layout = self._layout
        body = {
            "settings": {
                "index": at.build_settings(shards=layout.shards, replicas=layout.replicas)
            },
            "mappings": at.build_mapping(self._dimension),
            "aliases": {writes(self._index): {}},
        }
        try:
            with suppress(AlreadyThere):
                doing = "making an index of vectors"
                self._cluster.ask("PUT", f"/{self._index}", body, doing=doing)
        except Unavailable as error:
            if _lacks_plugin(error):
                raise Unavailable(NO_PLUGIN) from error
            raise


class ClusterVectors:
    """The port SharedTables over a cluster."""

    def __init__(self, access: Access, layout: Layout) -> None:
        self._cluster = Cluster(access)
        self._layout = layout

    def open(self, model: str, dimension: int) -> ClusterNearest:
        """Return the one of a model."""
        return ClusterNearest(self._cluster, self._layout, model, dimension)

    def lacking(self) -> str | None:
        """Return which nodes lack the plugin."""
        doing = "asking for the cluster's plugins"
        found = self._cluster.ask("GET", "/_nodes/plugins", doing=doing)
        nodes = found["nodes"].values()
        without = [
            node["name"]
            for node in nodes
            if all(_CLASS not in plugin.get("classname", "") for plugin in node["plugins"])
        ]
        if len(without) == len(nodes):
            return NO_PLUGIN
        return f"{NO_PLUGIN} (it lacks on: {', '.join(without)})" if without else None

    def drop(self, model: str) -> None:
        """Drop the indexes of a model."""
        doing = "dropping an index of vectors"
        family = at.name_family(self._layout.name, model)
        for index in self._cluster.ask("GET", f"/{family}*", doing=doing):
            with suppress(NotFound):
                self._cluster.ask("DELETE", f"/{index}", doing=doing)

    def close(self) -> None:
        """Let go of the connections."""
        self._cluster.close()


_UNKNOWN: Final = ("unknown setting [index.knn]", "type [knn_vector]", "unknown query [knn]")
"""What a cluster without the plugin says of what we ask."""

_FULL: Final = {"range": {at.COUNT: {"gt": 0}}}


def _lacks_plugin(error: Unavailable) -> bool:
    return any(text in str(error) for text in _UNKNOWN)


def _nearest(asked: Packed, limit: int, only: dict[str, Any] | None = None) -> dict[str, Any]:
    count = min(limit, at.MOST_FOUND)
    near: dict[str, Any] = {"vector": asked[0].tolist(), "k": max(count, _SEEN)}
    if only is not None:
        near["filter"] = only
    field = f"{at.PASSAGES}.{at.VECTOR}"
    nested = {"path": at.PASSAGES, "query": {"knn": {field: near}}, "score_mode": "max"}
    return {
        "size": count,
        "query": {"nested": nested},
        "sort": ["_score", {at.DOC: "asc"}],
    }


def _one_of(docs: Sequence[DocId]) -> dict[str, Any]:
    return {"terms": {at.DOC_TERM: docs}}


def _runs(docs: Sequence[DocId], size: int) -> Iterator[Sequence[DocId]]:
    return (docs[start : start + size] for start in range(0, len(docs), size))
