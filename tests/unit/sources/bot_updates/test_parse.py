"""Which updates tell of posts, and that no update whatever can do harm."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.chat import ChatKind
from soso.model.ids import Peer, PeerKind
from soso.sources.bot_updates import album_of, list_files, parse_membership, parse_update

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHANNEL = {"id": -1001500000077, "type": "channel", "title": "城南"}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        *("message_id", "date", "edit_date", "text", "entities", "caption", "caption_entities"),
        *("photo", "video", "animation", "sticker", "document", "audio", "voice", "video_note"),
        *("forward_origin", "reply_to_message", "external_reply", "quote", "poll", "checklist"),
        *("venue", "location", "reply_markup", "rich_message", "new_chat_title", "new_chat_photo"),
        *("pinned_message", "media_group_id", "author_signature", "via_bot", "paid_media"),
        *("link_preview_options", "message_thread_id", "is_topic_message"),
    ]
)


@given(st.dictionaries(FIELDS, JSON, max_size=8), st.sampled_from([CHANNEL, {}, None, 7]))
def test_any_post_is_read_or_counted(fields: dict[str, Any], chat: object) -> None:
    raw = {"update_id": 1, "channel_post": {"message_id": 5, "date": 9, "chat": chat, **fields}}
    batch = parse_update(raw, observed_at=NOW)
    album_of(raw)
    list_files(raw)
    if chat is CHANNEL:
        assert batch is not None
        assert len(batch.posts) + sum(batch.skipped.values()) == 1
        for post in batch.posts:
            assert all(0 <= one.start < one.end <= len(post.text) for one in post.entities)
            post.text.encode()
    else:
        assert batch is None


@given(JSON)
def test_any_update_is_passed_over(content: Any) -> None:
    for kind in ("message", "channel_post", "my_chat_member", "callback_query"):
        raw = {"update_id": content, kind: content}
        assert parse_update(raw, observed_at=NOW) is None
        assert parse_membership(raw) is None


@pytest.mark.parametrize("kind", ["supergroup", "group", "private"])
def test_only_channels_are_archived(kind: str) -> None:
    chat = {"id": -1001500000077, "type": kind, "title": "x"}
    raw = {"channel_post": {"message_id": 1, "date": 9, "chat": chat, "text": "x"}}
    assert parse_update(raw, observed_at=NOW) is None


def test_messages_of_people_are_none() -> None:
    raw = {"message": {"message_id": 1, "date": 9, "chat": CHANNEL, "text": "x"}}
    assert parse_update(raw, observed_at=NOW) is None


@pytest.mark.parametrize(
    ("date", "reason"),
    [(0, "a post without a usable date"), (10**18, "a post without a usable date")],
)
def test_absurd_dates(date: int, reason: str) -> None:
    raw = {"channel_post": {"message_id": 1, "date": date, "chat": CHANNEL, "text": "x"}}
    batch = parse_update(raw, observed_at=NOW)
    assert batch is not None
    assert batch.skipped == {reason: 1}


@pytest.mark.parametrize(
    ("status", "arrive"),
    [("administrator", True), ("member", False), ("left", False), ("kicked", False)],
)
def test_what_the_bot_became(status: str, arrive: bool) -> None:
    raw = {
        "my_chat_member": {
            "chat": {**CHANNEL, "username": "chengnan"},
            "from": {"id": 7},
            "new_chat_member": {"status": status},
        }
    }
    told = parse_membership(raw)
    assert told is not None
    assert (told.posts_arrive, told.by) == (arrive, 7)
    assert told.chat.peer == Peer(kind=PeerKind.CHANNEL, id=1500000077)
    assert (told.chat.kind, told.chat.is_public) == (ChatKind.CHANNEL, True)


def test_a_person_who_stops_the_bot_is_no_chat_to_follow() -> None:
    chat = {"id": 7, "type": "private"}
    raw = {"my_chat_member": {"chat": chat, "new_chat_member": {"status": "kicked"}}}
    assert parse_membership(raw) is None


def test_files_by_their_lasting_names() -> None:
    sizes = [{"file_id": "F1", "file_unique_id": "U1"}, {"file_id": "F2", "file_unique_id": "a/b"}]
    raw = {"channel_post": {"photo": sizes, "reply_to_message": {"photo": []}}}
    assert list_files(raw) == {"bot/U1": "F1"}
