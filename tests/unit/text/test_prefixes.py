import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.analyzers import load_analyzers
from soso.text.prefixes import LONGEST_BYTES, cut_beginning, fold_typed, list_beginnings

ANALYZERS = load_analyzers()


def beginnings(text: str, **how: bool) -> tuple[str, ...]:
    return list_beginnings(text, ANALYZERS, **how)


def test_a_text_begins_with_its_first_letter_and_behind_signs() -> None:
    assert beginnings("《流浪地球2》 4K 国语") == ("流浪地球24k国语", "4k国语", "国语")
    assert beginnings("The Wandering Earth") == ("thewanderingearth", "wanderingearth", "earth")
    assert list_beginnings("a bc de fg", ANALYZERS, most=2) == ("abcdefg", "bcdefg")


def test_a_name_begins_also_where_a_word_does() -> None:
    assert beginnings("北京天气早报", words=True)[0] == "北京天气早报"
    assert "天气早报" in beginnings("北京天气早报", words=True)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("微信", ("微信", "weixin", "wx")),
        ("微信群", ("微信群", "weixinqun", "wxq")),
        ("微", ("微", "wei")),
        ("VIP电影", ("vip电影", "vipdianying", "vipdy")),
        ("電影 2026", ("电影2026", "dianying2026", "dy2026", "2026")),
        ("银行", ("银行", "yinhang", "yh")),
        ("Soso", ("soso",)),
    ],
)
def test_chinese_is_typed_as_pinyin_and_initials(text: str, typed: tuple[str, ...]) -> None:
    assert beginnings(text, spoken=True) == typed


def test_traditional_and_wide_letters_are_folded() -> None:
    assert beginnings("臺灣ＡＢＣ") == beginnings("台湾abc")


def test_a_kept_beginning_is_short_and_ends_between_characters() -> None:
    assert beginnings("一二三四五六七八九十") == ("一二三四五六七八",)
    assert list_beginnings("一二三四五六七八九十", ANALYZERS, whole=True) == (
        "一二三四五六七八九十",
    )
    assert cut_beginning("a一二", 5) == "a一"


@pytest.mark.parametrize("text", ["", " ", "……", "👍", "\udc80"])
def test_without_letters_there_is_little_to_begin_with(text: str) -> None:
    assert all(beginnings(text, spoken=True, words=True))
    assert fold_typed("……", ANALYZERS) == ""


@given(st.text(max_size=40), st.booleans())
def test_odd_texts_give_short_beginnings_without_white_space(text: str, spoken: bool) -> None:
    for one in beginnings(text, spoken=spoken, words=spoken):
        assert 0 < len(one.encode()) <= LONGEST_BYTES
        assert not any(char.isspace() for char in one)


@given(st.text(alphabet="天气Weather 微信，2!", max_size=20), st.integers(0, 20))
def test_what_is_typed_so_far_is_a_beginning_of_the_whole(text: str, place: int) -> None:
    assert fold_typed(text, ANALYZERS).startswith(fold_typed(text[:place], ANALYZERS))
