"""What ports.leases promises."""

import threading
import time

from soso.ports.store import Store

NAMES = ["index@a/0", "index@a/1", "index@a/2"]


def test_one_has_a_name_until_it_lets_go(store: Store) -> None:
    assert store.take_lease("learn", "one", for_s=60)
    assert not store.take_lease("learn", "two", for_s=60)
    assert store.take_lease("learn", "one", for_s=90)
    [(name, owner, left_s)] = store.list_leases()
    assert (name, owner) == ("learn", "one")
    assert 60 < left_s <= 90
    store.end_lease("learn", "two")
    assert not store.take_lease("learn", "two", for_s=60)
    store.end_lease("learn", "one")
    assert store.list_leases() == []
    assert store.take_lease("learn", "two", for_s=60)


def test_a_lease_that_ran_out_is_anybodys(store: Store) -> None:
    assert store.take_lease("learn", "one", for_s=0.05)
    assert store.take_free_lease(["learn"], "two", for_s=60) is None
    time.sleep(0.1)
    assert store.list_leases() == []
    assert store.take_free_lease(["learn"], "two", for_s=60) == "learn"
    assert not store.take_lease("learn", "one", for_s=60)
    store.end_lease("learn", "one")
    assert [held[:2] for held in store.list_leases()] == [("learn", "two")]


def test_the_free_one_left_alone_for_longest_comes_first(store: Store) -> None:
    assert store.take_free_lease([], "one", for_s=60) is None
    taken = [store.take_free_lease(NAMES, "one", for_s=60) for _ in range(4)]
    assert taken == [*NAMES, None]
    for name in (NAMES[1], NAMES[2], NAMES[0]):
        store.end_lease(name, "one")
        time.sleep(0.002)
    taken = [store.take_free_lease(NAMES, "two", for_s=60) for _ in range(3)]
    assert taken == [NAMES[1], NAMES[2], NAMES[0]]


def test_a_name_of_no_use_any_more_does_no_harm(store: Store) -> None:
    store.end_lease("never", "one")
    assert not store.take_lease("gone", "one", for_s=-5) or store.list_leases() == []
    assert store.take_lease("gone", "two", for_s=float("inf"))


def test_those_that_ask_at_once_get_different_names(store: Store) -> None:
    names = [f"share/{number}" for number in range(40)]
    taken: list[str] = []

    def take(owner: str) -> None:
        while (name := store.take_free_lease(names, owner, for_s=60)) is not None:
            taken.append(name)

    threads = [threading.Thread(target=take, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(names)
