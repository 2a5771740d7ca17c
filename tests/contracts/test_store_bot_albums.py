"""What ports.bot_albums promises."""

from datetime import UTC, datetime, timedelta

from soso.ports.store import Store

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_items_of_one_album_are_told_together(store: Store) -> None:
    assert store.note_album_item("1500000001", "g", 11, now=NOW) == (11,)
    assert store.note_album_item("1500000001", "g", 10, now=NOW) == (10, 11)
    assert store.note_album_item("1500000001", "g", 11, now=NOW) == (10, 11)


def test_albums_and_chats_are_apart(store: Store) -> None:
    store.note_album_item("1500000001", "g", 1, now=NOW)
    assert store.note_album_item("1500000001", "h", 2, now=NOW) == (2,)
    assert store.note_album_item("1500000002", "g", 3, now=NOW) == (3,)


def test_old_items_are_forgotten(store: Store) -> None:
    store.note_album_item("1500000001", "g", 1, now=NOW)
    store.note_album_item("1500000001", "h", 2, now=NOW + timedelta(days=1))
    assert store.forget_albums(before=NOW + timedelta(hours=1)) == 1
    assert store.note_album_item("1500000001", "g", 5, now=NOW) == (5,)
