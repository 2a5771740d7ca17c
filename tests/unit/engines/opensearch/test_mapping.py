"""mapping: every field of the schema has the options that its type asks for."""

from soso.engines.opensearch.mapping import build_label, build_mapping, build_settings
from soso.schema.fields import BY_NAME, CHARS, DOC, KIND, SCHEMA, TAG, TITLE, Field, FieldType
from soso.schema.fields import Indexing as How


def test_the_whole_schema_is_mapped_and_nothing_else_is_taken() -> None:
    mapping = build_mapping("ours")
    assert list(mapping["properties"]) == [field.name for field in SCHEMA]
    assert (mapping["dynamic"], mapping["_source"]) == ("strict", {"enabled": False})
    for name, told in mapping["properties"].items():
        expected = {FieldType.NUMBER: "long", FieldType.KEYWORD: "keyword", FieldType.TERMS: "text"}
        assert told["type"] == expected[BY_NAME[name].type]


def test_each_type_has_what_it_needs_and_no_more() -> None:
    told = build_mapping("ours")["properties"]
    assert told[CHARS] == {
        "type": "text",
        "analyzer": "whitespace",
        "index_options": "positions",
    }
    assert told[TITLE]["index_options"] == "freqs"
    assert told[KIND] == {"type": "keyword", "doc_values": True}
    assert told[TAG] == {"type": "keyword", "doc_values": False}
    assert told[DOC] == {"type": "long"}
    bare = Field(name="bare", type=FieldType.TERMS, indexing=How.PRESENCE)
    assert build_mapping("ours", [bare])["properties"]["bare"]["index_options"] == "docs"


def test_a_label_differs_by_fingerprint_and_fields() -> None:
    label = build_mapping("ours")["_meta"]
    assert label == build_label("ours")
    assert label != build_label("theirs")
    assert label != build_label("ours", SCHEMA[:-1])


def test_nothing_is_shown_unasked_and_everything_is_on_disk() -> None:
    settings = build_settings(shards=3, replicas=2, major=2)
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == (3, 2)
    assert settings["refresh_interval"] == "-1"
    assert settings["translog.durability"] == "request"
    assert "similarity.default.type" not in settings
    newer = build_settings(shards=3, replicas=2, major=3)
    assert newer == settings | {"similarity.default.type": "LegacyBM25"}
