"""The port store: clusters of copies are kept, found by what settling asks, and counted."""

import pytest

from soso.model.chat import Visibility
from soso.model.errors import Busy
from soso.model.ids import ChatKey, PostKey, chat_doc, post_doc
from soso.ports.clusters import Dressing
from soso.ports.store import Store
from soso.similarity.boilerplate import Sampled
from soso.similarity.clusters import Row, Settled, Sighting, Tie

from .store_cases import add_chat, apply, batch, post, tombstones

LARGE = 2**63 - 1


def row(key: int, tied: Tie = Tie.NONE, senior: int | None = None, **seen: object) -> Row:
    told: dict[str, object] = {"key": PostKey(key), "chat": ChatKey(1), "at": key, "tie": -LARGE}
    sighting = Sighting(**(told | seen))  # type: ignore[arg-type]
    head = PostKey(senior if senior is not None else key)
    return Row(sighting, tied, None if senior is None else PostKey(senior), head)


def write(store: Store, *rows: Row, **settled: object) -> None:
    told: dict[str, object] = {"rows": list(rows), "gone": [], "added": [], "dropped": []}
    store.put_copies(store.copies_turn(), Settled(**(told | settled)))  # type: ignore[arg-type]


def test_rows_come_back_as_they_were(store: Store) -> None:
    rows = [
        row(1, text=-LARGE, features=(-LARGE, 0, LARGE)),
        row(2, Tie.TEXT, 1, text=-LARGE),
        row(3, Tie.ORIGIN, 1, origin=9, source=PostKey(1)),
        row(4, Tie.LIKENESS, 1, text=5),
    ]
    write(store, *rows)
    assert store.find_rows([PostKey(number) for number in range(9)]) == {
        one.seen.key: one for one in rows
    }
    assert store.find_by_text([-LARGE, 5, 6]) == {-LARGE: rows[0], 5: rows[3]}
    assert store.find_by_origin([9, 10]) == {9: [rows[2]]}
    assert sorted(store.find_members([PostKey(1)])) == rows[1:]
    write(store, rows[1]._replace(tied=Tie.NONE, senior=None, head=PostKey(2)), gone=[PostKey(3)])
    assert sorted(store.find_members([PostKey(1)])) == rows[3:]
    assert store.find_rows([PostKey(3)]) == {}


def test_features_are_added_and_dropped(store: Store) -> None:
    one, two = PostKey(1), PostKey(2)
    write(store, added=[(7, one), (7, two), (-LARGE, one)])
    assert store.find_by_features([7, -LARGE, 8]) == {7: {one, two}, -LARGE: {one}}
    write(store, dropped=[(7, one)])
    assert store.find_by_features([7]) == {7: {two}}


def test_dressings_are_kept_with_and_without_their_sample(store: Store) -> None:
    chat = ChatKey(3)
    sample = [Sampled(order=1, post_id=-2, key=PostKey(4), body=5, marks=(6, 7))]
    learnt = Dressing(chat=chat, identity="@a", marks=frozenset({6}), bound=8, stale=True)
    nothing = Settled([], [], [], [])
    turn = store.put_copies(store.copies_turn(), nothing, dressings=[(learnt, sample)])
    assert store.find_dressings([chat, ChatKey(4)]) == {chat: learnt}
    assert store.find_sample(chat) == sample
    assert store.list_stale_chats() == [chat]
    fresh = Dressing(chat=chat, identity="@b")
    store.put_copies(turn, nothing, dressings=[(fresh, None)])
    assert store.find_dressings([chat]) == {chat: fresh}
    assert store.find_sample(chat) == sample
    assert store.list_stale_chats() == store.find_sample(ChatKey(4)) == []


def test_a_change_that_was_overtaken_is_refused_whole(store: Store) -> None:
    turn = store.copies_turn()
    write(store, row(1))
    with pytest.raises(Busy):
        store.put_copies(turn, Settled([row(2)], [PostKey(1)], [], []), done=("cluster", 1))
    assert list(store.find_rows([PostKey(1), PostKey(2)])) == [1]


def test_a_change_acknowledges_what_it_has_done(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2)))
    last = store.changes("cluster")[-1].seq
    store.put_copies(store.copies_turn(), Settled([], [], [], []), done=("cluster", last))
    assert store.lag("cluster") == 0


def test_clusters_are_found_and_counted_as_readers_see_them(store: Store) -> None:
    chat, other, third = add_chat(store), add_chat(store, 1501), add_chat(store, 1502)
    for one in (chat, other, third):
        apply(store, one, batch(post(1), post(2)))
    rows = [
        row(key, Tie.TEXT if key > 1 else Tie.NONE, 1 if key > 1 else None) for key in range(1, 7)
    ]
    write(store, *rows[:5], row(6))
    docs = [post_doc(PostKey(key)) for key in range(1, 9)]
    heads = store.clusters_of([*docs, chat_doc(chat.key)])
    assert heads == {**dict.fromkeys(docs[:5], docs[0]), docs[5]: docs[5]}
    assert store.cluster_sizes(set(heads.values())) == {docs[0]: (5, 3)}
    assert store.count_copies() == (5, 1)
    apply(store, other, tombstones(1, 2))
    store.set_chat(third.key, visibility=Visibility.PRIVATE)
    assert store.cluster_sizes(docs) == {docs[0]: (2, 1)}
    assert store.list_cluster(PostKey(4)) == [1, 2, 3, 4, 5]
    assert store.list_cluster(PostKey(6)) == [6]
    assert store.list_cluster(PostKey(99)) == [99]
    store.drop_copies()
    assert store.clusters_of(docs) == {}
