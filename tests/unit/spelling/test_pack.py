import random
from itertools import pairwise
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.spelling.count import Counts, RunCounter
from soso.spelling.pack import STRETCHED, Sizes, hash_word, pack, squeeze, stretch
from soso.spelling.vocabulary import Vocabulary


@given(st.integers(0, 10**7))
def test_a_count_comes_back_within_six_percent(count: int) -> None:
    byte = squeeze(count)
    assert 0 <= byte <= 255
    assert abs(stretch(byte) - count) <= 0.06 * count


def test_small_counts_are_exact_and_all_rise() -> None:
    assert [stretch(squeeze(count)) for count in range(33)] == list(range(33))
    assert list(STRETCHED) == sorted(STRETCHED)


def test_the_rarest_are_left_out_of_a_small_file() -> None:
    counter = RunCounter()
    for number in range(50):
        counter.add(["灯塔很亮", f"{chr(0x5000 + number)}{chr(0x6000 + number)}"])
    small = Vocabulary(pack(counter.counts(), sizes=Sizes(pairs=10, triples=10, words=10)))
    number = small.number
    assert small.pair(number("灯"), number("塔")) > 40
    assert small.pair(number(chr(0x5000)), number(chr(0x6000))) == 0


def test_nothing_at_all_can_be_packed() -> None:
    empty = Vocabulary(pack(Counts(texts=0, chars={}, pairs={}, triples={}, words={})))
    assert empty.texts == 0
    assert empty.word("telegram") == 0


def test_others_get_their_turn_all_the_while() -> None:
    counter = RunCounter()
    draw = random.Random(1)
    for _ in range(20_000):
        counter.add(["".join(chr(0x4E00 + draw.randrange(900)) for _ in range(8)), "wörter"])
    turns: list[float] = []
    counts = counter.counts()
    whole = pack(counts)
    assert pack(counts, breathe=lambda: turns.append(thread_time())) == whole
    waits = sorted(after - before for before, after in pairwise(turns))
    assert len(waits) > 1_000
    assert waits[len(waits) * 99 // 100] < 0.01
    assert waits[-1] < 0.7  # of some seconds; the longest reads the tables of shapes


def test_the_file_does_not_hold_words_of_letters(content: bytes) -> None:
    assert b"astronomy" not in content


@pytest.mark.parametrize("word", ["telegram", "", "\ud800", "телеграм"])
def test_a_word_has_one_number(word: str) -> None:
    assert hash_word(word) == hash_word(word)
    assert 0 <= hash_word(word) < 2**64
