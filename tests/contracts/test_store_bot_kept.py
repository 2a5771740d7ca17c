"""The port store: what the bot keeps."""

from datetime import timedelta

import pytest

from soso.model.errors import NotFound
from soso.ports.bot_kept import BotChat, Broadcast, BroadcastState, Submission, SubmissionState
from soso.ports.store import Store

from .store_cases import START, at

ALICE, BOB, GROUP = 111, 2**45, -1001500000001


def submission(name: str = "Weather", chat: int = ALICE, minutes: float = 0) -> Submission:
    return Submission(name=name, chat=chat, at=at(minutes), language="en")


def test_a_chat_is_kept_as_it_was_told_last(store: Store) -> None:
    assert store.find_bot_chat(ALICE) is None
    store.keep_bot_chat(BotChat(number=ALICE, language="en"))
    store.keep_bot_chat(BotChat(number=ALICE, sensitive=True))
    store.keep_bot_chat(BotChat(number=GROUP, language="zh-Hant"))
    assert store.find_bot_chat(ALICE) == BotChat(number=ALICE, sensitive=True)
    assert store.find_bot_chat(GROUP) == BotChat(number=GROUP, language="zh-Hant")
    assert store.find_bot_chat(2**70) is None


def test_people_who_can_be_written_to_are_listed_in_order(store: Store) -> None:
    for number in (BOB, ALICE, GROUP, 222):
        store.keep_bot_chat(BotChat(number=number))
    store.keep_bot_chat(BotChat(number=222, reachable=False))
    assert [chat.number for chat in store.list_bot_people()] == [ALICE, BOB]
    assert [chat.number for chat in store.list_bot_people(after=ALICE)] == [BOB]
    assert [chat.number for chat in store.list_bot_people(limit=1)] == [ALICE]
    assert store.count_bot_people() == 2


def test_a_query_is_found_by_its_token_until_it_is_forgotten(store: Store) -> None:
    store.keep_bot_query("one", "台风 -广告", now=START)
    store.keep_bot_query("two", "雪 👩‍🚀", now=START)
    store.keep_bot_query("two", "雪 👩‍🚀", now=START + timedelta(days=300))
    assert store.find_bot_query("one") == "台风 -广告"
    assert store.find_bot_query("three") is None
    assert store.forget_bot_queries(before=START + timedelta(days=1)) == 1
    assert store.find_bot_query("one") is None
    assert store.find_bot_query("two") == "雪 👩‍🚀"


def test_who_submits_the_same_again_keeps_the_number(store: Store) -> None:
    first = store.add_submission(submission())
    assert store.add_submission(submission("wEATHER", minutes=5)) == first
    other = store.add_submission(submission(chat=BOB))
    assert other > first
    listed = store.list_submissions(state=SubmissionState.OPEN)
    assert [one.number for one in listed] == [other, first]
    assert store.get_submission(first).name == "Weather"
    with pytest.raises(NotFound):
        store.get_submission(99)


def test_a_decision_closes_all_submissions_of_a_name_once(store: Store) -> None:
    first = store.add_submission(submission())
    second = store.add_submission(submission("weather", BOB))
    other = store.add_submission(submission("traffic"))
    accepted = SubmissionState.ACCEPTED
    closed = store.close_submissions(second, accepted, at=at(9), note="good")
    assert [(one.number, one.state, one.note) for one in closed] == [
        (first, accepted, "good"),
        (second, accepted, "good"),
    ]
    assert [one.number for one in store.list_untold_submissions()] == [first, second]
    store.mark_submission_told(first)
    assert [one.number for one in store.list_untold_submissions()] == [second]
    assert store.get_submission(first).told
    assert store.close_submissions(first, SubmissionState.REFUSED, at=at(10), note="") == ()
    assert store.get_submission(first).decided_at == at(9)
    assert [one.number for one in store.list_submissions(state=SubmissionState.OPEN)] == [other]
    assert len(store.list_submissions()) == 3
    assert store.add_submission(submission()) > other  # a closed one does not stand in the way


def test_a_broadcast_moves_only_from_where_it_is(store: Store) -> None:
    number = store.add_broadcast(Broadcast(text="hello", told=ALICE, at=START))
    waiting, running, stopped = (
        BroadcastState.WAITING,
        BroadcastState.RUNNING,
        BroadcastState.STOPPED,
    )
    assert store.move_broadcast(number, running, when=[waiting])
    assert not store.move_broadcast(number, running, when=[waiting])
    store.advance_broadcast(number, after=ALICE, sent=1, failed=0)
    store.advance_broadcast(number, after=BOB, sent=0, failed=1)
    found = store.get_broadcast(number)
    assert (found.after, found.sent, found.failed, found.state) == (BOB, 1, 1, running)
    assert [one.number for one in store.list_broadcasts(state=running)] == [number]
    assert store.move_broadcast(number, stopped, when=[running, waiting])
    assert store.list_broadcasts(state=running) == []
    with pytest.raises(NotFound):
        store.get_broadcast(number + 1)


def test_a_broadcast_goes_on_from_the_place_that_is_noted(store: Store) -> None:
    number = store.add_broadcast(Broadcast(text="hello", told=ALICE, at=START))
    assert store.advance_broadcast(number, after=5, sent=1, failed=0, before=0)
    assert not store.advance_broadcast(number, after=5, sent=1, failed=0, before=0)
    found = store.get_broadcast(number)
    assert (found.after, found.sent) == (5, 2)
