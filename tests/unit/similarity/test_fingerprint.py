import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.similarity.fingerprint import VERSION, make_fingerprint

WRITER = random.Random(11)


def noise(size: int) -> str:
    return "".join(chr(WRITER.randrange(0x4E00, 0x8000)) for _ in range(size))


@pytest.mark.parametrize(
    "letters",
    [
        "",
        "早上好",
        "谢谢大佬",
        "更多精彩内容请关注我们的频道",
        "新年快乐恭喜发财万事如意大吉大利",
        "大家早上好今天又是新的一天",
        "点击下方链接加入群聊获取更多免费资源",
        "thankyouforjoiningthechannel",
    ],
)
def test_what_all_say_has_none(letters: str) -> None:
    assert make_fingerprint(letters) is None


def test_a_few_letters_count_beside_pictures_and_no_picture_alone() -> None:
    one = make_fingerprint("今晚开播", {"0f1", "a2b"})
    assert one is not None
    assert one == make_fingerprint("今晚开播", {"a2b", "0f1"})
    assert one.features == ()
    for letters, looks in (("今晚开饭", {"0f1", "a2b"}), ("今晚开播", {"0f1"})):
        other = make_fingerprint(letters, looks)
        assert other is not None
        assert other.text != one.text
    assert make_fingerprint("好", {"0f1"}) is None
    assert make_fingerprint("", {"0f1"}) is None
    long = "小区门口新开的面馆味道很不错"
    assert make_fingerprint(long, {"0f1"}) == make_fingerprint(long)


def test_short_texts_are_found_only_by_their_whole() -> None:
    made = make_fingerprint("小区门口新开的面馆味道很不错")
    assert made is not None
    assert made.features == ()


def test_the_numbers_never_change() -> None:
    """They stand in archives: other numbers need another VERSION."""
    made = make_fingerprint("".join(chr(0x4E00 + 7 * place) for place in range(80)) + "abc" * 9)
    assert made is not None
    assert (VERSION, made.text, made.features[0], len(made.features)) == (
        1,
        9144507243770014122,
        -6582025668078007417,
        4,
    )


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
def test_a_cut_text_shares_features(share: float) -> None:
    found = 0
    for _ in range(200):
        text = noise(300)
        one, other = make_fingerprint(text), make_fingerprint(noise(12) + text[: int(300 * share)])
        assert one is not None
        assert other is not None
        found += bool(set(one.features) & set(other.features))
    assert found >= 198


def test_strangers_share_none() -> None:
    made = [make_fingerprint(noise(200)) for _ in range(200)]
    features = [one for found in made if found is not None for one in found.features]
    assert len(set(features)) == len(features)


@given(st.text(max_size=400))
def test_any_text(letters: str) -> None:
    made = make_fingerprint(letters)
    assert made == make_fingerprint(letters)
    for number in made.features if made is not None else ():
        assert -(2**63) <= number < 2**63
