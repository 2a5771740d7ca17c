from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import PostKey
from soso.similarity.naming import keep_numbers


def keys(*numbers: int) -> list[PostKey]:
    return [PostKey(number) for number in numbers]


def before(**stories: list[PostKey]) -> dict[PostKey, int]:
    return {key: int(name[1:]) for name, posts in stories.items() for key in posts}


def test_a_story_that_grows_keeps_its_number() -> None:
    found = keep_numbers([keys(1, 2, 3)], before(n7=keys(1, 2)))
    assert (found.kept, found.moved) == ([7], {})


def test_of_two_that_join_the_larger_stays_and_the_other_leads_on() -> None:
    found = keep_numbers([keys(1, 2, 3)], before(n5=keys(1), n7=keys(2, 3)))
    assert (found.kept, found.moved) == ([7], {5: 0})
    assert keep_numbers([keys(1, 2)], before(n5=keys(2), n7=keys(1))).kept == [5]


def test_of_a_story_that_splits_the_larger_part_keeps_the_number() -> None:
    found = keep_numbers([keys(1), keys(2, 3)], before(n5=keys(1, 2, 3)))
    assert (found.kept, found.moved) == ([None, 5], {})


def test_a_number_without_posts_is_neither_kept_nor_moved() -> None:
    assert keep_numbers([keys(1)], before(n5=keys(9))) == ([None], {})


@given(
    st.lists(st.lists(st.integers(0, 30), max_size=6, unique=True), max_size=6),
    st.dictionaries(st.integers(0, 30), st.integers(1, 6)),
)
def test_no_number_is_kept_twice(groups: list[list[int]], were: dict[int, int]) -> None:
    found = keep_numbers(
        [keys(*group) for group in groups], {PostKey(k): n for k, n in were.items()}
    )
    kept = [number for number in found.kept if number is not None]
    assert len(set(kept)) == len(kept)
    assert not set(kept) & found.moved.keys()
