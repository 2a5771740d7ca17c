from collections.abc import Sequence

from soso.similarity.telling import MOST_TERMS, alike_plan, telling_terms


def freqs(known: dict[str, int]):  # type: ignore[no-untyped-def]
    def doc_freqs(field: str, terms: Sequence[str]) -> list[int]:
        return [known.get(term, 2) for term in terms]

    return doc_freqs


def test_rare_and_repeated_terms_tell_most() -> None:
    known = {"彗星": 5, "今天": 150, "唯一": 1, "的": 900}
    found = telling_terms(["今天", "彗星", "彗星", "唯一", "的"], [], freqs(known), documents=1000)
    assert [term.term for term in found] == ["彗星", "今天"]


def test_terms_of_the_title_weigh_more() -> None:
    found = telling_terms(["甲", "乙"], ["乙"], freqs({}), documents=1000)
    assert [term.term for term in found] == ["乙", "甲"]


def test_small_numbers_tell_less() -> None:
    found = telling_terms(["150", "1984", "彗星"], ["150"], freqs({}), documents=1000)
    assert [term.term for term in found] == ["1984", "彗星", "150"]


def test_it_is_bounded() -> None:
    words = [f"w{number}" for number in range(500)]
    assert len(telling_terms(words, [], freqs({}), documents=1000)) == MOST_TERMS


def test_without_terms_there_is_no_plan() -> None:
    assert alike_plan([], filters=[], limit=5) is None
