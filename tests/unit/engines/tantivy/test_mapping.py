"""mapping: every field of the schema has the options that its type asks for."""

import json
from pathlib import Path

import tantivy

from soso.engines.tantivy.mapping import build_schema
from soso.schema.fields import BY_NAME, SCHEMA, Field, FieldType, Indexing


def options(folder: Path, schema: tantivy.Schema) -> dict[str, dict[str, object]]:
    """Return what Tantivy writes down of a schema."""
    tantivy.Index(schema, path=str(folder))
    fields = json.loads((folder / "meta.json").read_text())["schema"]
    return {field["name"]: {"type": field["type"], **field["options"]} for field in fields}


def test_the_whole_schema_is_mapped_in_order(tmp_path: Path) -> None:
    written = options(tmp_path, build_schema())
    assert list(written) == [field.name for field in SCHEMA]
    assert not any(told["stored"] for told in written.values())
    for name, told in written.items():
        if BY_NAME[name].type is FieldType.NUMBER:
            assert (told["type"], told["indexed"], told["fast"]) == ("u64", True, True)
        else:
            assert told["type"] == "text"
            assert bool(told["fast"]) == BY_NAME[name].facet


def test_terms_keep_what_their_field_asks_for(tmp_path: Path) -> None:
    fields = [Field(name=kept.value, type=FieldType.TERMS, indexing=kept) for kept in Indexing]
    fields.append(Field(name="tag", type=FieldType.KEYWORD))
    written = options(tmp_path, build_schema(fields))
    indexing = {name: told["indexing"] for name, told in written.items()}
    kept = {name: (told["record"], told["tokenizer"]) for name, told in indexing.items()}
    assert kept == {
        "positions": ("position", "whitespace"),
        "frequencies": ("freq", "whitespace"),
        "presence": ("basic", "whitespace"),
        "tag": ("basic", "raw"),
    }
