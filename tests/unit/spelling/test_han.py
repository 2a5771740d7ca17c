import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.spelling.han import LONGEST, HanSpeller
from soso.spelling.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def speller(vocabulary: Vocabulary) -> HanSpeller:
    return HanSpeller(vocabulary, least=2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("慧星", "彗星"),  # same sound, and the dictionary has both
        ("灯塌", "灯塔"),  # alike
        ("望远境", "望远镜"),
        ("望原镜", "望远镜"),  # near sound
        ("流浪地求", "流浪地球"),
        ("流浪浪地球", "流浪地球"),  # twice
        ("流浪球地", "流浪地球"),  # swapped
        ("今晚可以用望远境看彗星", "今晚可以用望远镜看彗星"),
    ],
)
def test_slips_are_corrected(speller: HanSpeller, typed: str, meant: str) -> None:
    assert next(one.text for one in speller.correct(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "彗星",
        "望远镜",
        "流浪地球",
        "今晚可以用望远镜看彗星",
        "北京天气",
        "股票行情",
        "量子计算机",
        "看",
        "",
    ],
)
def test_what_may_be_meant_is_left_alone(speller: HanSpeller, typed: str) -> None:
    assert speller.correct(typed) == []


def test_origins_tell_what_was_kept(speller: HanSpeller) -> None:
    one = speller.correct("灯塌")[0]
    assert one.origins == (0, -1)
    assert one.worth > 0
    twice = speller.correct("流浪浪地球")[0]
    assert [("流浪浪地球")[origin] for origin in twice.origins] == list("流浪地球")


def test_what_stands_in_too_few_posts_is_not_offered(vocabulary: Vocabulary) -> None:
    assert HanSpeller(vocabulary, least=50).correct("灯塌") == []


def test_long_runs_are_left_alone(speller: HanSpeller) -> None:
    assert speller.correct("慧星" * LONGEST) == []


@given(st.text(alphabet="彗慧星灯塔塌望远镜境看微信群流浪地球鬻\U0002a6d6あ한", max_size=12))
def test_anything_can_be_asked(speller: HanSpeller, run: str) -> None:
    for one in speller.correct(run):
        assert one.text != run
        assert one.worth > 0
        assert len(one.origins) == len(one.text)
        for char, origin in zip(one.text, one.origins, strict=True):
            assert origin < 0 or char == run[origin]
