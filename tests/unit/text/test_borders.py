import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.borders import back_to_border, is_border, on_to_border
from tests.unit.text.strategies import texts

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    "text",
    ["e\u0301", FAMILY, "👍🏽", "🇨🇳", "❤\ufe0f", "1\ufe0f\u20e3", "ก็", "\u1112\u1161\u11ab", "ｶﾞ"],
)
def test_clusters_stay_whole(text: str) -> None:
    assert not any(is_border(text, place) for place in range(1, len(text)))
    assert is_border(text + "a", len(text))
    assert is_border("中" + text, 1)


def test_flags_go_by_two() -> None:
    flags = "🇨🇳🇯🇵"
    assert [is_border(flags, place) for place in range(5)] == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("text", "place", "border"),
    [
        *(("hello world", 8, 6), ("你好世界", 3, 3), ("a" * 50, 30, 30), ("hello", 3, 3)),
        *(("hello", 99, 5), ("看 hello", 4, 2), ("xe\u0301", 2, 1), ("", 0, 0)),
    ],
)
def test_words_stay_whole_unless_long(text: str, place: int, border: int) -> None:
    assert back_to_border(text, place) == border


@given(texts, st.integers(0, 50))
def test_borders_are_near(text: str, place: int) -> None:
    place = min(place, len(text))
    assert is_border(text, back_to_border(text, place))
    assert is_border(text, on_to_border(text, place))
    assert back_to_border(text, place) <= place <= on_to_border(text, place) <= len(text)
