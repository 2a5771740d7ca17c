"""The port store: followed sources and their leases."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from soso.model.errors import BadInput, NotFound
from soso.model.following import Followed, Gap, Missing, Round, Route, SourceState
from soso.model.ids import ChatKey
from soso.ports.store import Store

from .store_cases import STORES, add_chat, apply, at, batch, make_store, peer, post, tombstones

PREVIEW = (Route.PREVIEW,)


def source(name: str, due: float | None = 0, **fields: object) -> Followed:
    """A preview source that is due at a minute."""
    told: dict[str, object] = {
        "route": Route.PREVIEW,
        "name": name,
        "added_at": at(0),
        "added_by": "test",
        "next_visit_at": None if due is None else at(due),
        "planned_at": at(0),
    }
    return Followed(**(told | fields))  # type: ignore[arg-type]


def take(store: Store, minute: float = 10, owner: str = "a", **asked: object) -> Followed | None:
    options: dict[str, object] = {"lease_s": 60, "routes": PREVIEW} | asked
    return store.take_due(at(minute), owner, **options)  # type: ignore[arg-type]


def test_a_source_is_kept_whole(store: Store) -> None:
    added = store.add_followed(
        source(
            "ming",
            former_names=("old",),
            peer=peer(7),
            gaps=(Gap(low=3, high=9),),
            missing=(Missing(post_id=4, noted_at=at(1)),),
            round=Round(started_at=at(1), before=9),
            recent_s=(3, 2, 1),
        )
    )
    assert added.number > 0
    assert store.get_followed(added.number) == added
    assert store.find_followed(Route.PREVIEW, "ming") == added
    assert store.find_followed(Route.FEED, "ming") is None
    assert store.find_followed(Route.PREVIEW, "old") is None


def test_a_name_of_a_route_is_followed_once(store: Store) -> None:
    first = store.add_followed(source("ming"))
    assert store.add_followed(source("ming", depth=3)) == first
    other = store.add_followed(source("ming", route=Route.ACCOUNT))
    assert other.number > first.number
    store.remove_followed(first.number)
    store.remove_followed(first.number)
    store.remove_followed(2**70)
    again = store.add_followed(source("ming"))
    assert again.number > other.number
    for number in (first.number, 2**70, -1):
        with pytest.raises(NotFound):
            store.get_followed(number)


def test_lists_and_counts_go_by_route_and_state(store: Store) -> None:
    chat = add_chat(store)
    rows = [
        store.add_followed(source("a", chat=chat.key)),
        store.add_followed(source("b", state=SourceState.GONE)),
        store.add_followed(source("c", route=Route.FEED, chat=chat.key)),
    ]
    assert store.list_followed() == rows
    assert store.list_followed(after=rows[0].number, limit=1) == rows[1:2]
    assert store.list_followed(states=[SourceState.NEW]) == [rows[0], rows[2]]
    assert store.list_followed(states=[SourceState.NEW], routes=[Route.FEED]) == [rows[2]]
    assert store.list_followed(limit=0) == []
    assert store.find_followed_of(chat.key) == [rows[0], rows[2]]
    assert store.find_followed_of(ChatKey(999)) == []
    assert store.count_followed() == {
        (Route.PREVIEW, SourceState.NEW): 1,
        (Route.PREVIEW, SourceState.GONE): 1,
        (Route.FEED, SourceState.NEW): 1,
    }


def test_what_is_due_for_longest_comes_first_and_once(store: Store) -> None:
    late = store.add_followed(source("late", due=2))
    latest = store.add_followed(source("latest", due=1))
    store.add_followed(source("later", due=11))
    store.add_followed(source("never", due=None))
    store.add_followed(source("feed", due=0, route=Route.FEED))
    assert store.count_late(at(10)) == (3, 600.0)
    assert take(store) == latest
    assert take(store, owner="b") == late
    assert take(store, owner="c") is None
    assert store.next_due_at(PREVIEW) == at(11)
    assert store.next_due_at(list(Route)) == at(0)
    assert store.next_due_at([]) is None


def test_only_the_holder_of_the_lease_keeps_a_row(store: Store) -> None:
    store.add_followed(source("ming"))
    taken = take(store)
    assert taken is not None
    later = msgspec.structs.replace(taken, newest_id=5, next_visit_at=at(20))
    assert not store.keep_followed(later, "b", lease_until=None)
    assert store.get_followed(taken.number).newest_id is None
    assert store.keep_followed(later, "a", lease_until=at(12))
    assert store.get_followed(taken.number) == later
    last = msgspec.structs.replace(later, newest_id=6)
    assert store.keep_followed(last, "a", lease_until=None)
    assert not store.keep_followed(later, "a", lease_until=None), "the lease has ended"
    assert store.get_followed(taken.number) == last
    assert take(store, 19) is None
    assert take(store, 20) == last


def test_a_lease_that_ended_is_another_s(store: Store) -> None:
    """Whoever was killed holds up nobody for longer than the lease."""
    store.add_followed(source("ming"))
    taken = take(store, 10)
    assert taken is not None
    assert take(store, 10.9, owner="b") is None
    assert take(store, 11, owner="b") == taken
    assert not store.keep_followed(taken, "a", lease_until=None)


def test_the_operator_s_change_ends_the_lease(store: Store) -> None:
    added = store.add_followed(source("ming"))
    taken = take(store)
    assert taken is not None

    def pause(row: Followed) -> Followed:
        return msgspec.structs.replace(row, state=SourceState.PAUSED, next_visit_at=None)

    paused = store.change_followed(added.number, pause)
    assert paused.state is SourceState.PAUSED
    assert not store.keep_followed(taken, "a", lease_until=None)
    assert store.get_followed(added.number) == paused
    with pytest.raises(NotFound):
        store.change_followed(added.number + 1, pause)


def test_a_name_can_t_become_that_of_another_source(store: Store) -> None:
    added = store.add_followed(source("ming"))
    store.add_followed(source("hong", due=None))
    taken = take(store)
    assert taken is not None
    renamed = msgspec.structs.replace(taken, name="hong")
    with pytest.raises(BadInput):
        store.keep_followed(renamed, "a", lease_until=None)
    with pytest.raises(BadInput):
        store.change_followed(added.number, lambda row: msgspec.structs.replace(row, name="hong"))
    assert store.get_followed(added.number) == added


def test_one_source_is_taken_by_its_number(store: Store) -> None:
    added = store.add_followed(source("ming", due=None))
    assert store.take_followed(added.number, at(10), "a", lease_s=60) == added
    assert store.take_followed(added.number, at(10), "b", lease_s=60) is None
    assert store.take_followed(added.number, at(12), "b", lease_s=60) == added
    with pytest.raises(NotFound):
        store.take_followed(added.number + 1, at(10), "a", lease_s=60)


def test_leases_of_the_dead_end(store: Store) -> None:
    for name in ("one", "two"):
        store.add_followed(source(name, due=1))
        assert take(store, owner=name) is not None
    assert store.free_leases(lambda owner: owner == "one") == 1
    freed = take(store, owner="next")
    assert freed is not None
    assert freed.name == "one"
    assert take(store, owner="last") is None


def test_work_in_the_background_is_due_by_itself(store: Store) -> None:
    busy = store.add_followed(source("busy", due=50, next_work_at=at(5)))
    store.add_followed(source("idle", due=50))
    assert take(store) is None
    assert take(store, background=True, lease_s=6000) == busy
    idle = take(store, 60, lease_s=6000)
    assert idle is not None
    assert idle.name == "idle", "there is one lease for both"


def test_a_clock_that_goes_back_holds_nothing_up(store: Store) -> None:
    """Times planned by a clock that was hours ahead, and a lease of that time."""
    ahead = store.add_followed(source("ahead", due=300, planned_at=at(299)))
    assert take(store, 10) == ahead
    held = store.add_followed(source("held", due=1))
    assert take(store, 290, owner="dead", lease_s=3600) == held
    assert take(store, 10, owner="b") == held
    soon = store.add_followed(source("soon", due=10.5, planned_at=at(10.4)))
    assert take(store, 10, owner="c") is None, "clocks of processes differ by seconds"
    assert take(store, 10.5, owner="c") == soon


def test_ids_that_are_alive(store: Store) -> None:
    chat, other = add_chat(store), add_chat(store, 1600)
    album = post(20, album=(20, 21, 22))
    apply(store, chat, batch(post(1), post(2), post(3), album, minutes=100))
    apply(store, chat, batch(post(3), minutes=200), tombstones(2, 21, minutes=300))
    apply(store, other, batch(post(2)))

    def alive(low: int, high: int | None, limit: int = 100) -> list[tuple[int, float]]:
        rows = store.list_alive_ids(chat.key, low=low, high=high, limit=limit)
        return [(number, (seen - at(0)) / timedelta(minutes=1)) for number, seen in rows]

    assert alive(1, None) == [(22, 100), (20, 100), (3, 200), (1, 100)]
    assert alive(2, 20) == [(20, 100), (3, 200)]
    assert alive(1, None, limit=2) == [(22, 100), (20, 100)]
    assert alive(4, 19) == []
    assert alive(-(2**70), 2**70) == []
    assert alive(1, 2**70, limit=1) == [(22, 100)]
    # The first message of an album that lives on is dead all the same.
    dead = batch(msgspec.structs.replace(album, id=22, album=()), minutes=400)
    apply(store, chat, tombstones(20, minutes=350), dead)
    assert alive(20, 22) == [(22, 400)]
    # A post that was buried and seen again lives.
    apply(store, chat, batch(post(2), minutes=500))
    assert alive(2, 2) == [(2, 500)]


@pytest.mark.parametrize("kind", STORES)
def test_sources_outlive_the_program(kind: str, tmp_path: Path) -> None:
    with_row = make_store(kind, tmp_path)
    added = with_row.add_followed(source("ming"))
    with_row.close()
    if kind == "sqlite":
        again = type(with_row)(f"sqlite:///{tmp_path / 'archive.db'}")
        assert again.list_followed() == [added]
        again.close()
