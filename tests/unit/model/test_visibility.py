from datetime import UTC, datetime

import pytest

from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.ids import ChatKey, PostKey
from soso.model.post import Post, StoredPost
from soso.model.visibility import (
    first_visibility,
    is_listed,
    is_post_shown,
    is_readable,
    is_sensitive,
)

AT = datetime(2026, 11, 1, tzinfo=UTC)


def chat(visibility: Visibility, **more: object) -> Chat:
    return Chat(key=ChatKey(1), kind=ChatKind.CHANNEL, visibility=visibility, **more)  # type: ignore[arg-type]


def stored(**more: object) -> StoredPost:
    return StoredPost(
        key=PostKey(1),
        chat=ChatKey(1),
        post=Post(id=1, at=AT),
        observed_at=AT,
        first_seen_at=AT,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("sighting", "expected"),
    [
        (ChatSighting(kind=ChatKind.CHANNEL, is_public=True), Visibility.PUBLIC),
        (ChatSighting(kind=ChatKind.BOT, is_public=True), Visibility.PUBLIC),
        (ChatSighting(kind=ChatKind.CHANNEL, is_public=False), Visibility.PRIVATE),
        (ChatSighting(kind=ChatKind.CHANNEL), Visibility.PRIVATE),
        (ChatSighting(kind=ChatKind.PERSON, is_public=True), Visibility.PRIVATE),
        (ChatSighting(is_public=True), Visibility.PRIVATE),
        (ChatSighting(visibility=Visibility.UNLISTED), Visibility.UNLISTED),
    ],
)
def test_only_what_a_source_calls_public_is(sighting: ChatSighting, expected: Visibility) -> None:
    assert first_visibility(sighting) is expected


def test_who_may_see_a_chat() -> None:
    assert [is_listed(chat(one)) for one in Visibility] == [True, False, False]
    assert [is_readable(chat(one)) for one in Visibility] == [True, True, False]
    merged = chat(Visibility.PUBLIC, merged_into=ChatKey(2))
    assert not is_listed(merged)
    assert not is_readable(merged)


def test_buried_and_hidden_posts_are_shown_to_nobody() -> None:
    assert is_post_shown(stored())
    assert not is_post_shown(stored(hidden=True))
    assert not is_post_shown(stored(buried_at=AT))


def test_a_post_of_a_sensitive_chat_is_sensitive() -> None:
    assert is_sensitive(chat(Visibility.PUBLIC, sensitive=True), stored())
    assert is_sensitive(chat(Visibility.PUBLIC), stored(sensitive=True))
    assert not is_sensitive(chat(Visibility.PUBLIC), stored())
