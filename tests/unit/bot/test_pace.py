"""Whose turn it is: Telegram's limits are never broken, and nobody is starved."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soso.bot.pace import Pace, Ticket, Turns

EXACT = Pace(
    per_chat_s=1.0, group_count=20, group_window_s=60.0, overall_count=30, overall_window_s=1.0
)


def ticket(chat: int, *, urgent: bool = True, edits: int | None = None) -> Ticket:
    return Ticket(chat, is_group=chat < 0, urgent=urgent, edits=edits)


def drain(turns: Turns, *, start: float = 0.0, end: float = 10_000.0) -> list[tuple[float, Ticket]]:
    """Return what was sent and when, each message taking no time."""
    now, sent = start, []
    while now < end:
        found = turns.next(now)
        if found is None:
            break
        if isinstance(found, Ticket):
            sent.append((now, found))
            turns.done(found, now)
        else:
            now += found + 1e-9
    return sent


def test_one_chat_gets_one_a_second_in_order() -> None:
    turns = Turns(EXACT)
    waiting = [ticket(1) for _ in range(3)]
    for one in waiting:
        turns.add(one, 0.0)
    sent = drain(turns)
    assert [one for _, one in sent] == waiting
    assert [round(at, 3) for at, _ in sent] == [0.0, 1.0, 2.0]


def test_a_group_gets_twenty_a_minute() -> None:
    turns = Turns(EXACT)
    for _ in range(21):
        turns.add(ticket(-5), 0.0)
    assert round(drain(turns)[-1][0], 3) == 60.0


def test_a_burst_of_two_hundred_people_is_drained_at_the_limit() -> None:
    turns = Turns(EXACT)
    for chat in range(200):
        turns.add(ticket(chat), 0.0)
    sent = drain(turns)
    assert len(sent) == 200
    assert 6.0 <= sent[-1][0] < 7.0  # thirty at 0, 1, ... 6
    assert max(Counter(int(at) for at, _ in sent).values()) == 30


def test_who_came_late_is_not_behind_all_of_a_long_line() -> None:
    turns = Turns(EXACT)
    for chat in range(40):
        for _ in range(50):
            turns.add(ticket(chat), 0.0)
    drain(turns, end=5.0)
    late = ticket(99)
    turns.add(late, 5.0)
    at = next(at for at, one in drain(turns, start=5.0) if one is late)
    assert at < 8.0


def test_answers_go_before_alerts_but_do_not_starve_them() -> None:
    turns = Turns(EXACT)
    for chat in range(100):
        turns.add(ticket(chat, urgent=False), 0.0)
    for chat in range(100, 200):
        turns.add(ticket(chat), 0.0)
    first = [one.urgent for _, one in drain(turns)[:100]]
    assert first[0] is True
    assert 20 <= first.count(False) <= 30


def test_alerts_have_it_all_where_nobody_waits() -> None:
    turns = Turns(EXACT)
    for chat in range(60):
        turns.add(ticket(chat, urgent=False), 0.0)
    assert drain(turns)[-1][0] < 1.1


def test_an_edit_takes_the_place_of_one_that_waits() -> None:
    turns = Turns(EXACT)
    first, old, new = ticket(1, edits=7), ticket(1, edits=7), ticket(1, edits=7)
    turns.add(first, 0.0)
    assert turns.next(0.0) is first
    turns.add(old, 0.1)
    turns.add(new, 0.2)
    turns.done(first, 0.3)
    assert [one for _, one in drain(turns, start=0.3)] == [new]
    assert (old.is_gone, old.replaced_by) == (True, new)


def test_an_edit_under_way_is_not_replaced() -> None:
    turns = Turns(EXACT)
    old, new = ticket(1, edits=7), ticket(1, edits=7)
    turns.add(old, 0.0)
    assert turns.next(0.0) is old
    turns.add(new, 0.1)
    assert old.replaced_by is None
    turns.done(old, 0.2)
    assert [one for _, one in drain(turns, start=0.2)] == [new]


def test_what_was_refused_goes_first_when_the_pause_is_over() -> None:
    turns = Turns(EXACT)
    first, second = ticket(1), ticket(1)
    turns.add(first, 0.0)
    turns.add(second, 0.0)
    assert turns.next(0.0) is first
    turns.pause(1, 5.0)
    turns.done(first, 0.1)
    turns.add(first, 0.1, again=True)
    assert [one for _, one in drain(turns, start=0.1)] == [first, second]
    assert turns.next(10.0) is None


def test_others_go_on_while_one_is_paused_and_none_while_all_are() -> None:
    turns = Turns(EXACT)
    turns.add(ticket(1), 0.0)
    turns.add(ticket(2), 0.0)
    turns.pause(1, 9.0)
    assert [one.chat for _, one in drain(turns, end=8.0)] == [2]
    turns.add(ticket(3), 2.0)
    turns.pause_all(20.0)
    assert [at >= 20.0 for at, _ in drain(turns, start=8.0)] == [True, True]


def test_a_message_under_way_holds_its_chat_back() -> None:
    turns = Turns(EXACT)
    first = ticket(1)
    turns.add(first, 0.0)
    turns.add(ticket(1), 0.0)
    assert turns.next(0.0) is first
    assert turns.next(5.0) is None
    turns.done(first, 5.0)
    assert isinstance(turns.next(5.0), Ticket)


def test_who_gave_up_is_passed_over() -> None:
    turns = Turns(EXACT)
    gone, here = ticket(1), ticket(1)
    turns.add(gone, 0.0)
    turns.add(here, 0.0)
    turns.drop(gone)
    assert turns.waiting(1.0) == (1, 1.0)
    assert [one for _, one in drain(turns)] == [here]


def test_chats_that_are_done_are_forgotten() -> None:
    turns = Turns(EXACT)
    for chat in range(3000):
        turns.add(ticket(chat), 0.0)
    drain(turns)
    assert len(turns._lines) < 2500


def test_a_pause_of_everybody_counts_for_every_chat() -> None:
    turns = Turns(EXACT)
    turns.add(ticket(7), 0.0)
    turns.pause_all(50.0)
    assert turns.ready_in_s(8, is_group=False, now=10.0) == 40.0
    assert turns.ready_in_s(7, is_group=False, now=10.0) >= 40.0
    assert turns.ready_in_s(8, is_group=False, now=60.0) == 0.0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 20), st.integers(-3, 60), st.booleans()), min_size=1, max_size=300
    )
)
def test_limits_hold_and_everybody_is_served(asked: list[tuple[float, int, bool]]) -> None:
    turns, now, sent = Turns(EXACT), 0.0, []
    arrivals = sorted(asked)
    count = len(arrivals)
    while len(sent) < count:
        while arrivals and arrivals[0][0] <= now:
            at, chat, urgent = arrivals.pop(0)
            turns.add(ticket(chat, urgent=urgent), at)
        found = turns.next(now)
        if isinstance(found, Ticket):
            sent.append((now, found))
            turns.done(found, now)
            continue
        coming = arrivals[0][0] if arrivals else float("inf")
        wait = float("inf") if found is None else now + found + 1e-6
        now = min(coming, wait)
        assert now < float("inf"), "somebody waits, and is never told when"
    chats = defaultdict(list)
    for at, one in sent:
        chats[one.chat].append(at)
    for chat, times in chats.items():
        assert all(b - a >= 1.0 - 1e-6 for a, b in pairwise(times))
        if isinstance(chat, int) and chat < 0:
            windows = zip(times, times[20:], strict=False)
            assert all(b - a >= 60.0 - 1e-6 for a, b in windows)
    times = [at for at, _ in sent]
    assert all(b - a >= 1.0 - 1e-6 for a, b in zip(times, times[30:], strict=False))


def test_a_turn_that_was_given_back_is_taken_when_its_chat_is_due() -> None:
    turns = Turns()
    first, other = Ticket(1, is_group=False, urgent=True), Ticket(2, is_group=False, urgent=True)
    turns.add(first, 0.0)
    turns.add(other, 0.0)
    assert turns.next(0.0) is first
    turns.give_back(first, 0.0, wait_s=3.0)
    assert turns.next(0.0) is other
    turns.done(other, 0.1)
    assert turns.next(0.2) == pytest.approx(2.8)
    assert turns.next(3.0) is first


def test_an_edit_given_back_ends_with_a_newer_one() -> None:
    turns = Turns()
    older, newer = (Ticket(1, is_group=False, urgent=True, edits="m") for _ in range(2))
    turns.add(older, 0.0)
    assert turns.next(0.0) is older
    turns.add(newer, 0.1)
    turns.give_back(older, 0.2, wait_s=1.0)
    assert older.replaced_by is newer
    assert turns.next(1.3) is newer


def test_what_others_sent_counts() -> None:
    turns = Turns()
    turns.recall([(-5, 1.0 + number / 10) for number in range(20)])
    for chat in (-5, 6):
        turns.add(Ticket(chat, is_group=chat < 0, urgent=True), 4.0)
    found = turns.next(4.0)
    assert isinstance(found, Ticket)
    assert found.chat == 6
    turns.done(found, 4.1)
    assert turns.next(4.2) == pytest.approx(57.8)
