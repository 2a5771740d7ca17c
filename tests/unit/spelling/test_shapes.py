import pytest

from soso.spelling.shapes import MOST_NEIGHBOURS, find_alike, is_common, likeness, load_shapes

SHAPES = load_shapes("锥椎皿血孑子己已锅曾增犮发人入慧彗一鬻")


@pytest.mark.parametrize("pair", ["锥椎", "皿血", "孑子", "己已", "人入"])
def test_characters_that_are_taken_for_one_another_look_alike(pair: str) -> None:
    assert likeness(SHAPES[pair[0]], SHAPES[pair[1]]) >= 0.5


def test_likeness_is_mutual_and_bounded() -> None:
    for one in SHAPES.values():
        assert likeness(one, one) > 0.85
        for other in SHAPES.values():
            assert likeness(one, other) == pytest.approx(likeness(other, one))
            assert 0 <= likeness(one, other) <= 1


def test_others_do_not_look_alike() -> None:
    assert likeness(SHAPES["锅"], SHAPES["人"]) < 0.4


@pytest.mark.parametrize(("typed", "meant"), ["锥椎", "曾增", "犮发", "慧彗", "皿血"])
def test_what_was_meant_is_among_the_neighbours(typed: str, meant: str) -> None:
    found = find_alike(SHAPES, typed, list(SHAPES))
    assert meant in [other for other, _ in found[typed]]


def test_neighbours_are_sorted_few_and_never_the_character_itself() -> None:
    for char, near in find_alike(SHAPES, list(SHAPES), list(SHAPES)).items():
        rates = [rate for _, rate in near]
        assert rates == sorted(rates, reverse=True)
        assert len(near) <= MOST_NEIGHBOURS
        assert char not in [other for other, _ in near]


def test_what_has_no_shape_has_no_neighbours() -> None:
    assert load_shapes("aあ") == {}
    assert find_alike(SHAPES, ["a"], list(SHAPES)) == {}


def test_common_characters() -> None:
    assert is_common("的")
    assert not is_common("犮")
    assert not is_common("\U0002a6d6")
