import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.pinyin import BOUNDARY, MOST_CUTS, sounds, split_pinyin, syllables
from tests.unit.text.strategies import texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("流浪地球", "liu lang di qiu"),
        ("银行 行走", "yin hang _ xing zou"),
        ("銀行，重慶", "yin hang _ chong qing"),
        ("乾坤", "qian kun"),
        ("绿色的女人", "lv se de nv ren"),
        ("流浪地球2 4K", "liu lang di qiu"),
        ("好々\U00030001", "hao _ _"),
        ("abc", ""),
    ],
)
def test_sounds(text: str, expected: str) -> None:
    assert " ".join(sounds(text)) == expected


@given(texts)
def test_every_sound_has_its_character(text: str) -> None:
    spoken = syllables(text)
    assert [one.sound for one in spoken] == sounds(text)
    for one in spoken:
        assert one.end - one.start == 1 or (one.sound == BOUNDARY and one.start == one.end)


@pytest.mark.parametrize(
    ("typed", "cuts"),
    [
        ("xian", ["xian", "xi an"]),
        ("xi'an", ["xi an"]),
        ("fangan", ["fan gan", "fang an"]),
        ("liulangdiqiu", ["liu lang di qiu"]),
        ("lvse", ["lv se"]),
        ("lüse", ["lv se"]),
        ("LÜSE", ["lv se"]),
        ("luexing", ["lve xing", "lu e xing"]),
        ("zhonghuarenmingongheguo", ["zhong hua ren min gong he guo"]),
        *((typed, []) for typed in ("", "hello", "x", "'", "xi'", "中文", "a1", "a" * 61)),
    ],
)
def test_cuts(typed: str, cuts: list[str]) -> None:
    assert [" ".join(cut) for cut in split_pinyin(typed)] == cuts


@given(st.text(alphabet="aeiounghzxslqvü'", max_size=60))
def test_cuts_are_what_was_typed(typed: str) -> None:
    cuts = split_pinyin(typed)
    assert len(cuts) <= MOST_CUTS
    for cut in cuts:
        plain = typed.replace("'", "").replace("ü", "v")
        assert "".join(cut).replace("lve", "lue").replace("nve", "nue") == plain.replace(
            "lve", "lue"
        ).replace("nve", "nue")
