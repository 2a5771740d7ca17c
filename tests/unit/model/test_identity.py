from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.chat import Chat, ChatKind, ChatSighting, Username, Visibility
from soso.model.errors import BadInput
from soso.model.identity import (
    agree,
    fold_name,
    give_up_name,
    join_chats,
    last_seen,
    merge_sighting,
    new_chat,
)
from soso.model.ids import ChatKey, Peer, PeerKind
from soso.model.media import Picture
from soso.model.post import Post

KEY = ChatKey(3)
PEER = Peer(kind=PeerKind.CHANNEL, id=1500)


def at(day: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)


def seen(**fields: Any) -> ChatSighting:
    return ChatSighting(**fields)


def history(chat: Chat) -> list[tuple[str, datetime, datetime]]:
    return [(known.name, known.first_seen_at, known.last_seen_at) for known in chat.usernames]


def test_a_new_chat_is_what_was_seen() -> None:
    chat = new_chat(
        KEY,
        seen(peer=PEER, kind=ChatKind.CHANNEL, title="新闻", username="@News", is_public=True),
        at(1),
    )
    assert (chat.key, chat.peer, chat.title, chat.username) == (KEY, PEER, "新闻", "News")
    assert history(chat) == [("News", at(1), at(1))]
    assert chat.visibility is Visibility.PUBLIC


def test_nothing_never_erases() -> None:
    full = seen(
        peer=PEER,
        kind=ChatKind.GROUP,
        title="群",
        username="qun",
        description="说明",
        members=9,
        verified=True,
        is_public=True,
        counters={"photos": 3},
        picture=Picture(blob="a", thumb="b", width=1, height=1, thumb_width=1, thumb_height=1),
    )
    chat = new_chat(KEY, full, at(1))
    later = merge_sighting(chat, seen(kind=ChatKind.UNKNOWN, title="", description=""), at(2))
    assert later == msgspec.structs.replace(chat, seen_at=at(2))


def test_the_newest_sighting_decides_and_an_older_one_fills_gaps() -> None:
    chat = new_chat(KEY, seen(title="新名", members=20, counters={"links": 2}), at(5))
    older = seen(title="旧名", members=10, description="说明", counters={"links": 1, "photos": 7})
    merged = merge_sighting(chat, older, at(1))
    assert (merged.title, merged.members, merged.description) == ("新名", 20, "说明")
    assert merged.counters == {"links": 2, "photos": 7}
    assert merged.seen_at == at(5)
    newer = merge_sighting(merged, seen(title="更新", members=5, verified=False), at(6))
    assert (newer.title, newer.members) == ("更新", 5)


def test_names_keep_their_history() -> None:
    chat = new_chat(KEY, seen(username="first"), at(1))
    chat = merge_sighting(chat, seen(username="second"), at(5))
    assert chat.username == "second"
    chat = merge_sighting(chat, seen(username="FIRST"), at(3))  # an older page
    assert chat.username == "second"
    assert history(chat) == [("FIRST", at(1), at(3)), ("second", at(5), at(5))]
    chat = merge_sighting(chat, seen(username="first"), at(9))
    assert chat.username == "first"
    assert last_seen(chat, "@FIRST") == at(9)
    assert last_seen(chat, "third") is None


@pytest.mark.parametrize("name", ["", "@", "a b", "../x", "名字", "x" * 65])
def test_what_can_be_no_name_is_none(name: str) -> None:
    assert new_chat(KEY, seen(username=name), at(1)).usernames == ()


def test_a_name_given_up_comes_back_only_if_it_is_seen_again() -> None:
    chat = give_up_name(new_chat(KEY, seen(username="name"), at(5)), "@NAME")
    assert chat.username is None
    assert give_up_name(chat, "other") is chat
    for day in (1, 5):
        assert merge_sighting(chat, seen(username="name"), at(day)).username is None
    assert merge_sighting(chat, seen(username="name"), at(6)).username == "name"


def test_a_dump_brings_its_own_dates() -> None:
    names = (
        Username(name="old", first_seen_at=at(1), last_seen_at=at(2)),
        Username(name="new", first_seen_at=at(3), last_seen_at=at(4)),
    )
    chat = new_chat(KEY, seen(username="new", usernames=names), at(90))
    assert (chat.username, chat.usernames) == ("new", names)
    assert merge_sighting(chat, seen(username="new", usernames=names), at(91)).usernames == names
    lost = new_chat(KEY, seen(usernames=names), at(90))
    assert lost.username is None


def test_a_chat_never_becomes_another() -> None:
    chat = new_chat(KEY, seen(peer=PEER), at(1))
    with pytest.raises(BadInput, match="g1500"):
        merge_sighting(chat, seen(peer=Peer(kind=PeerKind.GROUP, id=1500)), at(2))


def test_visibility_follows_the_source_until_it_is_fixed() -> None:
    chat = new_chat(KEY, seen(title="导出"), at(5))  # an HTML export can't tell
    assert chat.visibility is Visibility.PRIVATE
    known = merge_sighting(chat, seen(kind=ChatKind.CHANNEL, is_public=True), at(1))
    assert known.visibility is Visibility.PUBLIC
    closed = merge_sighting(known, seen(is_public=False), at(6))
    assert closed.visibility is Visibility.PRIVATE
    fixed = msgspec.structs.replace(known, visibility=Visibility.PRIVATE, visibility_fixed=True)
    again = merge_sighting(fixed, seen(is_public=True), at(7))
    assert again.visibility is Visibility.PRIVATE


@pytest.mark.parametrize("kind", [ChatKind.PERSON, ChatKind.UNKNOWN])
def test_a_person_or_an_unknown_kind_is_never_public_by_itself(kind: ChatKind) -> None:
    assert new_chat(KEY, seen(kind=kind, is_public=True), at(1)).visibility is Visibility.PRIVATE


def test_a_decision_in_a_dump_stands_unless_one_was_made_here() -> None:
    dumped = seen(kind=ChatKind.CHANNEL, is_public=True, visibility=Visibility.PRIVATE)
    restored = new_chat(KEY, dumped, at(1))
    assert (restored.visibility, restored.visibility_fixed) == (Visibility.PRIVATE, True)
    here = msgspec.structs.replace(restored, visibility=Visibility.UNLISTED, visibility_fixed=True)
    assert merge_sighting(here, dumped, at(2)).visibility is Visibility.UNLISTED
    followed = msgspec.structs.replace(dumped, visibility_fixed=False)
    assert not new_chat(KEY, followed, at(1)).visibility_fixed


def test_marks_of_a_dump_are_added() -> None:
    chat = merge_sighting(new_chat(KEY, seen(), at(1)), seen(sensitive=True, no_index=True), at(0))
    assert (chat.sensitive, chat.no_index) == (True, True)
    chat = merge_sighting(chat, seen(sensitive=False, no_index=False), at(2))
    assert (chat.sensitive, chat.no_index) == (True, True)


def test_joined_chats_have_the_names_and_facts_of_both() -> None:
    html = new_chat(KEY, seen(title="频道"), at(9))
    json = new_chat(
        ChatKey(4),
        seen(peer=PEER, kind=ChatKind.CHANNEL, title="旧", username="pin", is_public=True),
        at(5),
    )
    for target, source in ((html, json), (json, html)):
        joined = join_chats(target, source)
        assert joined.key == target.key
        assert (joined.peer, joined.kind, joined.title) == (PEER, ChatKind.CHANNEL, "频道")
        assert (joined.username, joined.visibility) == ("pin", Visibility.PUBLIC)
    other = new_chat(ChatKey(5), seen(peer=Peer(kind=PeerKind.CHANNEL, id=1)), at(1))
    with pytest.raises(BadInput):
        join_chats(json, other)


def test_the_name_seen_last_is_that_of_joined_chats() -> None:
    one = new_chat(KEY, seen(username="old"), at(1))
    two = new_chat(ChatKey(4), seen(username="new"), at(5))
    assert join_chats(one, two).username == join_chats(two, one).username == "new"


sightings = st.builds(
    ChatSighting,
    peer=st.sampled_from([None, PEER]),
    kind=st.sampled_from([None, *ChatKind]),
    title=st.sampled_from([None, "", "甲", "乙"]),
    username=st.sampled_from([None, "a", "A", "b"]),
    members=st.sampled_from([None, 1, 2]),
    verified=st.sampled_from([None, True, False]),
    is_public=st.sampled_from([None, True, False]),
    visibility=st.sampled_from([None, None, Visibility.UNLISTED]),
)


@given(st.lists(st.tuples(sightings, st.integers(0, 5).map(at)), min_size=1, max_size=5))
def test_merging_twice_is_merging_once(told: list[tuple[ChatSighting, datetime]]) -> None:
    chat = Chat(key=KEY, kind=ChatKind.UNKNOWN)
    for sighting, when in told:
        chat = merge_sighting(chat, sighting, when)
        assert merge_sighting(chat, sighting, when) == chat
    names = [fold_name(known.name) for known in chat.usernames]
    assert len(names) == len(set(names))
    assert chat.username is None or fold_name(chat.username) in names


def posts(count: int, *, hours: float = 0, certain: bool = True, start: int = 1) -> list[Post]:
    return [
        Post(
            id=number,
            at=at(0) + timedelta(seconds=number * 77, hours=hours),
            at_certain=certain,
            text=f"第 {number} 条",
        )
        for number in range(start, start + count)
    ]


def known(count: int, **how: Any) -> dict[int, Post]:
    return {post.id: post for post in posts(count, **how)}


def test_enough_posts_that_agree_show_one_chat() -> None:
    assert agree(known(30), posts(20))
    assert not agree(known(30), posts(19))
    assert not agree(known(19), posts(50))
    assert agree(known(5), posts(5), enough=5)
    assert not agree({}, posts(50))


def test_one_message_counts_once() -> None:
    assert not agree(known(30), posts(1) * 20)


@pytest.mark.parametrize("hours", [8, -3.5, 5.75])
def test_local_times_may_differ_by_one_zone(hours: float) -> None:
    assert agree(known(30), posts(20, hours=hours, certain=False))
    assert agree(known(30, hours=hours, certain=False), posts(20))
    assert not agree(known(30), posts(20, hours=hours))
    assert not agree(known(30), posts(20, hours=0.1, certain=False))
    two_zones = posts(10, hours=8, certain=False) + posts(10, hours=9, certain=False, start=11)
    assert not agree(known(30), two_zones)


def test_other_texts_do_not_agree_and_other_times_speak_against() -> None:
    other = [msgspec.structs.replace(post, text="别的") for post in posts(30)]
    assert not agree(known(30), other)
    mirror = known(20) | {post.id: post for post in posts(40, hours=1, start=21)}
    assert not agree(mirror, posts(60))


def test_empty_messages_prove_nothing() -> None:
    empty = [msgspec.structs.replace(post, text="") for post in posts(30)]
    assert not agree({post.id: post for post in empty}, empty)


def test_what_is_told_second_hand_only_fills_gaps() -> None:
    seen = ChatSighting(title="河港", kind=ChatKind.CHANNEL, username="hegang", is_public=False)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    chat = new_chat(ChatKey(1), seen, at)
    told = ChatSighting(
        title="EVIL", username="hegang", description="新", is_public=True, second_hand=True
    )
    merged = merge_sighting(chat, told, at + timedelta(days=1))
    assert (merged.title, merged.is_public, merged.description) == ("河港", False, "新")
    assert merged.visibility == chat.visibility
    assert merged.seen_at == chat.seen_at
