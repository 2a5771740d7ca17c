"""Service rows of pages."""

import time
from datetime import UTC, datetime

import msgspec
import pytest

from soso.model.post import Post
from soso.sources.desktop_export.html_events import parse_event, parse_giveaway, read_day
from soso.sources.desktop_export.parse import NO_TIME, UNSUPPORTED
from soso.sources.desktop_export.times import Moment

AT = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "action", "text"),
    [
        ("Channel «南北» created", "create_channel", "南北"),
        ("甲 created group «读书» with members 乙 and 丙", "create_group", "读书"),
        ("Channel title changed to «新名»", "edit_group_title", "新名"),
        ("甲 changed group title to «新名»", "edit_group_title", "新名"),
        ("Channel photo changed", "edit_group_photo", ""),
        ("甲 changed group photo", "edit_group_photo", ""),
        ("Channel photo removed", "delete_group_photo", ""),
        ("甲 removed group photo", "delete_group_photo", ""),
        ("甲 pinned this message", "pin_message", ""),
        ("甲 invited 乙", "invite_members", ""),
        ("甲 invited 乙 to the voice chat", "invite_to_group_call", ""),
        ("甲 removed 乙", "remove_members", ""),
        ("甲 joined group by link from 乙", "join_group_by_link", ""),
        ("甲 joined group by request", "join_group_by_request", ""),
        ("甲 converted this group to a supergroup", "migrate_to_supergroup", ""),
        ("甲 converted a basic group to this supergroup «群»", "migrate_from_group", "群"),
        ("甲 created topic «题»", "topic_created", "题"),
        ("History cleared", "clear_history", ""),
        ("甲 grew a tree", "unknown", ""),
    ],
)
def test_sentences_have_the_names_of_json_exports(sentence: str, action: str, text: str) -> None:
    post = parse_event(sentence, 7, AT)
    assert isinstance(post, Post)
    assert post.service is not None
    assert (post.id, post.at, post.at_certain) == (7, AT, False)
    assert (post.service.action, post.text) == (action, text)
    assert msgspec.json.decode(post.service.raw or "") == {"text": sentence}


def test_what_is_no_event() -> None:
    assert parse_event("This message is not supported by this version.", 7, AT) == UNSUPPORTED
    assert parse_event("甲 pinned this message", 7, None) == NO_TIME


def test_long_sentences_take_no_long_time() -> None:
    started = time.process_time()
    assert isinstance(parse_event(" invited " * 100_000, 7, AT), Post)
    assert time.process_time() - started < 1


def test_days() -> None:
    assert read_day("4 September 2018") == datetime(2018, 9, 4)
    for sentence in ("31 February 2018", "4 Sept 2018", "4 September", "", "x 4 September 2018"):
        assert read_day(sentence) is None


def test_giveaways() -> None:
    start = parse_giveaway("Giveaway Prizes\n 5", 7, Moment(at=AT))
    end = parse_giveaway("Winners Selected!", 7, Moment(at=AT))
    assert start.service is not None
    assert end.service is not None
    assert (start.service.action, end.service.action) == (
        "giveaway_information",
        "giveaway_results",
    )
    assert start.service.raw == '{"text": "Giveaway Prizes 5"}'
