import pytest

from soso.similarity.gauge import FEWEST, LEAST, MOST, USUAL, choose_need, likest
from soso.similarity.tellings import SCALE


def test_the_most_alike_decides() -> None:
    half = SCALE // 2
    assert likest({1: half, 2: half}, [{1: half}, {1: half, 2: half}, {9: SCALE}]) == 0.5
    assert likest({1: SCALE}, []) == 0
    assert likest({}, [{1: SCALE}]) == 0


def test_nine_of_ten_are_below_what_is_needed() -> None:
    found = [number / 400 for number in range(100)]
    need = choose_need(found)
    assert sum(value < need for value in found) == 90
    assert need == pytest.approx(0.225)


@pytest.mark.parametrize(
    ("found", "need"),
    [([], USUAL), ([0.9] * (FEWEST - 1), USUAL), ([0.0] * FEWEST, LEAST), ([0.9] * FEWEST, MOST)],
)
def test_it_stays_in_bounds(found: list[float], need: float) -> None:
    assert choose_need(found) == need
