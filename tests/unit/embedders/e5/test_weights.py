import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.embedders.e5.weights import Weights, open_weights
from soso.model.errors import BadInput, Unavailable
from tests.unit.embedders.e5 import tiny

RAW = tiny.write(tiny.tensors())


def test_shape_and_vocabulary_are_read() -> None:
    weights = Weights(RAW)
    shape = weights.shape
    assert (shape.hidden, shape.layers, shape.heads) == (tiny.HIDDEN, tiny.LAYERS, tiny.HEADS)
    assert (shape.inner, shape.tokens, shape.places) == (tiny.INNER, len(tiny.PIECES), 32)
    assert shape.epsilon == pytest.approx(1e-12)
    words = weights.vocabulary
    assert words.pieces == tiny.PIECES
    assert (words.bos, words.pad, words.eos, words.unk) == (0, 1, 2, 3)
    assert words.scores[5] == -2
    assert dict(words.replaced) == tiny.REPLACED


def test_a_packed_matrix_comes_back_within_a_step() -> None:
    drawn = tiny.tensors()
    matrix = Weights(RAW).matrix("l0.fo.w", tiny.INNER)
    assert matrix.shape == (tiny.HIDDEN, tiny.INNER)
    blocks = drawn["l0.fo.w"].reshape(-1, 32)
    steps = np.abs(blocks).max(axis=1, keepdims=True) / 7
    assert (np.abs(matrix.reshape(-1, 32) - blocks) <= steps * 0.51).all()


def test_both_ways_to_read_a_packed_matrix_agree() -> None:
    weights = Weights(RAW)
    numbers, scales = weights.packed("emb.word", tiny.HIDDEN)
    assert numbers.shape == (len(tiny.PIECES), tiny.HIDDEN // 2)
    assert scales.shape == (len(tiny.PIECES), tiny.HIDDEN // 32)
    wide = np.empty((len(tiny.PIECES), tiny.HIDDEN), np.float32)
    wide[:, 0::2], wide[:, 1::2] = numbers & 15, numbers >> 4
    wide = (wide - 8) * np.repeat(scales, 32, axis=1)
    assert np.array_equal(wide, weights.matrix("emb.word", tiny.HIDDEN))


def test_an_unpacked_tensor_comes_back_as_it_was() -> None:
    assert np.array_equal(Weights(RAW).vector("l1.aln.w"), tiny.tensors()["l1.aln.w"])


@pytest.mark.parametrize(
    ("name", "packed"), [("l9.q.w", True), ("emb.ln.w", True), ("l0.q.w", False)]
)
def test_a_tensor_that_is_not_there_is_refused(name: str, packed: bool) -> None:
    weights = Weights(RAW)
    with pytest.raises(BadInput, match=name):
        weights.matrix(name, 64) if packed else weights.vector(name)


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="rows"):
        Weights(RAW).matrix("l0.q.w", 63)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"E5S",
        tiny.write(tiny.tensors(), magic=b"E5S2"),
        RAW[:4] + struct.pack("<I", 2) + RAW[8:],
        RAW[:-1],
    ],
    ids=["empty", "short", "magic", "version", "cut"],
)
def test_another_file_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput, match="weights"):
        Weights(raw)


@given(st.integers(0, len(RAW)))
def test_a_file_cut_anywhere_is_refused(length: int) -> None:
    if length < len(RAW):
        with pytest.raises(BadInput):
            Weights(RAW[:length])


@given(st.integers(0, 900), st.integers(0, 255))
def test_a_byte_changed_in_the_head_is_read_or_refused(place: int, byte: int) -> None:
    raw = RAW[:place] + bytes([byte]) + RAW[place + 1 :]
    with suppress(BadInput):  # anything else fails
        assert Weights(raw).vocabulary.pieces


def test_a_missing_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can't be read"):
        open_weights(tmp_path / "none.bin")
    (tmp_path / "empty.bin").touch()
    with pytest.raises(Unavailable):
        open_weights(tmp_path / "empty.bin")
