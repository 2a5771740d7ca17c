import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.spelling.letters import LetterSpeller
from soso.spelling.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def speller(vocabulary: Vocabulary) -> LetterSpeller:
    return LetterSpeller(vocabulary, least=2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("telegarm", "telegram"),  # swapped
        ("telgram", "telegram"),  # missing
        ("telleegram", None),  # two slips
        ("teleggram", "telegram"),  # twice
        ("telegtam", "telegram"),  # the key beside
        ("телеграмм", "телеграм"),
        ("еудупкфь", "telegram"),  # typed on a Russian keyboard
        ("ntktuhfv", "телеграм"),  # and the other way round
        ("tеlegram", "telegram"),  # one letter is Cyrillic
        ("weixin", "微信"),
        ("liulangdiqiu", "流浪地球"),
        ("huixing", "彗星"),
    ],
)
def test_slips_are_corrected(speller: LetterSpeller, typed: str, meant: str | None) -> None:
    assert next((one.text for one in speller.correct(typed)), None) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "telegram",
        "channels",
        "channel",
        "abc",
        "house",
        "china",
        "xyzzy",
        "",
        "a1b2c3",
    ],
)
def test_what_may_be_meant_is_left_alone(speller: LetterSpeller, typed: str) -> None:
    assert speller.correct(typed) == []


def test_what_stands_in_too_few_posts_is_not_offered(vocabulary: Vocabulary) -> None:
    speller = LetterSpeller(vocabulary, least=50)
    assert speller.correct("telegarm") == []
    assert speller.correct("weixin") == []


@given(st.text(max_size=30))
def test_anything_can_be_asked(speller: LetterSpeller, word: str) -> None:
    for one in speller.correct(word):
        assert one.text != word
        assert one.worth > 0
