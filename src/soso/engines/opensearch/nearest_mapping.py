"""Passages as OpenSearch's k-NN plugin knows them.

Knows names, mappings and index settings; must not know a connection. An index is of one model, and
its documents are ours, passages nested in them: so a document is replaced in one write, and a search
counts it once. A vector stands in it twice: as numbers, which go into the graph alone, and packed,
which is what comes back with a hit.
"""

import hashlib
import re
from typing import Any, Final

DOC: Final = "doc"
DOC_TERM: Final = "doc.term"
"""The same as a term: the plugin looks up the passages of documents only for a filter of terms."""

CHANCE: Final = "chance"
"""Evenly spread over documents, so that a range of it is a sample, for all processes the same one."""

CHANCES: Final = 2**30
COUNT: Final = "count"
PACKED: Final = "packed"
PASSAGES: Final = "passages"
VECTOR: Final = "vector"
PLACE: Final = "place"

MOST_FOUND: Final = 10_000
"""How many documents one search may give: the plugin's own limit, and OpenSearch's."""

_VERSION: Final = 1
"""Raise it when this file makes something else: then indexes are filled anew under other names."""

_LINKS: Final = 16
_BEAM: Final = 128


def name_family(index: str, model: str) -> str:
    """Return how the names of a model's indexes begin, whatever they were made by."""
    slug = re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")[:60]
    mark = hashlib.blake2b(model.encode(), digest_size=4).hexdigest()
    return f"{index}-vectors-{slug}-{mark}-"


def name_index(index: str, model: str, dimension: int) -> str:
    """Return the name of a model's index. index: the name of the one of words."""
    return f"{name_family(index, model)}{dimension}-{_VERSION}"


def spread(doc: int) -> int:
    """Return a document's chance, below CHANCES."""
    mark = hashlib.blake2b(doc.to_bytes(8, "big", signed=True), digest_size=4).digest()
    return int.from_bytes(mark, "big") % CHANCES


def build_settings(*, shards: int, replicas: int) -> dict[str, Any]:
    """Return the settings of a new index; what is written is seen when its writer says so."""
    return {
        "knn": True,
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "-1",
        "translog.durability": "request",
    }


def build_mapping(dimension: int) -> dict[str, Any]:
    """Return the mapping: a byte a number, in a graph of Lucene, which every cluster can run."""
    vector = {
        "type": "knn_vector",
        "dimension": dimension,
        "data_type": "byte",
        "doc_values": False,  # a third copy, for scripts
        "method": {
            "name": "hnsw",
            "engine": "lucene",
            "space_type": "cosinesimil",
            "parameters": {"m": _LINKS, "ef_construction": _BEAM},
        },
    }
    term = {"type": "keyword", "doc_values": False}
    return {
        "dynamic": "strict",
        "_source": {"excludes": [PASSAGES]},
        "properties": {
            DOC: {"type": "long", "index": False, "fields": {"term": term}},
            CHANCE: {"type": "integer", "doc_values": False},
            COUNT: {"type": "integer"},
            PACKED: {"type": "binary"},
            PASSAGES: {"type": "nested", "properties": {VECTOR: vector}},
            PLACE: {"type": "long", "index": False, "doc_values": False},
        },
    }
