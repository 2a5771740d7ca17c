"""The port store: chats, the names they have had, and two that prove to be one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from soso.model.batch import Tombstone
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.errors import BadInput, NotFound
from soso.model.ids import ChatKey, Peer, PeerKind, chat_doc, post_doc
from soso.ports.store import Store

from .store_cases import (
    add_chat,
    apply,
    at,
    batch,
    drain,
    find,
    ids,
    peer,
    photo,
    picture,
    post,
    tombstones,
)


def test_a_chat_is_found_by_whatever_it_is_called(store: Store) -> None:
    chat = add_chat(store, 1500, title="新 闻", username="XinWen")
    assert chat.key > 0
    assert store.get_chat(chat.key) == chat
    assert store.find_chat_by_peer(peer(1500)) == chat
    assert store.find_chat_by_peer(Peer(kind=PeerKind.USER, id=1500)) is None
    assert store.find_chat_by_peer(peer(10**30)) is None
    for name in ("xinwen", "@XINWEN", " XinWen "):
        assert store.find_chat_by_username(name) == chat
    assert store.find_chat_by_username("xin") is None
    assert store.find_chats_by_title("新 闻") == [chat]
    assert store.find_chats_by_title("新") == []
    unknown = ChatKey(99)
    assert store.get_chats([chat.key, unknown, ChatKey(2**90)]) == {chat.key: chat}
    for key in (unknown, ChatKey(2**90)):
        with pytest.raises(NotFound):
            store.get_chat(key)


def test_a_peer_is_one_chat(store: Store) -> None:
    chat = add_chat(store, 1500, title="先")
    again = add_chat(store, 1500, minutes=5, title="后")
    assert (again.key, again.title) == (chat.key, "后")
    other = add_chat(store, peer=None, title="无名", is_public=None)
    assert other.ref == f"x{other.key}"
    with pytest.raises(BadInput, match="1500"):
        store.update_chat(other.key, ChatSighting(peer=peer(1500)), at(9))
    known = store.update_chat(other.key, ChatSighting(peer=peer(7)), at(9))
    assert store.find_chat_by_peer(peer(7)) == known
    with pytest.raises(BadInput):
        add_chat(store, 2**70)


def test_a_sighting_is_merged_and_logged_once(store: Store) -> None:
    chat = add_chat(store, title="先", members=5)
    apply(store, chat, batch(post(1), post(2)))
    docs = [post_doc(find(store, chat, number).key) for number in (1, 2)]
    drain(store)
    store.update_chat(chat.key, ChatSighting(members=6), at(2))
    assert drain(store) == [chat_doc(chat.key)]
    store.update_chat(chat.key, ChatSighting(members=6), at(3))
    store.update_chat(chat.key, ChatSighting(title="更早"), at(0))
    assert drain(store) == []
    store.update_chat(chat.key, ChatSighting(title="后"), at(4))
    assert drain(store) == [chat_doc(chat.key), *docs]


def test_a_name_belongs_to_who_was_seen_under_it_last(store: Store) -> None:
    old = add_chat(store, 1, minutes=1, username="name")
    apply(store, old, batch(post(1)))
    drain(store)
    new = add_chat(store, 2, minutes=5, username="Name")
    assert store.find_chat_by_username("name") == new
    assert store.get_chat(old.key).username is None
    assert [known.name for known in store.get_chat(old.key).usernames] == ["name"]
    assert sorted(drain(store)) == sorted(
        [chat_doc(old.key), post_doc(find(store, old, 1).key), chat_doc(new.key)]
    )
    # An older page of the first holder takes nothing back, a newer one does.
    store.update_chat(old.key, ChatSighting(username="name"), at(3))
    assert store.find_chat_by_username("name") == new
    store.update_chat(old.key, ChatSighting(username="name"), at(9))
    assert store.find_chat_by_username("name") == store.get_chat(old.key)
    assert store.get_chat(new.key).username is None


def test_a_name_that_nobody_holds_leads_to_its_latest_holder(store: Store) -> None:
    chat = add_chat(store, 1, username="first")
    store.update_chat(chat.key, ChatSighting(username="second"), at(5))
    found = store.find_chat_by_username("first")
    assert found is not None
    assert found.username == "second"


def test_chats_are_listed_in_the_order_asked_for(store: Store) -> None:
    one = add_chat(store, 1, title="丙", members=5)
    two = add_chat(store, 2, title="甲", members=9, kind=ChatKind.GROUP)
    three = add_chat(store, 3, title="乙")
    private = add_chat(store, 4, title="私", is_public=False)
    apply(store, one, batch(post(1), post(2), post(3, "")))
    apply(store, two, batch(post(50)))

    def listed(**how: Any) -> list[int]:
        return [row.chat.peer.id for row in store.list_chats(**how) if row.chat.peer]

    assert listed() == listed(order="posts") == [1, 2, 3]
    assert listed(order="recent") == [2, 1, 3]
    assert listed(order="members") == [2, 1, 3]
    assert listed(order="title") == [1, 3, 2]
    assert listed(listed=False) == [1, 2, 3, 4]
    assert listed(kind=ChatKind.GROUP) == [2]
    assert (listed(limit=1), listed(limit=2, offset=2)) == ([1], [3])
    with pytest.raises(BadInput):
        store.list_chats(order="key; DROP TABLE chats")
    rows = {row.chat.key: row for row in store.list_chats()}
    assert (rows[one.key].posts, rows[one.key].last_post_at) == (2, at(2))
    assert (rows[three.key].posts, rows[three.key].last_post_at) == (0, None)
    assert store.count_chats() == {ChatKind.CHANNEL: 2, ChatKind.GROUP: 1}
    assert store.count_chats(listed=False)[ChatKind.CHANNEL] == 3
    store.set_chat(private.key, visibility=Visibility.PUBLIC)
    assert listed(order="title") == [1, 3, 2, 4]


def test_counts_follow_what_is_shown(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(*(post(number) for number in range(1, 6))))
    apply(store, chat, tombstones(5))
    store.hide_post(find(store, chat, 4).key, hidden=True)
    store.purge_posts([find(store, chat, 3).key])
    row = store.list_chats()[0]
    assert (row.posts, row.last_post_at) == (2, at(2))


def test_a_decision_about_a_chat_reaches_all_its_posts(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(*(post(number) for number in range(1, 1501))))
    drain(store)
    before = store.last_seq()
    told = store.set_chat(chat.key, visibility=Visibility.UNLISTED, sensitive=True)
    assert (told.visibility, told.sensitive, told.no_index) == (Visibility.UNLISTED, True, False)
    assert store.get_chat(chat.key) == told
    assert store.last_seq() == before + 1501
    docs = drain(store)
    assert docs[0] == chat_doc(chat.key)
    assert len(set(docs)) == 1501
    # What a source says later does not undo it.
    store.update_chat(chat.key, ChatSighting(is_public=True), at(9))
    assert store.get_chat(chat.key).visibility is Visibility.UNLISTED
    with pytest.raises(NotFound):
        store.set_chat(ChatKey(99), sensitive=True)


def test_pictures_of_chats_are_in_use(store: Store) -> None:
    chat = add_chat(store, picture=picture("a"))
    assert store.unused_blobs(["a" * 64, "A" * 64, "b" * 64]) == ["b" * 64]
    store.update_chat(chat.key, ChatSighting(picture=picture("c")), at(9))
    assert store.unused_blobs(["a" * 64, "c" * 64]) == ["a" * 64]


def test_two_chats_become_one(store: Store) -> None:
    html = add_chat(store, peer=None, title="频道", is_public=None, username=None)
    json = add_chat(store, 1500, title="频道", username="pindao")
    apply(
        store,
        html,
        batch(
            post(1, "早", media=(photo("a"),)),
            post(2, "午", edited_at=at(9)),
            post(3),
            post(8, "", album=(8, 9), media=(photo(post_id=8), photo(post_id=9))),
            minutes=20_000,
        ),
    )
    apply(store, html, batch(post(3, "改", edited_at=at(9)), minutes=20_001))
    apply(store, json, batch(post(1, "早", views=7), post(2, "旧午"), post(9, "说明")))
    keys = {number: find(store, json, number).key for number in (1, 2, 9)}
    gone = [post_doc(find(store, html, number).key) for number in (1, 2, 8)]
    moved = find(store, html, 3).key
    drain(store)

    assert store.merge_chats(html.key, json.key, at(30_000)) == 4

    assert ids(list(store.iter_posts(json.key))) == [1, 2, 3, 8]
    assert list(store.iter_posts(html.key)) == []
    first = find(store, json, 1)
    assert (first.key, first.post.views, len(first.post.media)) == (keys[1], 7, 1)
    assert find(store, json, 2).post.text == "午"
    assert [r.text for r in store.list_revisions(keys[2])] == ["旧午"]
    assert find(store, json, 3).key == moved
    assert [r.text for r in store.list_revisions(moved)] == ["第 3 条"]
    album = find(store, json, 9)
    assert (album.key, album.post.id, album.post.text) == (keys[9], 8, "说明")
    assert store.get_chat(html.key).merged_into == json.key
    assert store.count_chats(listed=False) == {ChatKind.CHANNEL: 1}
    assert store.count_posts() == store.count_posts(json.key) == 4
    assert store.unused_blobs(["a" * 64]) == []
    assert {*gone, post_doc(moved), *(post_doc(key) for key in keys.values())} <= {*drain(store)}


def test_a_merged_chat_leads_to_the_other(store: Store) -> None:
    known = add_chat(store, 1500, title="旧名", username="old")
    target = add_chat(store, minutes=5, peer=None, title="新名", is_public=None, username="new")
    earlier = add_chat(store, 3, minutes=1, peer=None, title="更早", is_public=None)
    store.merge_chats(earlier.key, known.key, at(6))
    store.merge_chats(known.key, target.key, at(7))
    joined = store.get_chat(target.key)
    assert (joined.peer, joined.title, joined.username) == (peer(1500), "新名", "new")
    assert store.find_chat_by_peer(peer(1500)) == joined
    assert store.find_chat_by_username("old") == joined
    assert store.get_chat(earlier.key).merged_into == target.key
    assert store.find_chats_by_title("旧名") == []
    # Whoever still has the old key writes where it went.
    apply(store, known, batch(post(1)))
    assert find(store, target, 1).chat == target.key
    assert store.update_chat(known.key, ChatSighting(members=3), at(9)).key == target.key
    for source, into in ((known, target), (target, known), (target, target)):
        with pytest.raises(BadInput):
            store.merge_chats(source.key, into.key, at(8))


def test_chats_that_telegram_tells_apart_are_not_merged(store: Store) -> None:
    one, two = add_chat(store, 1), add_chat(store, 2)
    apply(store, one, batch(post(1)))
    with pytest.raises(BadInput):
        store.merge_chats(one.key, two.key, at(9))
    assert find(store, one, 1).chat == one.key
    with pytest.raises(NotFound):
        store.merge_chats(ChatKey(99), two.key, at(9))


def test_deletions_told_of_either_chat_hold_for_both(store: Store) -> None:
    one = add_chat(store, 1)
    two = add_chat(store, peer=None, title="二", is_public=None)
    apply(store, one, batch(post(1), post(2)), tombstones(3, 4))
    dead = (Tombstone(post_id=1, at=at(20_000)), Tombstone(post_id=2, at=at(9)))
    apply(store, two, batch(tombstones=dead), batch(post(3), post(4), minutes=15_000))
    apply(store, two, batch(post(4), minutes=30_000))
    store.merge_chats(two.key, one.key, at(40_000))
    alive = {number: find(store, one, number).buried_at is None for number in (1, 2, 3, 4)}
    assert alive == {1: False, 2: True, 3: False, 4: True}
    apply(store, one, batch(post(1), minutes=19_000))
    assert find(store, one, 1).buried_at == at(20_000)


def test_a_large_chat_is_merged_in_one_go(store: Store) -> None:
    one, two = add_chat(store, 1), add_chat(store, peer=None, title="二", is_public=None)
    apply(store, one, batch(*(post(n) for n in range(1, 1500))))
    apply(store, two, batch(*(post(n, views=n) for n in range(1000, 2600))))
    assert store.merge_chats(two.key, one.key, at(40_000)) == 1600
    assert ids(list(store.iter_posts(one.key))) == list(range(1, 2600))
    assert find(store, one, 1200).post.views == 1200


def test_a_chat_is_purged_with_those_merged_into_it(store: Store) -> None:
    one = add_chat(store, 1, picture=picture("a"), username="gone")
    two = add_chat(store, peer=None, title="二", is_public=None)
    other = add_chat(store, 3)
    apply(store, one, batch(post(1, media=(photo("b"),)), post(2, media=(photo("c"),))))
    apply(store, other, batch(post(1, media=(photo("c"),))), tombstones(7))
    apply(store, one, tombstones(9))
    store.merge_chats(two.key, one.key, at(9))
    docs = [post_doc(find(store, one, number).key) for number in (1, 2)]
    drain(store)
    unused = store.purge_chat(one.key)
    assert sorted(unused) == sorted(["a" * 64, "A" * 64, "b" * 64, "B" * 64])
    assert {*docs, chat_doc(one.key), chat_doc(two.key)} == {*drain(store)}
    for key in (one.key, two.key):
        with pytest.raises(NotFound):
            store.get_chat(key)
    assert store.find_chat_by_username("gone") is None
    assert store.find_chat_by_peer(peer(1)) is None
    assert ids(list(store.iter_posts(other.key))) == [1]
    assert store.purge_chat(one.key) == []
    assert add_chat(store, 1).key > two.key


def test_times_before_1970_and_far_ahead_are_kept(store: Store) -> None:
    chat = add_chat(store)
    times = [datetime(1950, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)]
    apply(store, chat, batch(*(post(n, at=when) for n, when in enumerate(times, 1))))
    assert ids(store.list_posts(chat.key)) == [2, 1]
    assert store.list_chats()[0].last_post_at == times[1]
