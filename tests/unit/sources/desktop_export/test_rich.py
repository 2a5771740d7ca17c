"""Rich messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.media import MediaKind
from soso.model.post import Button, EntityKind
from soso.sources.desktop_export.rich import Rich, read_rich


def read(*blocks: object) -> Rich:
    return read_rich({"rtl": False, "part": False, "blocks": list(blocks)})


def cut(rich: Rich) -> list[tuple[EntityKind, str]]:
    return [(entity.kind, rich.text[entity.start : entity.end]) for entity in rich.entities]


def test_blocks_begin_on_lines_of_their_own() -> None:
    rich = read({"type": "heading", "text": "题"}, {"type": "divider"}, {"type": "x", "text": "文"})
    assert rich.text == "题\n文"
    assert cut(rich) == [(EntityKind.HEADING, "题")]


def test_marks_lie_in_one_another() -> None:
    tree = ["一", {"type": "bold", "text": ["二", {"type": "italic", "text": "三"}]}, "四"]
    rich = read({"type": "paragraph", "text": tree})
    assert rich.text == "一二三四"
    assert cut(rich) == [(EntityKind.BOLD, "二三"), (EntityKind.ITALIC, "三")]


def test_white_space_at_the_end_stays_in_its_mark() -> None:
    rich = read({"type": "paragraph", "text": {"type": "bold", "text": "粗 "}})
    assert cut(rich) == [(EntityKind.BOLD, "粗 ")]


def test_links_code_and_quotes() -> None:
    rich = read(
        {"type": "paragraph", "text": {"type": "text_link", "text": "甲", "href": "https://a"}},
        {"type": "paragraph", "text": {"type": "url", "text": "乙", "url": "https://b"}},
        {"type": "code", "text": "x = 1", "language": "python"},
        {"type": "quote", "text": "丙"},
    )
    assert cut(rich) == [
        (EntityKind.TEXT_LINK, "甲"),
        (EntityKind.TEXT_LINK, "乙"),
        (EntityKind.PRE, "x = 1"),
        (EntityKind.QUOTE, "丙"),
    ]
    assert [entity.url for entity in rich.entities[:2]] == ["https://a", "https://b"]
    assert rich.entities[2].language == "python"


@pytest.mark.parametrize(
    "rows",
    [
        {"rows": [{"cells": [{"text": "甲"}, {"text": "乙"}]}, {"cells": ["丙", "丁"]}]},
        {"cells": [[{"text": "甲"}, {"text": "乙"}], [{"text": "丙"}, {"text": "丁"}]]},
    ],
)
def test_tables_have_a_line_a_row(rows: dict[str, object]) -> None:
    assert read({"type": "table", **rows}).text == "甲\t乙\n丙\t丁"


def test_lists_and_details_hold_blocks() -> None:
    rich = read(
        {"type": "list", "items": ["甲", {"blocks": [{"type": "paragraph", "text": "乙"}]}]},
        {"type": "details", "title": "开", "content": [{"type": "paragraph", "text": "丙"}, "丁"]},
    )
    assert rich.text == "甲\n乙\n开\n丙\n丁"


def test_media_places_and_buttons_are_collected() -> None:
    rich = read(
        {"type": "photo", "photo": "photos/a.jpg", "caption": "图"},
        {"type": "collage", "items": [{"type": "video", "file": "a", "media_type": "video_file"}]},
        {"type": "map", "latitude": 1, "longitude": 2},
        {"type": "button_row", "buttons": [{"type": "url", "text": "开", "data": "https://a"}]},
    )
    assert [medium.kind for medium in rich.media] == [MediaKind.PHOTO, MediaKind.VIDEO]
    assert rich.location is not None
    assert (rich.location.latitude, rich.location.longitude) == (1, 2)
    assert rich.buttons == (Button(text="开", url="https://a"),)
    assert rich.text == "图"


def test_unsupported_blocks_say_nothing() -> None:
    assert read({"type": "unsupported", "text": "x"}).text == ""


def test_nesting_without_end_is_cut() -> None:
    tree: object = "深"
    for _ in range(900):
        tree = {"type": "bold", "text": [tree]}
    assert read({"type": "paragraph", "text": ["浅", tree]}).text == "浅"


garbage = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "title", "caption", "content", "cells", "rows", "items", "blocks",
                 "photo", "file", "href", "url", "language", "buttons", "latitude", "longitude"]
            ),
            inner | st.sampled_from(["bold", "code", "table", "button_row", "text_link", "quote"]),
        )
    ),
    max_leaves=30,
)  # fmt: skip


@given(garbage)
def test_garbage_is_read_and_entities_lie_in_the_text(value: object) -> None:
    rich = read_rich(value)
    starts = [entity.start for entity in rich.entities]
    assert starts == sorted(starts)
    assert all(0 <= entity.start < len(rich.text) for entity in rich.entities)
    assert all(entity.start < entity.end <= len(rich.text) for entity in rich.entities)
