"""The port store: posts go in by batches and come out by id, by key and by time."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soso.model.batch import Archived, Batch, Block
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.errors import BadInput, NotFound
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey, post_doc
from soso.model.media import MediaKind
from soso.model.post import Post, Revision, Service, StoredPost
from soso.ports.posts import Place
from soso.ports.store import Store
from tests.unit.model.sightings import sightings

from .store_cases import (
    NOW,
    add_chat,
    apply,
    at,
    batch,
    drain,
    find,
    ids,
    make_store,
    photo,
    post,
    tombstones,
)


def test_all_tombstones_can_be_read_back(store: Store) -> None:
    chat, other = add_chat(store), add_chat(store, 1501)
    apply(store, chat, batch(post(1, "一")), tombstones(1, 7))
    assert [one.post_id for one in store.iter_tombstones(chat.key)] == [1, 7]
    assert list(store.iter_tombstones(other.key)) == []


def test_a_batch_goes_in_once(store: Store) -> None:
    chat = add_chat(store)
    first = batch(post(1), post(2), photo_post(3))
    assert apply(store, chat, first, first) == [(3, 0, 0, 0, 0, 0), (0, 0, 0, 3, 0, 0)]
    stored = find(store, chat, 3)
    assert stored.post == photo_post(3)
    assert (stored.chat, stored.observed_at, stored.first_seen_at) == (chat.key, at(10_000), NOW)
    assert store.count_posts() == store.count_posts(chat.key) == 3


def photo_post(number: int, text: str = "") -> Post:
    return post(number, text, media=(photo("a"),))


def test_every_field_comes_back(store: Store) -> None:
    chat = add_chat(store)
    odd = post(
        -1_000_000_001,
        "零\0字节 \u2028 😀",
        views=10**30,
        topic_id=2**63,
        service=Service(action="pin_message", raw='{"a": 1}'),
    )
    apply(store, chat, batch(odd))
    assert find(store, chat, odd.id).post == odd


def test_an_edit_keeps_what_was_said(store: Store) -> None:
    chat = add_chat(store)
    again = batch(post(1, "后来", edited_at=at(50)), post(2), minutes=10_001)
    assert apply(store, chat, batch(post(1, "先前"), post(2)), again, again) == [
        (2, 0, 0, 0, 0, 0),
        (0, 1, 0, 1, 0, 0),
        (0, 0, 0, 2, 0, 0),
    ]
    stored = find(store, chat, 1)
    assert (stored.post.text, stored.revisions) == ("后来", 1)
    assert store.list_revisions(stored.key) == [Revision(text="先前", replaced_at=at(10_001))]
    apply(store, chat, batch(post(1, "再后来", edited_at=at(90)), minutes=10_002))
    assert [r.text for r in store.list_revisions(stored.key)] == ["先前", "后来"]
    assert store.list_revisions(PostKey(2**70)) == []


def test_the_index_hears_of_what_it_must_follow(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1, views=100), post(2), post(3)))
    drain(store)
    apply(store, chat, batch(post(1, views=110), post(2), minutes=10_001))
    assert drain(store) == []
    assert find(store, chat, 1).post.views == 110
    apply(store, chat, batch(post(1, views=126), post(2, author="甲"), minutes=10_002))
    assert drain(store) == [post_doc(find(store, chat, n).key) for n in (1, 2)]
    apply(store, chat, tombstones(3))
    assert drain(store) == [post_doc(find(store, chat, 3).key)]


def test_a_deleted_post_is_buried_until_it_is_seen_again(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2)))
    assert apply(store, chat, tombstones(1, 7), tombstones(1, 7)) == [
        (0, 0, 0, 0, 0, 1),
        (0, 0, 0, 0, 0, 0),
    ]
    assert find(store, chat, 1).buried_at == at(20_000)
    assert ids(store.list_posts(chat.key)) == [2]
    assert store.count_posts() == 1
    assert apply(store, chat, batch(post(1), minutes=20_000)) == [(0, 0, 0, 1, 0, 0)]
    assert apply(store, chat, batch(post(1), minutes=20_001)) == [(0, 0, 1, 0, 0, 0)]
    assert find(store, chat, 1).buried_at is None
    assert ids(store.list_posts(chat.key)) == [2, 1]


def test_a_deletion_may_come_before_the_post(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, tombstones(1, 2))
    assert apply(store, chat, batch(post(1)), batch(post(2), minutes=20_001)) == [
        (1, 0, 0, 0, 0, 0),
        (1, 0, 0, 0, 0, 0),
    ]
    assert find(store, chat, 1).buried_at == at(20_000)
    assert find(store, chat, 2).buried_at is None
    assert store.count_posts(chat.key) == 1


def test_posts_come_in_the_order_of_keys(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2), post(3)))
    keys = [find(store, chat, number).key for number in (3, 1)]
    wanted = [keys[0], PostKey(10**6), PostKey(2**80), PostKey(-1), keys[1]]
    assert ids(store.get_posts(wanted)) == [3, 1]
    assert store.get_posts([]) == []


def test_many_posts_are_found_at_once(store: Store) -> None:
    chat, other = add_chat(store, 1), add_chat(store, 2)
    apply(store, chat, batch(*(post(n) for n in range(1, 2501))))
    apply(store, other, batch(post(3001)))
    found = store.find_posts(chat.key, [*range(0, 2501, 2), 3001, 2**70])
    assert sorted(found) == list(range(2, 2501, 2))
    assert all(found[n].post.id == n for n in found)
    assert ids(list(store.iter_posts(chat.key))) == list(range(1, 2501))
    keys = [found[n].key for n in found]
    assert store.get_posts(keys) == list(found.values())
    assert store.find_post(chat.key, 3001) is None
    assert store.find_post(ChatKey(99), 1) is None


@pytest.fixture
def listed(store: Store) -> Any:
    """A chat whose posts 4 and 5 share a second, 6 is a service row, 7 hidden, 8 deleted, 9 is
    nothing."""
    chat = add_chat(store)
    rows = [
        post(1),
        photo_post(2),
        post(3, media=(msgspec.structs.replace(photo(), kind=MediaKind.VIDEO), photo())),
        post(4, at=at(4)),
        post(5, at=at(4)),
        post(6, service=Service(action="create_channel")),
        post(7),
        post(8),
        post(9, ""),
    ]
    apply(store, chat, batch(*rows), tombstones(8))
    store.hide_post(find(store, chat, 7).key, hidden=True)
    return chat


def test_a_list_shows_what_may_be_shown_newest_first(store: Store, listed: Any) -> None:
    assert ids(store.list_posts(listed.key)) == [5, 4, 3, 2, 1]
    assert ids(store.list_posts(None)) == [5, 4, 3, 2, 1]
    assert ids(store.list_posts(listed.key, limit=2)) == [5, 4]
    assert store.list_posts(listed.key, limit=0) == []
    assert ids(store.list_posts(listed.key, kinds=[MediaKind.PHOTO])) == [3, 2]
    assert ids(store.list_posts(None, kinds=[MediaKind.VIDEO, MediaKind.VOICE])) == [3]
    assert store.list_posts(None, kinds=[MediaKind.VOICE]) == []
    assert store.count_posts(listed.key) == 5


def test_a_list_is_paged_by_place(store: Store, listed: Any) -> None:
    def place(number: int) -> Place:
        stored = find(store, listed, number)
        return Place(at=stored.post.at, key=stored.key)

    page: list[StoredPost] = []
    while run := store.list_posts(
        listed.key, before=place(page[-1].post.id) if page else None, limit=2
    ):
        page += run
    assert ids(page) == [5, 4, 3, 2, 1]
    assert ids(store.list_posts(listed.key, after=place(1), limit=2)) == [3, 2]
    assert ids(store.list_posts(None, after=place(4))) == [5]
    assert ids(store.list_posts(None, after=place(1), before=place(5))) == [4, 3, 2]
    assert store.list_posts(None, before=place(1)) == []


def test_lists_of_all_chats_leave_out_those_that_are_not_listed(store: Store) -> None:
    for number, visibility in enumerate(Visibility):
        chat = add_chat(store, number + 1)
        apply(store, chat, batch(post(number + 1)))
        store.set_chat(chat.key, visibility=visibility)
    assert ids(store.list_posts(None)) == [1]
    assert store.count_posts() == 3


def test_hiding_and_marking(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1)))
    key = find(store, chat, 1).key
    drain(store)
    store.hide_post(key, hidden=True)
    store.mark_post(key, sensitive=True)
    assert drain(store) == [post_doc(key), post_doc(key)]
    assert (find(store, chat, 1).hidden, find(store, chat, 1).sensitive) == (True, True)
    assert store.count_posts(chat.key) == 0
    again = batch(post(1, "改过", edited_at=at(99)), minutes=10_001)
    apply(store, chat, again)
    stored = find(store, chat, 1)
    assert (stored.hidden, stored.sensitive, stored.post.text) == (True, True, "改过")
    store.hide_post(key, hidden=False)
    store.mark_post(key, sensitive=False)
    assert store.count_posts(chat.key) == 1
    for unknown in (PostKey(99), PostKey(2**70)):
        with pytest.raises(NotFound):
            store.hide_post(unknown, hidden=True)


def test_our_own_dump_comes_back_as_it_was(store: Store) -> None:
    chat = add_chat(store)
    said = (Revision(text="先前", replaced_at=at(5)), Revision(text="其后", replaced_at=at(6)))
    dump = batch(
        post(1, "现在", edited_at=at(4)),
        post(2),
        post(3),
        minutes=50_000,
        archived={
            1: Archived(first_seen_at=at(2), revisions=said, sensitive=True),
            2: Archived(first_seen_at=at(3), buried_at=at(9)),
            3: Archived(first_seen_at=at(3), observed_at=at(30), hidden=True),
        },
    )
    assert apply(store, chat, dump, dump) == [(3, 0, 0, 0, 0, 0), (0, 0, 0, 3, 0, 0)]
    one, two, three = (find(store, chat, number) for number in (1, 2, 3))
    assert (one.first_seen_at, one.revisions, one.sensitive) == (at(2), 2, True)
    assert store.list_revisions(one.key) == list(said)
    assert two.buried_at == at(9)
    assert (three.hidden, three.observed_at) == (True, at(30))
    # An older export, made before the post was deleted, brings nothing back.
    assert apply(store, chat, batch(post(2), minutes=8)) == [(0, 0, 0, 1, 0, 0)]


def test_a_dump_adds_to_what_is_there(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1, "先前"), post(2)))
    apply(store, chat, batch(post(1, "现在", edited_at=at(9)), minutes=10_001))
    dump = batch(
        post(1, "现在", edited_at=at(9)),
        post(2),
        archived={
            1: Archived(
                first_seen_at=at(2),
                revisions=(
                    Revision(text="更早", replaced_at=at(3)),
                    Revision(text="先前", replaced_at=at(10_001)),
                ),
            ),
            2: Archived(first_seen_at=NOW, observed_at=at(1), buried_at=at(20_000)),
        },
    )
    apply(store, chat, dump, dump)
    stored = find(store, chat, 1)
    assert [r.text for r in store.list_revisions(stored.key)] == ["更早", "先前"]
    assert (stored.revisions, stored.first_seen_at) == (2, at(2))
    assert find(store, chat, 2).buried_at == at(20_000)


@pytest.mark.parametrize(
    ("block", "kept_out"),
    [
        (Block(at=NOW, chat="1500"), {1, 2, 3}),
        (Block(at=NOW, chat="@PinDao"), {1, 2, 3}),
        (Block(at=NOW, chat="@other"), set()),
        (Block(at=NOW, chat="1500", post_id=2), {2}),
        (Block(at=NOW, chat="9", post_id=2), set()),
        (Block(at=NOW, author="u7"), {3}),
        (Block(at=NOW, author="u7", chat="9"), set()),
        (Block(at=NOW, word=" BadWord "), {1}),
        (Block(at=NOW, word="文件"), {2}),
    ],
)
def test_blocks_keep_posts_out(store: Store, block: Block, kept_out: set[int]) -> None:
    chat = add_chat(store, username="pindao")
    store.add_block(block)
    rows = [
        post(1, "a badword b"),
        post(2, media=(photo(file_name="文件.pdf"),)),
        post(3, author_peer=Peer(kind=PeerKind.USER, id=7)),
    ]
    left = 3 - len(kept_out)
    assert apply(store, chat, batch(*rows)) == [(left, 0, 0, 0, len(kept_out), 0)]
    assert {n for n in (1, 2, 3) if store.find_post(chat.key, n) is None} == kept_out
    store.remove_block(block)
    assert apply(store, chat, batch(*rows)) == [(len(kept_out), 0, 0, left, 0, 0)]


def test_blocks_of_a_batch_are_kept_and_hold_for_it(store: Store) -> None:
    chat = add_chat(store)
    block = Block(at=NOW, word="广告", reason="垃圾")
    assert apply(store, chat, batch(post(1, "大广告"), post(2), blocks=(block,))) == [
        (1, 0, 0, 0, 1, 0)
    ]
    assert store.list_blocks() == [block]


def test_the_cursor_is_kept_with_the_batch(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), cursor="17"))
    assert store.find_cursor("test") == "17"
    apply(store, chat, batch(post(2)))
    assert store.find_cursor("test") == "17"


@pytest.mark.parametrize(
    "wrong",
    [
        batch(post(2**63)),
        batch(post(1, album=(1, 2**70))),
        tombstones(-(2**64)),
        batch(post(1, "\ud800")),
        batch(post(2, at=datetime(2026, 1, 1))),
        Batch(chat=ChatSighting(), observed_at=datetime(2026, 1, 1), posts=(post(1),)),
        batch(post(2), blocks=(Block(at=NOW),)),
        batch(post(2), blocks=(Block(at=NOW, post_id=4),)),
    ],
)
def test_what_can_not_be_kept_is_bad_input_and_nothing_of_it_is_written(
    store: Store, wrong: Batch
) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(9)))
    seq = store.last_seq()
    mixed = msgspec.structs.replace(wrong, posts=(post(0), *wrong.posts), cursor="x")
    with pytest.raises(BadInput):
        store.apply(chat.key, mixed, source="test", at=NOW)
    assert ids(list(store.iter_posts(chat.key))) == [9]
    assert (store.last_seq(), store.find_cursor("test")) == (seq, None)


def test_an_unknown_chat_is_not_found(store: Store) -> None:
    for key in (ChatKey(99), ChatKey(2**64)):
        with pytest.raises(NotFound):
            store.apply(key, batch(post(1)), source="test", at=NOW)


def test_words_are_folded_and_posts_marked_as_the_store_is_told(tmp_path: Path) -> None:
    store = make_store(
        "sqlite",
        tmp_path,
        fold=lambda text: text.casefold().replace("電", "电"),
        is_sensitive=lambda seen: "血" in seen.text,
    )
    chat = add_chat(store)
    store.add_block(Block(at=NOW, word="電影"))
    assert apply(store, chat, batch(post(1, "好电影"), post(2, "流血"), post(3))) == [
        (2, 0, 0, 0, 1, 0)
    ]
    assert [find(store, chat, n).sensitive for n in (2, 3)] == [True, False]
    apply(store, chat, batch(post(3, "也流血", edited_at=at(9)), minutes=10_001))
    assert find(store, chat, 3).sensitive
    store.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seen=st.lists(sightings, min_size=1, max_size=5))
def test_any_batches_applied_twice_are_applied_once(
    store: Store, seen: list[tuple[Post, datetime]]
) -> None:
    number = store.last_seq() + 1  # a chat of its own for every example
    chat = add_chat(store, number, kind=ChatKind.GROUP)
    for sighting, observed_at in seen:
        one = Batch(chat=ChatSighting(), observed_at=observed_at, posts=(sighting,))
        store.apply(chat.key, one, source="test", at=NOW)
        once, seq = list(store.iter_posts(chat.key)), store.last_seq()
        again = store.apply(chat.key, one, source="test", at=datetime(2030, 1, 1, tzinfo=UTC))
        assert again.kept == 1
        assert list(store.iter_posts(chat.key)) == once
        assert store.last_seq() == seq
