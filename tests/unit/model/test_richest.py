from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import Peer, PeerKind
from soso.model.post import Forward, Poll, PollAnswer, Post, Reaction, Reply, Service
from soso.model.richest import enrich, fill, pick, without_votes

AT = datetime(2026, 5, 1, tzinfo=UTC)


def post(**fields: Any) -> Post:
    return Post(id=1, at=AT, **fields)


def merged(old: Post, new: Post, later: int = 1) -> Post:
    return msgspec.structs.replace(old, **enrich(old, new, later))


@pytest.mark.parametrize("later", [-1, 0, 1])
@pytest.mark.parametrize("nothing", [None, "", ()])
def test_nothing_never_displaces_something(later: int, nothing: Any) -> None:
    assert pick("x", nothing, later) == "x"
    assert pick(nothing, "x", later) == "x"


def test_the_later_of_two_is_kept_and_at_once_the_order_does_not_matter() -> None:
    assert (pick("a", "b", 1), pick("a", "b", -1)) == ("b", "a")
    assert pick("a", "b", 0) == pick("b", "a", 0)
    assert pick(9, 10, 0) == pick(10, 9, 0) == 10
    assert pick(False, True, -1) is True


def test_gaps_are_filled_field_by_field() -> None:
    peer = Peer(kind=PeerKind.CHANNEL, id=7)
    told = fill(Forward(name="甲", post_id=3), Forward(name="乙", peer=peer), 1)
    assert told == Forward(name="乙", peer=peer, post_id=3)
    assert fill(None, Forward(name="甲"), -1) == Forward(name="甲")


def test_a_reply_to_another_post_is_taken_whole() -> None:
    old, new = Reply(post_id=3, text="问"), Reply(post_id=4)
    assert merged(post(reply=old), post(reply=new)).reply == new
    assert merged(post(reply=old), post(reply=Reply(post_id=3, author="甲"))).reply == Reply(
        post_id=3, text="问", author="甲"
    )


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ((1000, True), (1040, False), (1000, True)),  # "1K" says nothing new
        ((1000, True), (1200, False), (1200, False)),
        ((1200, False), (1190, True), (1190, True)),
        ((1200, False), (1000, True), (1200, False)),
        ((1000, True), (900, True), (1000, True)),
        ((900, False), (1000, False), (1000, False)),
        ((None, True), (5, False), (5, False)),
        ((5, False), (None, True), (5, False)),
        ((10**400, True), (10**500, False), (10**500, False)),
    ],
)
def test_views_grow_and_rounded_ones_must_be_clearly_larger(
    old: tuple[int | None, bool], new: tuple[int | None, bool], kept: tuple[int, bool]
) -> None:
    result = merged(post(views=old[0], views_exact=old[1]), post(views=new[0], views_exact=new[1]))
    assert (result.views, result.views_exact) == kept


@given(
    st.permutations(range(5)),
    st.lists(st.tuples(st.integers(0, 300), st.booleans()), min_size=5, max_size=5),
)
def test_views_do_not_depend_on_the_order_of_arrival(
    order: list[int], seen: list[tuple[int, bool]]
) -> None:
    def fold(indexes: list[int]) -> tuple[int | None, bool]:
        result = post()
        for index in indexes:
            views, exact = seen[index]
            result = merged(result, post(views=views, views_exact=exact))
        return result.views, result.views_exact

    assert fold(order) == fold(list(range(5)))


def test_reactions_are_those_of_the_later_sighting() -> None:
    many, few = (Reaction(emoji="👍", count=9),), (Reaction(emoji="👍", count=2),)
    assert merged(post(reactions=many), post(reactions=few), 1).reactions == few
    assert merged(post(reactions=many), post(reactions=few), -1).reactions == many
    assert merged(post(reactions=few), post(reactions=many), 0).reactions == many
    assert merged(post(reactions=many), post(), 1).reactions == many


def test_votes_and_percentages_of_one_poll_come_together() -> None:
    asked = Poll(
        question="去哪", answers=(PollAnswer(text="山", voters=3), PollAnswer(text="海", voters=1))
    )
    shown = Poll(
        question="去哪",
        answers=(PollAnswer(text="山", percent=75), PollAnswer(text="海", percent=25)),
        total_voters=4,
        closed=True,
    )
    poll = merged(post(poll=asked), post(poll=shown)).poll
    assert poll is not None
    assert poll.answers[0] == PollAnswer(text="山", voters=3, percent=75)
    assert (poll.total_voters, poll.closed) == (4, True)
    other = Poll(question="别的")
    assert merged(post(poll=asked), post(poll=other), 1).poll == other
    assert merged(post(poll=asked), post(poll=other), -1).poll == asked
    assert without_votes(poll) == Poll(
        question="去哪", answers=(PollAnswer(text="山"), PollAnswer(text="海"))
    )


def test_a_service_row_with_its_own_fields_is_richer() -> None:
    raw, bare = Service(action="pin_message", raw="{}"), Service(action="pinned a message")
    assert merged(post(service=raw), post(service=bare), 1).service == raw
    assert merged(post(service=bare), post(service=raw), -1).service == raw
