from soso.text.analyzers import load_analyzers
from soso.text.sensitive import SensitiveWords

ANALYZERS = load_analyzers()


def test_words_are_compared_folded_and_without_white_space() -> None:
    words = SensitiveWords(["賭 博", "Casino", "，"], ANALYZERS)
    assert words.found_in("线上赌\u200b博")
    assert words.found_in("best ＣＡＳＩＮＯs")
    assert not words.found_in("天气预报")


def test_without_words_nothing_is_sensitive() -> None:
    assert not SensitiveWords([], ANALYZERS).found_in("赌博")
