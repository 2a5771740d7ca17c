import pytest

from soso.spelling.sounds import near_sounds
from soso.text.pinyin import list_syllables


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zi", "zhi"),
        ("xin", "xing"),
        ("lan", "nan"),
        ("si", "shi"),
        ("fei", "hei"),
        ("ban", "bang"),
    ],
)
def test_sounds_that_are_easily_confused(one: str, other: str) -> None:
    assert other in near_sounds()[one]
    assert one in near_sounds()[other]


def test_all_are_syllables_and_none_is_near_itself() -> None:
    known = set(list_syllables())
    assert set(near_sounds()) <= known
    for syllable, near in near_sounds().items():
        assert set(near) <= known
        assert syllable not in near
        assert all(syllable in near_sounds()[other] for other in near)
