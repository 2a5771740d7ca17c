"""The schema as Tantivy knows it.

Knows Tantivy's field options; must not know plans or a disk. Terms fields are split on the ASCII
space alone, which is what document.py joins by; nothing is stored, since the store says what (law
b), and Tantivy's own fast fields give back the numbers.
"""

from collections.abc import Sequence
from typing import Final

import tantivy

from soso.schema.fields import SCHEMA, Field, FieldType, Indexing

MAPPING_VERSION: Final = 2
"""Raise it when this file makes something else of the same fields: old indexes become stale."""

_OPTION: Final = {
    Indexing.POSITIONS: "position",
    Indexing.FREQUENCIES: "freq",
    Indexing.PRESENCE: "basic",
}


def build_schema(fields: Sequence[Field] = SCHEMA) -> tantivy.Schema:
    """Return Tantivy's schema of our fields, in their order."""
    builder = tantivy.SchemaBuilder()
    for field in fields:
        match field.type:
            case FieldType.NUMBER:
                builder.add_unsigned_field(field.name, indexed=True, fast=True)
            case FieldType.KEYWORD:
                builder.add_text_field(
                    field.name, tokenizer_name="raw", index_option="basic", fast=field.facet
                )
            case FieldType.TERMS:
                builder.add_text_field(
                    field.name, tokenizer_name="whitespace", index_option=_OPTION[field.indexing]
                )
    return builder.build()
