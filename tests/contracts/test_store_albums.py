"""The port store: ids that prove to be one album become one post, whichever came first."""

from itertools import permutations
from typing import Any

import msgspec
import pytest

from soso.model.batch import Archived, Block
from soso.model.chat import Chat
from soso.model.ids import PostKey, post_doc
from soso.model.post import Post, Revision
from soso.ports.store import Store

from .store_cases import (
    NOW,
    add_chat,
    apply,
    at,
    batch,
    drain,
    find,
    ids,
    photo,
    post,
    tombstones,
)


@pytest.fixture
def chat(store: Store) -> Chat:
    return add_chat(store)


def album(*numbers: int, text: str = "合影", **fields: Any) -> Post:
    media = tuple(photo(post_id=number) for number in numbers)
    told = {"album": numbers, "media": media, "at": at(5)}
    return post(numbers[0], text, **(told | fields))


def single(number: int, text: str = "", **fields: Any) -> Post:
    return post(number, text, **({"at": at(5), "media": (photo(),)} | fields))


def owners(store: Store, chat: Chat, number: int) -> list[int | None]:
    return [item.post_id for item in find(store, chat, number).post.media]


def test_every_id_of_an_album_leads_to_it(store: Store, chat: Chat) -> None:
    apply(store, chat, batch(album(5, 6, 7), post(8)))
    assert {find(store, chat, n).post.id for n in (5, 6, 7)} == {5}
    found = store.find_posts(chat.key, [6, 7, 8])
    assert {asked: stored.post.id for asked, stored in found.items()} == {6: 5, 7: 5, 8: 8}
    assert ids(list(store.iter_posts(chat.key))) == [5, 8]


def test_rows_of_single_items_become_the_album(store: Store, chat: Chat) -> None:
    apply(store, chat, batch(single(5, "合影"), single(6, media=(photo("a"),)), single(7)))
    keys = {n: find(store, chat, n).key for n in (5, 6, 7)}
    drain(store)
    assert apply(store, chat, batch(album(5, 6, 7), minutes=10_001)) == [(0, 0, 1, 0, 0, 0)]
    assert ids(list(store.iter_posts(chat.key))) == [5]
    kept = find(store, chat, 7)
    assert (kept.key, kept.post.album) == (keys[5], (5, 6, 7))
    assert owners(store, chat, 5) == [5, 6, 7]
    assert sorted(drain(store)) == sorted(post_doc(key) for key in keys.values())
    assert store.get_posts([keys[6], keys[7]]) == []
    assert store.unused_blobs(["a" * 64]) == []
    assert store.count_posts(chat.key) == 1


def test_the_lowest_id_leads_whenever_it_is_seen(store: Store, chat: Chat) -> None:
    apply(store, chat, batch(album(6, 7)))
    key = find(store, chat, 6).key
    apply(store, chat, batch(album(5, 6, 7), minutes=10_001))
    kept = find(store, chat, 6)
    assert (kept.key, kept.post.id, kept.post.album) == (key, 5, (5, 6, 7))
    assert owners(store, chat, 7) == [5, 6, 7]


def test_albums_that_overlap_are_one(store: Store, chat: Chat) -> None:
    both = batch(album(5, 6), album(7, 8))
    apply(store, chat, both)
    apply(store, chat, batch(album(6, 7), minutes=10_001))
    assert find(store, chat, 8).post.album == (5, 6, 7, 8)
    assert store.count_posts(chat.key) == 1
    assert apply(store, chat, both) == [(0, 0, 0, 2, 0, 0)]


@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_any_order_of_arrival_gives_one_album(
    store: Store, chat: Chat, order: tuple[int, ...]
) -> None:
    seen = [single(5, "合影"), single(6), album(5, 6, 7), single(7)]
    for index in order:
        apply(store, chat, batch(seen[index]))
    assert ids(list(store.iter_posts(chat.key))) == [5]
    assert find(store, chat, 7).post.text == "合影"
    assert owners(store, chat, 6) == [5, 6, 7]
    for index in order:
        assert apply(store, chat, batch(seen[index])) == [(0, 0, 0, 1, 0, 0)]


def test_one_batch_may_hold_the_album_and_its_items(store: Store, chat: Chat) -> None:
    rows = batch(single(5), single(6, "说明"), album(5, 6, text=""))
    assert apply(store, chat, rows) == [(2, 0, 1, 0, 0, 0)]
    assert find(store, chat, 6).post.text == "说明"
    assert ids(list(store.iter_posts(chat.key))) == [5]
    assert apply(store, chat, rows) == [(0, 0, 0, 3, 0, 0)]


def test_what_an_item_said_before_stays_with_the_album(store: Store, chat: Chat) -> None:
    apply(store, chat, batch(single(6, "先前")))
    apply(store, chat, batch(single(6, "合影", edited_at=at(9)), minutes=10_001))
    apply(store, chat, batch(single(5)))
    apply(store, chat, batch(album(5, 6), minutes=10_002))
    kept = find(store, chat, 6)
    assert [r.text for r in store.list_revisions(kept.key)] == ["先前"]
    assert kept.revisions == 1


def test_a_deleted_item_stays_out_and_a_deleted_lead_takes_the_post(
    store: Store, chat: Chat
) -> None:
    apply(store, chat, batch(album(5, 6, 7)))
    assert apply(store, chat, tombstones(6)) == [(0, 0, 0, 0, 0, 0)]
    assert owners(store, chat, 5) == [5, 7]
    assert apply(store, chat, batch(album(5, 6, 7)), batch(single(6))) == [
        (0, 0, 0, 1, 0, 0),
        (0, 0, 0, 1, 0, 0),
    ]
    assert owners(store, chat, 6) == [5, 7]
    assert apply(store, chat, tombstones(5)) == [(0, 0, 0, 0, 0, 1)]
    assert store.count_posts(chat.key) == 0


def test_a_deleted_item_is_not_taken_into_an_album(store: Store, chat: Chat) -> None:
    apply(store, chat, batch(single(5, "合影"), single(6, "删了")), tombstones(6))
    apply(store, chat, batch(album(5, 6)))
    assert owners(store, chat, 6) == [5]
    assert find(store, chat, 6).post.text == "合影"
    assert find(store, chat, 6).buried_at is None


def test_ids_of_a_deleted_album_lead_to_the_one_that_meets_it(store: Store, chat: Chat) -> None:
    old = batch(album(5, 6, text="旧"), album(7, 8))
    apply(store, chat, old, tombstones(5))
    met = batch(album(6, 7), minutes=20_000)
    apply(store, chat, met)
    assert find(store, chat, 5).post.album == (5, 6, 7, 8)
    assert find(store, chat, 5).post.text == "合影"
    assert apply(store, chat, old, met) == [(0, 0, 0, 2, 0, 0), (0, 0, 0, 1, 0, 0)]


def test_a_blocked_item_stays_out_and_a_blocked_lead_keeps_the_post_out(
    store: Store, chat: Chat
) -> None:
    store.add_block(Block(at=NOW, chat=chat.ref, post_id=6))
    apply(store, chat, batch(album(5, 6, 7)))
    assert owners(store, chat, 5) == [5, 7]
    store.add_block(Block(at=NOW, chat=chat.ref, post_id=8))
    assert apply(store, chat, batch(album(8, 9))) == [(0, 0, 0, 0, 1, 0)]


def test_a_hidden_item_hides_the_album(store: Store, chat: Chat) -> None:
    apply(store, chat, batch(single(5), single(6)))
    store.hide_post(find(store, chat, 6).key, hidden=True)
    apply(store, chat, batch(album(5, 6)))
    assert find(store, chat, 5).hidden
    assert store.count_posts(chat.key) == 0


def test_an_album_with_its_lead_last_in_order_is_put_right(store: Store, chat: Chat) -> None:
    wrong = msgspec.structs.replace(album(7, 6), id=7)
    apply(store, chat, batch(wrong))
    assert find(store, chat, 7).post.id == 6
    assert apply(store, chat, batch(wrong)) == [(0, 0, 0, 1, 0, 0)]


def test_a_dump_restores_an_album(store: Store, chat: Chat) -> None:
    archived = Archived(first_seen_at=at(1), revisions=(Revision(text="先前", replaced_at=at(2)),))
    dump = batch(album(5, 6), archived={5: archived})
    apply(store, chat, batch(single(6)), dump, dump)
    kept = find(store, chat, 6)
    assert (kept.first_seen_at, kept.revisions) == (at(1), 1)


def test_purging_an_album_frees_its_ids(store: Store, chat: Chat) -> None:
    apply(store, chat, batch(album(5, 6)))
    key: PostKey = find(store, chat, 6).key
    store.purge_posts([key])
    assert store.find_post(chat.key, 6) is None
    apply(store, chat, batch(single(6)))
    assert find(store, chat, 6).key > key
