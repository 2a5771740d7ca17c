"""What ports.pictures_due promises."""

from datetime import timedelta

import msgspec

from soso.model.ids import ChatKey
from soso.ports.pictures_due import PictureDue
from soso.ports.store import Store

from .store_cases import NOW

CHAT, OTHER = ChatKey(4), ChatKey(5)
SOON, HELD = NOW + timedelta(minutes=5), NOW + timedelta(hours=1)


def add(store: Store, chat: ChatKey = CHAT, **missed: str) -> None:
    found = {int(name.removeprefix("p")): reason for name, reason in missed.items()}
    store.add_pictures_due(chat, found, now=NOW, due_at=SOON)


def test_a_row_is_due_at_its_time_and_then_held(store: Store) -> None:
    add(store, p7="no answer", p9="dead")
    assert store.take_pictures_due(NOW, hold_until=HELD, limit=9) == []
    found = store.take_pictures_due(SOON, hold_until=HELD, limit=9)
    assert found == [
        PictureDue(chat=CHAT, post_id=number, since=NOW, due_at=SOON, reason=reason)
        for number, reason in ((7, "no answer"), (9, "dead"))
    ]
    assert store.take_pictures_due(SOON, hold_until=HELD, limit=9) == []
    assert len(store.take_pictures_due(HELD, hold_until=HELD, limit=1)) == 1


def test_what_waits_already_is_left(store: Store) -> None:
    add(store, p7="first")
    row = store.take_pictures_due(SOON, hold_until=HELD, limit=9)[0]
    store.keep_picture_due(msgspec.structs.replace(row, tries=3, given_up=True, reason="third"))
    add(store, p7="again", p8="new")
    assert store.count_pictures_due() == (1, 1)
    given_up = store.list_pictures_due(given_up=True)
    assert [(row.post_id, row.tries, row.reason) for row in given_up] == [(7, 3, "third")]
    assert [row.post_id for row in store.list_pictures_due(given_up=False)] == [8]
    assert [row.post_id for row in store.take_pictures_due(HELD, hold_until=HELD, limit=9)] == [8]


def test_rows_are_forgotten_by_chat(store: Store) -> None:
    add(store, p7="a", p8="b")
    add(store, OTHER, p7="c")
    store.drop_pictures_due(CHAT, [7, 99])
    store.drop_pictures_due(CHAT, [])
    left = store.list_pictures_due(given_up=False)
    assert [(row.chat, row.post_id) for row in left] == [(CHAT, 8), (OTHER, 7)]


def test_nothing_to_add_or_take(store: Store) -> None:
    store.add_pictures_due(CHAT, {}, now=NOW, due_at=NOW)
    assert store.take_pictures_due(NOW, hold_until=HELD, limit=9) == []
    assert store.count_pictures_due() == (0, 0)
