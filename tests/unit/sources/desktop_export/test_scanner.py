"""Walking through JSON block by block."""

import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.sources.desktop_export.repair import Damaged
from soso.sources.desktop_export.scanner import Broken, CutShort, Scanner


def scan(content: bytes, block_bytes: int = 1 << 18) -> Scanner:
    return Scanner(io.BytesIO(content), block_bytes=block_bytes)


def read_object(scanner: Scanner) -> dict[str, object]:
    return {key: scanner.value() for key in scanner.fields()}


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=20,
)


@given(
    st.dictionaries(st.text('ab\\"{}[],:\n 你', max_size=5), values, max_size=5),
    st.integers(1, 40),
    st.sampled_from([None, 1, 4]),
    st.booleans(),
)
def test_any_layout_and_block_size_gives_the_same_values(
    value: dict[str, object], block_bytes: int, indent: int | None, ascii_only: bool
) -> None:
    content = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert read_object(scan(content, block_bytes)) == value


@given(st.lists(values, max_size=6), st.integers(1, 40), st.sampled_from([None, 1]))
def test_skipping_stops_where_taking_does(
    value: list[object], block_bytes: int, indent: int | None
) -> None:
    content = json.dumps(value, indent=indent).encode()
    taking, skipping = scan(content, block_bytes), scan(content, block_bytes)
    for _, _ in zip(taking.items(), skipping.items(), strict=True):
        fragment = taking.fragment()
        skipping.skip()
        assert json.loads(fragment) in value
        assert taking.offset == skipping.offset
    assert taking.offset == len(content)


def test_brackets_and_quotes_in_strings_do_not_count() -> None:
    content = b'[{"a": "}]{[\\"\\\\"}, {"b": "\\\\\\""}]'
    scanner = scan(content, 3)
    assert [scanner.value() for _ in scanner.items()] == json.loads(content)


def test_an_object_closed_at_its_own_depth_inside_is_not_cut_there() -> None:
    content = b'[\n {\n  "a": {\n }, "b": 1\n }\n]'  # the inner brace stands where the outer would
    scanner = scan(content)
    assert [scanner.value() for _ in scanner.items()] == [{"a": {}, "b": 1}]


def test_a_mark_of_utf8_and_missing_or_doubled_commas_do_no_harm() -> None:
    assert read_object(scan(b'\xef\xbb\xbf {"a": 1 "b": 2,, "c": 3,}')) == {"a": 1, "b": 2, "c": 3}


def test_a_damaged_value_is_gone_past() -> None:
    scanner = scan(b'[{"a" 1}, {"b": 2}]')
    items = scanner.items()
    next(items)
    with pytest.raises(Damaged):
        scanner.value()
    next(items)
    assert scanner.value() == {"b": 2}


@pytest.mark.parametrize("content", [b"", b"  ", b'{"a"', b'{"a":', b'{"a": [1, 2', b'{"a": "x'])
def test_input_that_ends_too_early(content: bytes) -> None:
    with pytest.raises(CutShort):
        read_object(scan(content, 2))


@pytest.mark.parametrize(
    "content", [b"x", b"[1]", b'{"a" 1}', b'{"a": }', b"{1: 2}", b'{"a": "x\ny"}', b'{"a\n": 1}']
)
def test_brackets_that_do_not_fit(content: bytes) -> None:
    with pytest.raises(Broken):
        read_object(scan(content, 2))


def test_values_of_absurd_length_are_refused_and_skipped_in_little_memory() -> None:
    class Endless(io.RawIOBase):
        def __init__(self, start: bytes, block: bytes, times: int) -> None:
            self._blocks = iter([start, *([block] * times), b"]"])

        def read(self, _size: int = -1) -> bytes:
            return next(self._blocks, b"")

    block = b"1," * (1 << 19)
    with pytest.raises(Broken, match="more than 64 MB"):
        Scanner(Endless(b"[", block, 100)).fragment()  # type: ignore[arg-type]
    tracemalloc.start()
    Scanner(Endless(b"[", block, 100)).skip()  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20
