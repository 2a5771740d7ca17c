"""What ports.senders and ports.tallies promise, and values that are kept once."""

import threading
import time

import pytest

from soso.ports.hosts import Turn
from soso.ports.senders import Met, Sent
from soso.ports.store import Store


def take(store: Store, chat: str, *, most: int = 10, chat_most: int = 0) -> Turn:
    return store.take_sending_turn(
        chat, chat_every_s=5.0, chat_most=chat_most, most=most, within_s=1.0
    )


def test_senders_see_each_other_and_who_was_first(store: Store) -> None:
    assert store.meet_senders("b", for_s=30) == Met(0, True, False)
    assert store.meet_senders("a", for_s=30) == Met(1, False, False)
    assert store.meet_senders("b", for_s=30) == Met(1, True, True)
    store.leave_senders("b")
    store.leave_senders("nobody")
    assert store.meet_senders("a", for_s=30) == Met(0, True, True)


def test_who_does_not_come_again_is_followed_by_another(store: Store) -> None:
    store.meet_senders("a", for_s=0.2)
    assert store.meet_senders("b", for_s=30) == Met(1, False, False)
    time.sleep(0.3)
    assert store.meet_senders("b", for_s=30) == Met(0, True, True)
    assert store.meet_senders("a", for_s=30) == Met(1, False, False)


def test_turns_come_in_even_steps_whoever_asks(store: Store) -> None:
    begun = time.monotonic()
    waits = [take(store, f"{number}") for number in range(12)]
    spent = time.monotonic() - begun
    assert all(turn.taken for turn in waits)
    assert waits[-1].wait_s == pytest.approx(1.1, abs=spent + 0.05)


def test_a_chat_has_its_own_pace(store: Store) -> None:
    assert take(store, "7") == Turn(True, 0.0)
    again = take(store, "7")
    assert not again.taken
    assert 4.0 < again.wait_s <= 5.0
    assert take(store, "8").taken


def test_a_group_has_so_many_a_minute(store: Store) -> None:
    store.leave_senders("me", sent=[Sent("-7", 50.0), Sent("-7", 20.0)])
    assert take(store, "-7", chat_most=3).taken
    full = take(store, "-7", chat_most=3)
    assert not full.taken
    assert 10.0 < full.wait_s < 11.5


def test_what_was_sent_is_known_for_a_minute(store: Store) -> None:
    store.meet_senders("a", for_s=9, sent=[Sent("1", 70.0), Sent("2", 30.0), Sent("@name", 1.0)])
    store.meet_senders("a", for_s=9, sent=[Sent("3", 0.0)])
    found = store.list_sent()
    assert [one.chat for one in found] == ["2", "@name", "3"]
    assert found[0].ago_s == pytest.approx(30.0, abs=5)


def test_each_turn_is_given_once(store: Store) -> None:
    turns: list[float] = []

    def work(seat: int) -> None:
        for number in range(5):
            turn = take(store, f"{seat} {number}", most=100)
            turns.append(time.monotonic() + turn.wait_s)

    threads = [threading.Thread(target=work, args=(seat,)) for seat in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    turns.sort()
    assert len(turns) == 15
    assert turns[-1] - turns[0] >= 0.14 - 0.05


def test_tallies_reach_the_others_once(store: Store) -> None:
    place, told = store.swap_tallies("web", "a", {}, after=-1)
    assert told == []
    mine, _ = store.swap_tallies("web", "b", {"1.2.3.4": 3}, after=place)
    assert store.swap_tallies("bot", "a", {}, after=place)[1] == []
    place, told = store.swap_tallies("web", "a", {"1.2.3.4": 2}, after=place)
    assert told == [{"1.2.3.4": 3}]
    assert store.swap_tallies("web", "a", {}, after=place) == (place, [])
    assert store.swap_tallies("web", "b", {}, after=mine) == (place, [{"1.2.3.4": 2}])


def test_of_values_made_at_once_one_is_kept(store: Store) -> None:
    assert store.add_setting("secret", "first") == "first"
    assert store.add_setting("secret", "second") == "first"
    assert store.get_setting("secret") == "first"
