import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.sameness import plain, same_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("两 个\n空格", "两  个 空格 "),
        ("caf\u00e9", "cafe\u0301"),
        ("\u2764\ufe0f 心", "\u2764 心"),
        ("零\u200b宽", "零宽"),
        ("", " \n\t"),
    ],
)
def test_texts_that_a_route_renders_otherwise_are_the_same(one: str, other: str) -> None:
    assert same_text(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("一", "二"), ("ab", "a b"), ("A", "a"), ("👨\u200d👩", "👨👩"), ("电影", "電影")],
)
def test_other_texts_are_not(one: str, other: str) -> None:
    assert not same_text(one, other)


@given(st.text())
def test_plain_is_settled(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert unicodedata.is_normalized("NFC", plain(text))
