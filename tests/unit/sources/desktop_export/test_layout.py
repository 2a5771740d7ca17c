"""Chats in an export."""

import io
import json

import pytest

from soso.sources.desktop_export.layout import iter_chats, read_heads
from soso.sources.desktop_export.scanner import Broken, CutShort, Scanner


def scan(value: object) -> Scanner:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Scanner(io.BytesIO(content))


def seen(value: object) -> list[tuple[object, bool, int]]:
    return [(chat.head.get("name"), chat.listed, chat.skip()) for chat in iter_chats(scan(value))]


def test_one_chat_stands_at_the_top() -> None:
    assert seen({"name": "a", "type": "x", "id": 1, "messages": [1, {}, []]}) == [("a", False, 3)]


def test_an_account_has_two_lists() -> None:
    lists = {
        "about": "x",
        "chats": {"about": "x", "list": [{"name": "a", "messages": []}, {"name": "b"}]},
        "left_chats": {"list": [{"name": "c", "messages": [1]}]},
    }
    assert seen(lists) == [("a", True, 0), ("c", True, 1)]


def test_nothing_outside_the_lists_is_a_chat() -> None:
    bait = {"name": "bait", "messages": [1]}
    outside = {
        "contacts": {"list": [bait]},
        "sessions": [bait],
        "personal_information": bait,
        "chats": {"other": [bait], "list": [[bait], "x", {"deeper": bait}]},
        "left_chats": [bait],
    }
    assert seen(outside) == []


@pytest.mark.parametrize("value", [{"messages": {}}, {"messages": None}, {"chats": 1}, {}])
def test_odd_layouts_hold_no_chat(value: object) -> None:
    assert seen(value) == []


def test_a_head_after_the_messages_is_complete_when_the_next_chat_comes() -> None:
    value = {"messages": [1, 2], "id": 5, "type": "public_channel", "name": "late"}
    chats = iter_chats(scan(value))
    chat = next(chats)
    assert chat.has_late_head
    assert chat.skip() == 2
    assert next(chats, None) is None
    assert chat.head == {"id": 5, "type": "public_channel", "name": "late"}
    assert read_heads(scan(value)) == [chat.head]


def test_an_object_as_name_or_id_is_left_out() -> None:
    heads = read_heads(scan({"name": {"a": 1}, "id": [1], "type": None, "messages": []}))
    assert heads == [{"type": None}]


def test_a_cut_file_gives_the_heads_before_the_cut() -> None:
    assert read_heads(scan(b'{"name": "a", "messages": [1, 2')) == [{"name": "a"}]


def test_a_broken_file_says_so() -> None:
    with pytest.raises(Broken):
        seen(b'{"name": "a", "messages": [}')
    with pytest.raises(CutShort):
        seen(b'{"name": "a", "messages": [')
