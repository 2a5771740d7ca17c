"""The schema as OpenSearch knows it.

Knows OpenSearch's mappings and index settings; must not know plans or a connection. Terms fields
are split on white space alone, which is what writer.py joins by, so a stock cluster needs no plugin
(law d); its tokenizer also splits at 255 characters, and no term is longer (rules.MAX_TERM_BYTES).
Nothing is stored but columns of numbers, since the store says what (law b).
"""

from collections.abc import Sequence
from typing import Any, Final

from soso.schema.fields import SCHEMA, Field, FieldType, Indexing

MAPPING_VERSION: Final = 1
"""Raise it when this file makes something else of the same fields: old indexes become stale."""

MOST_HITS: Final = 100_000
"""How many hits one search may give; OpenSearch's own 10,000 are a setting of the index."""

MOST_TERMS: Final = 65_536
"""How many terms stand in one `terms` query: OpenSearch's own limit, index.max_terms_count."""

_LUCENE_BM25: Final = 3
"""From this version on BM25 lacks the factor k1 + 1, which Tantivy and older ones have; without it a
term weighs less than half as much beside a condition that scores 1."""

_OPTION: Final = {
    Indexing.POSITIONS: "positions",
    Indexing.FREQUENCIES: "freqs",
    Indexing.PRESENCE: "docs",
}


def build_mapping(fingerprint: str, fields: Sequence[Field] = SCHEMA) -> dict[str, Any]:
    """Return the mapping of our fields, with what the index was built by in its `_meta`."""
    return {
        "dynamic": "strict",  # a field that is not ours fails instead of being dropped
        "_source": {"enabled": False},
        "_meta": build_label(fingerprint, fields),
        "properties": {field.name: _build_property(field) for field in fields},
    }


def build_label(fingerprint: str, fields: Sequence[Field] = SCHEMA) -> dict[str, Any]:
    """Return what tells an index of ours from another's or an older one."""
    return {
        "fingerprint": fingerprint,
        "mapping": MAPPING_VERSION,
        "fields": sorted(field.name for field in fields),
    }


def build_settings(*, shards: int, replicas: int, major: int) -> dict[str, Any]:
    """Return the settings of a new index in an OpenSearch of this major version.

    Nothing is seen before somebody commits: refreshed on demand alone. Each bulk is on disk when it
    is answered. A delete's version is remembered for an hour instead of a minute, so that a writer
    who slept that long can't bring a document back.
    """
    settings: dict[str, Any] = {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "-1",
        "translog.durability": "request",
        "gc_deletes": "1h",
        "max_result_window": MOST_HITS,
        "max_terms_count": MOST_TERMS,
    }
    if major >= _LUCENE_BM25:
        settings["similarity.default.type"] = "LegacyBM25"
    return settings


def _build_property(field: Field) -> dict[str, Any]:
    match field.type:
        case FieldType.NUMBER:
            return {"type": "long"}
        case FieldType.KEYWORD:
            return {"type": "keyword", "doc_values": field.facet}
        case FieldType.TERMS:
            return {
                "type": "text",
                "analyzer": "whitespace",
                "index_options": _OPTION[field.indexing],
            }
