import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.similarity.copies import is_copy, overlap, print_of, runs

TEXT = (
    "地铁九号线今天正式开通运营首班车早上六点从港湾站发出末班车晚上十一点半全线共有二十三座车站"
    "贯穿东西两岸预计每天运送乘客四十万人次票价起步三元学生半价老人免费残疾人免费军人免费"
)
WRITER = random.Random(5)


def noise(size: int) -> str:
    return "".join(chr(WRITER.randrange(0x4E00, 0x8000)) for _ in range(size))


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT + "投稿请联系编辑部",
        "快讯地铁九号线开通" + TEXT,
        TEXT[:60],
        TEXT.replace("四十万", "九十万"),
        noise(30) + TEXT[:70] + noise(30),
    ],
)
def test_dressed_copies_are_copies(other: str) -> None:
    assert is_copy(print_of(TEXT), print_of(other))
    assert is_copy(print_of(other), print_of(TEXT))


@pytest.mark.parametrize(
    "other",
    [
        "地铁九号线为什么迟迟没有开通我们采访了施工方负责人" * 3,
        "早安",
        "",
        TEXT[:59],  # a short text must be equal
        noise(60) + TEXT[-40:],  # only the end in common
    ],
)
def test_others_are_not(other: str) -> None:
    assert not is_copy(print_of(TEXT), print_of(other))


def test_short_texts_are_copies_only_when_equal() -> None:
    assert is_copy(print_of("早安"), print_of("早安"))
    assert not is_copy(print_of("早安"), print_of("早安大家"))
    assert not is_copy(print_of(TEXT[:40]), print_of(TEXT[:41]))


def test_a_digest_is_no_copy_of_its_items() -> None:
    items = [noise(100) for _ in range(4)]
    digest = print_of("".join(items))
    assert [is_copy(print_of(item), digest) for item in items[1:]] == [False] * 3


def test_a_long_text_cut_after_its_first_paragraph_is_one() -> None:
    article = noise(900)
    assert is_copy(print_of(article[:120]), print_of(article))
    assert is_copy(print_of("标题" + article[:120]), print_of(article))
    assert not is_copy(print_of(article[400:520]), print_of(article))


def test_alphabets_need_longer_runs() -> None:
    one = "the committee said on monday that the budget would be voted on before the end of june"
    two = "on monday the minister said that before the end of the year the committee would meet"
    letters = [text.replace(" ", "") for text in (one, two)]
    assert overlap(*map(print_of, letters)) == 0
    assert runs("abcdefgh今天", 3, 6)[0] == "abcdef"
    assert runs("今天天气", 3, 6) == ["今天天", "天天气"]
    assert runs("今天", 3, 6) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_overlap_is_symmetric_and_bounded(one: str, other: str) -> None:
    share = overlap(print_of(one), print_of(other))
    assert share == overlap(print_of(other), print_of(one))
    assert 0 <= share <= 1
    assert overlap(print_of(one), print_of(one)) == 1
