import math

import pytest

from soso.model.errors import BadInput
from soso.spelling.vocabulary import NONE, Vocabulary


def test_counts_are_those_of_the_posts(vocabulary: Vocabulary) -> None:
    number = vocabulary.number
    assert vocabulary.grown == (vocabulary.texts, 7)
    assert vocabulary.frequency(number("彗")) == 17
    assert vocabulary.pair(number("灯"), number("塔")) == 17
    assert vocabulary.triple(number("望"), number("远"), number("镜")) == 17
    assert vocabulary.pair(number("塔"), number("灯")) == 0
    assert vocabulary.word("telegram") == 4
    assert vocabulary.word("телеграм") == 4
    assert vocabulary.word("telegramm") == 0


def test_what_is_not_known_has_no_counts(vocabulary: Vocabulary) -> None:
    typed = vocabulary.number("鬻")
    assert typed != NONE
    assert vocabulary.frequency(typed) == 0
    assert vocabulary.number("\U0002a6d6") == NONE
    assert vocabulary.pair(NONE, typed) == 0
    assert vocabulary.triple(typed, NONE, NONE) == 0
    assert list(vocabulary.following(NONE)) == []
    assert vocabulary.sounds(NONE) == []
    assert vocabulary.alike(NONE) == []


def test_a_character_that_was_seen_there_surprises_less(vocabulary: Vocabulary) -> None:
    look, far, mirror, near = map(vocabulary.number, "望远镜境")
    assert vocabulary.surprise(look, far, mirror) < vocabulary.surprise(look, far, near)
    assert vocabulary.surprise(NONE, NONE, mirror) < vocabulary.surprise(NONE, NONE, near)
    assert all(
        math.isfinite(vocabulary.surprise(one, two, three))
        for one in (NONE, look)
        for two in (NONE, near)
        for three in (NONE, mirror)
    )


def test_characters_of_a_sound_and_of_a_shape(vocabulary: Vocabulary) -> None:
    typed = vocabulary.number("慧")
    sounds = vocabulary.sounds(typed)
    assert vocabulary.number("彗") in vocabulary.spoken(sounds[0])
    assert "彗" in {vocabulary.char(other) for other, _ in vocabulary.alike(typed)}
    assert vocabulary.syllable("zhi") in vocabulary.near(vocabulary.syllable("zi"))
    assert vocabulary.syllable("xyz") == NONE


def test_following_are_the_characters_behind_one(vocabulary: Vocabulary) -> None:
    behind = {vocabulary.char(number) for number in vocabulary.following(vocabulary.number("灯"))}
    assert behind == {"塔", "光"}


@pytest.mark.parametrize("cut", [0, 5, 30, 300, -1])
def test_a_file_that_is_cut_off_is_refused(content: bytes, cut: int) -> None:
    with pytest.raises(BadInput):
        Vocabulary(content[:cut])


def test_a_damaged_file_is_refused(content: bytes) -> None:
    middle = len(content) // 2
    damaged = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    with pytest.raises(BadInput):
        Vocabulary(damaged)
