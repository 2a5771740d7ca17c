"""Text and its entities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import Peer, PeerKind
from soso.model.post import Entity, EntityKind
from soso.sources.desktop_export.formatting import (
    ENTITY_KINDS,
    join_formatted,
    read_formatted,
    read_plain,
    read_text,
)


def cut(text: str, entities: tuple[Entity, ...]) -> list[tuple[EntityKind, str]]:
    return [(entity.kind, text[entity.start : entity.end]) for entity in entities]


def test_offsets_count_code_points() -> None:
    text, entities = read_formatted(
        [
            "👨‍👩‍👧𠮷",
            {"type": "bold", "text": "粗"},
            "e\u0301",
            {"type": "hashtag", "text": "#标签"},
            "",
        ]
    )
    assert text == "👨‍👩‍👧𠮷粗e\u0301#标签"
    assert cut(text, entities) == [(EntityKind.BOLD, "粗"), (EntityKind.HASHTAG, "#标签")]


@pytest.mark.parametrize(("name", "kind"), ENTITY_KINDS.items())
def test_each_type_is_an_entity(name: str, kind: EntityKind) -> None:
    part = {"type": name, "text": "x", "href": "https://example.org"}
    assert [entity.kind for entity in read_formatted([part])[1]] == [kind]


def test_what_some_types_carry() -> None:
    _, entities = read_formatted(
        [
            {"type": "text_link", "text": "a", "href": "https://example.org"},
            {"type": "pre", "text": "b", "language": "python"},
            {"type": "pre", "text": "c", "language": ""},
            {"type": "mention_name", "text": "d", "user_id": "77"},
        ]
    )
    link, code, plain_code, mention = entities
    assert link.url == "https://example.org"
    assert (code.language, plain_code.language) == ("python", None)
    assert mention.peer == Peer(kind=PeerKind.USER, id=77)


def test_plain_unknown_and_future_types_are_text_only() -> None:
    parts = [{"type": name, "text": "x"} for name in ("plain", "unknown", "future", None, ["bold"])]
    assert read_formatted(parts) == ("xxxxx", ())


@pytest.mark.parametrize("href", [None, "", 5, "x" * 9000])
def test_a_link_without_a_usable_address_is_text_only(href: object) -> None:
    assert read_formatted([{"type": "text_link", "text": "x", "href": href}]) == ("x", ())


@pytest.mark.parametrize("value", [None, 5, True, [None, 5, ["x"], {"text": 5}, {}], {}])
def test_other_values_are_no_text(value: object) -> None:
    assert read_formatted(value) == ("", ())


def test_the_typed_list_is_preferred_and_the_text_its_substitute() -> None:
    typed = [{"type": "plain", "text": "a"}, {"type": "bold", "text": "b"}]
    assert read_text({"text": "ab", "text_entities": typed}) == read_formatted(typed)
    for missing in ({}, {"text_entities": []}, {"text_entities": [{}]}, {"text_entities": "x"}):
        assert read_text({"text": ["ab"], **missing}) == ("ab", ())


def test_plain_reading_drops_formatting_and_margins() -> None:
    assert read_plain([" 几点", {"type": "bold", "text": "开始？ "}]) == "几点开始？"


@given(st.lists(st.lists(st.tuples(st.booleans(), st.text(max_size=4)), max_size=4), max_size=4))
def test_joined_texts_keep_what_their_entities_cut(texts: list[list[tuple[bool, str]]]) -> None:
    read = [
        read_formatted([{"type": "bold" if bold else "plain", "text": word} for bold, word in text])
        for text in texts
    ]
    joined, entities = join_formatted(read)
    assert joined == "\n".join(text for text, _ in read if text)
    assert cut(joined, entities) == [pair for text, marks in read for pair in cut(text, marks)]
