"""What ports.changes promises of shares and of key ranges."""

from itertools import chain

from soso.model.ids import chat_doc
from soso.ports.changes import Share
from soso.ports.store import Store

from .store_cases import add_chat, apply, batch, post


def test_each_change_lies_in_one_share_in_its_order(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(*(post(number) for number in range(1, 30))))
    every = store.changes("all")
    shares = [Share(number=number, of=3) for number in range(3)]
    parts = [store.changes(f"s/{one.number}", share=one) for one in shares]
    assert sorted(chain(*parts), key=lambda change: change.seq) == every
    for share, part in zip(shares, parts, strict=True):
        assert part
        assert [change.seq for change in part] == sorted(change.seq for change in part)
        assert all((change.doc // 2) % 3 == share.number for change in part)
        assert store.lag(f"s/{share.number}", share=share) == len(part)
    assert store.lag("all", share=Share(number=0, of=1)) == store.lag("all") == len(every)


def test_a_limit_counts_changes_of_the_share(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(*(post(number) for number in range(1, 30))))
    share = Share(number=1, of=4)
    every = store.changes("s", share=share)
    first = store.changes("s", share=share, limit=2)
    assert first == every[:2]
    assert store.changes("s", share=share, limit=2, after=first[-1].seq) == every[2:4]
    store.ack("s", first[-1].seq)
    assert store.changes("s", share=share) == every[2:]
    assert store.lag("s", share=share) == len(every) - 2


def test_ranges_of_keys_make_up_the_whole(store: Store) -> None:
    assert store.last_key() == 0
    chats = [add_chat(store, number) for number in (1500, 1501)]
    for chat in chats:
        apply(store, chat, batch(*(post(number) for number in range(1, 8))))
    every = list(chain(*store.iter_docs()))
    last = store.last_key()
    assert last == max(doc // 2 for doc in every)
    parts = [
        chain(*store.iter_docs(after=after, until=after + 4)) for after in range(0, last + 1, 4)
    ]
    assert sorted(chain(*parts)) == sorted(every)
    assert list(chain(*store.iter_docs(after=last))) == []
    assert chat_doc(chats[0].key) in set(chain(*store.iter_docs(until=1)))
