"""The exporter's faults, mended."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.sources.desktop_export.repair import Damaged, mend, read_sound, read_value


@pytest.mark.parametrize(
    ("fragment", "value"),
    [
        (rb'"a\x0Bb"', "a\x0bb"),
        (rb'"\x1F"', "\x1f"),
        (rb'"\x00"', "\ufffd"),
        (rb'"shown as \\x0B"', r"shown as \x0B"),
        (rb'"\\\x0B"', "\\\x0b"),
        (b'"a\\u2028\x80\xa8b\\u2029\x80\xa9c"', "a\u2028b\u2029c"),
        (rb'"\ud83d\ude00"', "😀"),
        (rb'"\ud83d x \ude00"', "\ufffd x \ufffd"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd😀"),
        (rb'"a\u0000b"', "a\ufffdb"),
        (rb'"a\\u0000b"', r"a\u0000b"),
        (b'"a\xffb"', "a\ufffdb"),
        (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd"),
        (rb'"C:\Windows\q"', r"C:\Windows\q"),
        (b'"a\tb"', "a\tb"),
        (b"[NaN, -Infinity, 1]", [None, None, 1]),
    ],
)
def test_faults_are_mended(fragment: bytes, value: object) -> None:
    assert read_value(fragment) == value


def test_numbers_without_end_are_none_and_the_rest_is_kept() -> None:
    assert read_value(b'{"a": ' + b"9" * 5000 + b', "b": 1}') == {"a": None, "b": 1}


@pytest.mark.parametrize("fragment", [b"", b"{", b'{"a" 1}', b"[1,]", b'"a', b"x", b"{}{}"])
def test_what_is_no_json_is_damaged(fragment: bytes) -> None:
    with pytest.raises(Damaged):
        read_value(fragment)


def test_nesting_without_end_is_damaged() -> None:
    with pytest.raises(Damaged):
        read_value(b"[" * 100_000 + b"]" * 100_000)


def test_sound_values_are_told_from_others() -> None:
    assert read_sound(b'{"a": "\xe4\xbd\xa0"}') == {"a": "你"}
    for fragment in (rb'"\x0B"', b'"\xff"', rb'"\u0000"', b"[" * 100_000 + b"]" * 100_000):
        with pytest.raises(ValueError):  # noqa: PT011
            read_sound(fragment)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@given(values, st.booleans())
def test_mending_does_not_touch_what_is_sound(value: object, ascii_only: bool) -> None:
    fragment = json.dumps(value, ensure_ascii=ascii_only).encode()
    if b"\\u0000" not in fragment:
        assert mend(fragment) == fragment
        assert read_value(fragment) == json.loads(fragment)


@given(st.binary())
def test_any_bytes_are_read_or_damaged(fragment: bytes) -> None:
    try:
        value = read_value(fragment)
    except Damaged:
        return
    json.dumps(value, ensure_ascii=False).encode()
