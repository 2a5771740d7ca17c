from soso.spelling.judge import MOST_GAIN, Change, find_signs, weigh, words_of
from soso.spelling.vocabulary import Vocabulary
from soso.spelling.weights import JUDGEMENT


def change(typed: str, meant: str, start: int, end: int, gain: float = 6.0) -> Change:
    return Change(typed, meant, start, end, gain, cost=7.0)


def test_words_of_the_dictionary() -> None:
    assert words_of("望远镜好") == (True, True, True, False)
    assert words_of("") == ()


def test_signs_of_a_right_change(vocabulary: Vocabulary) -> None:
    signs = find_signs(change("用望远境看", "用望远镜看", 3, 4), vocabulary)
    assert signs.triples == 1
    assert signs.known == 1
    assert signs.makes_word == 1
    assert signs.breaks_word == 0
    assert weigh(signs, JUDGEMENT) > 0


def test_what_the_archive_knows_nothing_of_is_not_changed(vocabulary: Vocabulary) -> None:
    signs = find_signs(change("股票行情灯塌", "股票行情灯塔", 5, 6), vocabulary)
    assert signs.known == 0
    assert weigh(signs, JUDGEMENT) < weigh(
        find_signs(change("灯塌", "灯塔", 1, 2), vocabulary), JUDGEMENT
    )


def test_breaking_a_word_speaks_against(vocabulary: Vocabulary) -> None:
    signs = find_signs(change("地球", "地求", 1, 2), vocabulary)
    assert signs.breaks_word == 1
    assert signs.makes_word == 0
    assert weigh(signs, JUDGEMENT) < 0


def test_the_gain_is_bounded(vocabulary: Vocabulary) -> None:
    assert find_signs(change("灯塌", "灯塔", 1, 2, 1e9), vocabulary).gain == MOST_GAIN


def test_a_character_typed_twice(vocabulary: Vocabulary) -> None:
    twice = change("流浪浪地球", "流浪地球", 2, 3)
    assert twice.until == 2
    assert twice.twice
    assert find_signs(twice, vocabulary).uneven == 0
    assert not change("流浪海地球", "流浪地球", 2, 3).twice
