"""Values that nobody vouches for."""

import math

import pytest

from soso.sources.desktop_export.wire import (
    MAX_LABEL_CHARS,
    as_flag,
    as_int,
    as_label,
    as_list,
    as_map,
    as_number,
    as_text,
)

ODD = [None, True, [], {}, "", "x", 1.5, math.nan, math.inf, -math.inf, 10**30, "9" * 30, object()]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(7, 7), ("7", 7), (" 7 ", 7), (7.0, 7), ("-7", None), (-7, None), ("７", 7), ("--7", None)],
)
def test_whole_numbers_are_read_from_digits_and_floats(value: object, expected: int | None) -> None:
    assert as_int(value) == expected


def test_bounds_include_their_ends() -> None:
    assert as_int(5, low=5, high=5) == 5
    assert as_int(-5, low=-5) == -5
    assert as_int(6, low=5, high=5) is None


@pytest.mark.parametrize("value", ODD)
def test_odd_values_are_no_whole_numbers(value: object) -> None:
    assert as_int(value) is None


def test_numbers_come_from_strings_too_and_must_be_finite() -> None:
    assert as_number("45.5", low=-90, high=90) == 45.5
    assert as_number(90, low=-90, high=90) == 90
    for value in (math.nan, math.inf, "nan", "x", None, True, [], 10**400, "91"):
        assert as_number(value, low=-90, high=90) is None


def test_labels_are_stripped_cut_and_never_empty() -> None:
    assert as_label("  名字 ") == "名字"
    assert as_label("   ") is None
    assert as_label(5) is None
    assert as_label("x" * 5000) == "x" * MAX_LABEL_CHARS


def test_other_types_become_empty_ones() -> None:
    assert as_map([1]) == {}
    assert as_list({"a": 1}) == []
    assert as_text(1) == ""
    assert [as_flag(value) for value in (True, "true", "false", 1, None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
