import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.ranking import weights
from soso.ranking.fuse import Evidence, Field, fuse, ideal_score

FIELD = Field(mean=0.8, spread=0.02, ideal=10.0)


def doc(words: float, cosine: float | None, *, full: bool = False) -> Evidence:
    if cosine is None:
        return Evidence(words=words, full=full)
    return Evidence(words=words, full=full, cosine=cosine, second=cosine, first=cosine)


def order(*evidence: Evidence, field: Field = FIELD) -> list[int]:
    scores = [share.score for share in fuse(evidence, field)]
    return sorted(range(len(scores)), key=lambda place: -scores[place])


def test_nothing_gives_nothing() -> None:
    assert fuse((), FIELD) == []


def test_with_equal_meaning_words_decide_and_with_equal_words_meaning() -> None:
    assert order(doc(4, 0.85), doc(9, 0.85), doc(6, 0.85)) == [1, 2, 0]
    assert order(doc(9, 0.82), doc(9, 0.88), doc(9, 0.85)) == [1, 2, 0]


def test_all_words_are_a_bonus_and_no_wall() -> None:
    assert order(doc(9, 0.85), doc(9, 0.85, full=True)) == [1, 0]
    assert order(doc(9, 0.95), doc(9, 0.80, full=True)) == [0, 1]


def test_words_that_say_little_of_the_query_leave_it_to_meaning() -> None:
    one_name, the_same_thing = doc(3, 0.82), doc(0, 0.86)
    assert order(one_name, the_same_thing, field=Field(mean=0.8, spread=0.02, ideal=3.0)) == [0, 1]
    assert order(one_name, the_same_thing, field=Field(mean=0.8, spread=0.02, ideal=60.0)) == [1, 0]


def test_meaning_weighs_more_where_words_do_not_tell_documents_apart() -> None:
    near = [doc(9, 0.80), *(doc(8.9, 0.80) for _ in range(5)), doc(6.5, 0.83)]
    far = [doc(9, 0.80), *(doc(2, 0.80) for _ in range(5)), doc(6.5, 0.83)]
    assert order(*near)[0] == 6
    assert order(*far)[0] == 0


def test_a_document_without_vectors_is_taken_for_an_average_one() -> None:
    shares = fuse([doc(5, 0.84), doc(5, None), doc(5, 0.82)], FIELD)
    assert shares[1].meaning == pytest.approx((shares[0].meaning + shares[2].meaning) / 2)
    assert {share.meaning for share in fuse([doc(5, None), doc(4, None)], FIELD)} == {0.0}


def test_the_best_passage_counts_most() -> None:
    best = Evidence(words=0, full=False, cosine=0.9, second=0.8, first=0.8)
    second = Evidence(words=0, full=False, cosine=0.8, second=0.8, first=0.8)
    shares = fuse([best, second], FIELD)
    share = 1 - weights.SECOND_PASSAGE - weights.FIRST_PASSAGE
    lead = 1.0
    assert shares[0].meaning == pytest.approx(weights.MEANING * share * 5 / lead)
    assert shares[1].meaning == pytest.approx(0)


def test_ideal_grows_with_rare_words() -> None:
    assert ideal_score((), 100) == 0
    assert ideal_score((1,), 100) > ideal_score((50,), 100) > 0
    assert ideal_score((1, 1), 100) == pytest.approx(2 * ideal_score((1,), 100))
    assert ideal_score((200,), 100) > 0  # deleted documents may still count


numbers = st.floats(0, 1e6)
documents = st.builds(doc, numbers, st.none() | st.floats(-1, 1), full=st.booleans())


@given(st.lists(documents, max_size=20), st.floats(-1, 1), st.floats(0, 1), numbers)
def test_shares_are_finite_and_more_words_never_lower_a_document(
    evidence: list[Evidence], mean: float, spread: float, ideal: float
) -> None:
    shares = fuse(evidence, Field(mean=mean, spread=spread, ideal=ideal))
    assert len(shares) == len(evidence)
    for share in shares:
        assert share.score == share.score
        assert abs(share.score) < 1e12
    for one, share in zip(evidence, shares, strict=True):
        for other, lower in zip(evidence, shares, strict=True):
            if one.words >= other.words:
                assert share.words >= lower.words
