import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.similarity.tellings import (
    DAY_S,
    FEWEST_TERMS,
    LEAD,
    MOST_TERMS,
    REST,
    SCALE,
    TITLE,
    Counts,
    count_terms,
    pack_terms,
    weigh,
)

WORDS = [f"词{number}" for number in range(200)]


def packed(*words: str, halves: int = LEAD) -> bytes:
    return pack_terms([(words, halves)])


def counts(*tellings: tuple[int, bytes]) -> Counts:
    return count_terms(tellings)


def test_a_term_is_kept_once_and_counts_by_where_it_stands() -> None:
    title = pack_terms([(["大桥"], TITLE), (["大桥", "通车"], LEAD), (["通车"], REST)])
    assert len(title) == 2 * 4
    first, second = np.frombuffer(title, np.uint32)
    assert (first >> 22) & 255 == TITLE + LEAD
    assert (second >> 22) & 255 == LEAD + REST


def test_only_the_terms_that_count_most_are_kept() -> None:
    assert len(packed(*WORDS)) == MOST_TERMS * 4
    kept = pack_terms([(WORDS, REST), (["名字"], TITLE)])
    assert packed("名字", halves=TITLE)[:4] in kept


def test_a_post_of_few_terms_says_nothing() -> None:
    some = packed(*WORDS[: FEWEST_TERMS - 1])
    assert weigh(some, counts((0, some))) == {}
    assert weigh(b"", counts()) == {}


def test_weights_have_one_length_and_rare_terms_weigh_more() -> None:
    common, rare = WORDS[:9], "青鲤"
    others = [(day * DAY_S, packed(*common)) for day in range(9)]
    mine = packed(*common, rare)
    weights = weigh(mine, counts(*others, (9 * DAY_S, mine)))
    assert sum(weight**2 for weight in weights.values()) == pytest.approx(SCALE**2, rel=0.01)
    assert list(weights.values()) == sorted(weights.values(), reverse=True)
    (number,) = np.frombuffer(packed(rare), np.uint32) & (1 << 22) - 1
    assert next(iter(weights)) == number


def test_a_name_of_two_days_tells_more_than_a_word_of_many() -> None:
    name, word = packed("青鲤"), packed("下午")
    burst = [(DAY_S, name)] * 10
    steady = [(day * DAY_S, word) for day in range(2, 12)]
    found = counts(*burst, *steady)
    numbers = np.frombuffer(name + word, np.uint32) & (1 << 22) - 1
    assert found.posts == 20
    assert found.by_term[numbers[0]] < found.by_term[numbers[1]] == pytest.approx(10)


def test_small_numbers_weigh_less() -> None:
    mine = packed("150", "4090", *WORDS[:8])
    weights = weigh(mine, counts((0, mine)))
    small, name = np.frombuffer(packed("150") + packed("4090"), np.uint32) & (1 << 22) - 1
    assert weights[int(small)] < weights[int(name)]


def test_days_at_the_ends_of_time_are_counted() -> None:
    mine = packed("彗星")
    found = counts((-(2**62), mine), (2**62, mine))
    assert found.posts == 2
    assert found.by_term.max() == pytest.approx(2)


@given(st.lists(st.tuples(st.lists(st.text(), max_size=30), st.sampled_from([1, 2, 4]))))
def test_any_words_can_be_packed_and_weighed(parts: list[tuple[list[str], int]]) -> None:
    terms = pack_terms(parts)
    weights = weigh(terms, counts((0, terms)))
    assert len(terms) % 4 == 0
    assert all(0 < weight <= SCALE for weight in weights.values())
