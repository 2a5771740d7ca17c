"""The port store: names that posts speak of."""

from datetime import UTC, datetime, timedelta

from soso.model.ids import ChatKey, PostKey
from soso.ports.discovery import Meeting, Met
from soso.ports.store import Store

AT = datetime(2026, 11, 1, tzinfo=UTC)


def meeting(name: str, chat: int, post: int, *, days: int = 0) -> Meeting:
    at = AT + timedelta(days=days)
    return Meeting(name=name, chat=ChatKey(chat), post=PostKey(post), at=at)


def test_names_that_many_chats_speak_of_come_first(store: Store) -> None:
    store.note_met([meeting("loud", 1, post) for post in range(1, 40)])
    store.note_met([meeting("known", 1, 50, days=2), meeting("known", 2, 51)])
    store.note_met([])
    assert store.list_met() == [
        Met(name="known", chats=2, posts=2, last_at=AT + timedelta(days=2)),
        Met(name="loud", chats=1, posts=39, last_at=AT),
    ]
    assert [one.name for one in store.list_met(limit=1)] == ["known"]
    assert [one.name for one in store.list_met(without={"known"})] == ["loud"]
    assert store.list_met_in("known") == [1, 2]
    assert store.list_met_in("nobody") == []


def test_a_post_counts_once(store: Store) -> None:
    rows = [meeting("name", 1, 3), meeting("name", 1, 4), meeting("name", 1, 4)]
    store.note_met(rows)
    store.note_met(rows)
    store.note_met([meeting("name", 1, 3, days=1)])  # it was edited
    (met,) = store.list_met()
    assert (met.chats, met.posts) == (1, 2)
    store.note_met([meeting("name", 1, 9, days=3)])
    assert store.list_met() == [Met(name="name", chats=1, posts=3, last_at=AT + timedelta(days=3))]


def test_ignored_names_are_not_proposed(store: Store) -> None:
    store.note_met([meeting("spam", 1, 1), meeting("good", 1, 1)])
    store.ignore_met("spam")
    store.ignore_met("spam")
    store.note_met([meeting("spam", 2, 2)])
    assert [one.name for one in store.list_met()] == ["good"]
    store.ignore_met("spam", ignored=False)
    assert [(one.name, one.chats) for one in store.list_met()] == [("spam", 2), ("good", 1)]


def test_many_names_at_once(store: Store) -> None:
    rows = [meeting(f"name{number}", 1, number + 1) for number in range(1_300)]
    store.note_met(rows)
    store.note_met(rows)
    assert len(store.list_met(limit=5_000)) == 1_300
