from hypothesis import given
from hypothesis import strategies as st

from soso.ranking.suggesting import (
    DOUBLED,
    HALF_YEAR,
    LARGEST,
    join_weights,
    weigh_chat,
    weigh_post,
)

AT_S = 1_790_000_000
HALF_YEAR_S = 182 * 86_400


def test_what_more_people_saw_weighs_more_and_so_does_what_is_newer() -> None:
    old = weigh_post(views=1000, at_s=AT_S)
    assert weigh_post(views=2001, at_s=AT_S) == old + DOUBLED
    assert weigh_post(views=1000, at_s=AT_S + HALF_YEAR_S) == old + HALF_YEAR
    assert weigh_post(views=1010, at_s=AT_S) == old  # too little to be written anew


def test_members_count_more_than_posts() -> None:
    assert weigh_chat(members=10_000, posts=10) > weigh_chat(members=100, posts=1_000)
    assert weigh_chat(members=100, posts=10) > weigh_chat(members=100, posts=0)


def test_what_many_posts_offer_weighs_more_up_to_a_bound() -> None:
    assert join_weights(50, 1) == 50
    assert join_weights(50, 2) > 50
    assert join_weights(50, 64) == join_weights(50, 10**9)


@given(st.integers(-(2**70), 2**70), st.integers(-(2**70), 2**70))
def test_odd_numbers_give_weights_in_bounds(one: int, other: int) -> None:
    for weight in (
        weigh_post(views=one, at_s=other),
        weigh_chat(members=one, posts=other),
        join_weights(one, max(other, 1)),
    ):
        assert 0 <= weight <= LARGEST
