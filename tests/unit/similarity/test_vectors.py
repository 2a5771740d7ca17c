import numpy as np
import pytest

from soso.model.errors import BadInput
from soso.similarity.vectors import (
    inverse_lengths,
    pack_vectors,
    products,
    read_packed,
    unpack_vectors,
)


def drawn(count: int, dimension: int = 48, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(0, 1, (count, dimension))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def exact(vectors: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Cosines of the vectors as kept, worked out in whole numbers."""
    packed, asked = pack_vectors(vectors).astype(int), pack_vectors(query[None])[0].astype(int)
    found: np.ndarray = (packed @ asked) / (np.linalg.norm(packed, axis=1) * np.linalg.norm(asked))
    return found


def test_a_vector_takes_a_byte_a_number_and_points_the_same_way() -> None:
    vectors = drawn(200)
    packed = pack_vectors(vectors)
    assert (packed.dtype, packed.shape) == (np.int8, vectors.shape)
    assert np.abs(packed.astype(int)).max(axis=1).tolist() == [127] * 200
    back = unpack_vectors(packed)
    assert back.dtype == np.float32
    assert np.allclose(np.linalg.norm(back, axis=1), 1, atol=1e-5)
    assert (back * vectors).sum(axis=1).min() > 0.9999


def test_length_does_not_count() -> None:
    vectors = drawn(5)
    assert np.array_equal(pack_vectors(vectors * 1e-20), pack_vectors(vectors * 1e20))


def test_kept_bytes_are_read_back() -> None:
    packed = pack_vectors(drawn(3, 8))
    assert np.array_equal(read_packed(packed.tobytes(), dimension=8), packed)
    assert read_packed(b"", dimension=8).shape == (0, 8)
    assert np.array_equal(pack_vectors(unpack_vectors(packed)), packed)


@pytest.mark.parametrize(("size", "dimension"), [(7, 8), (8, 0), (8, -8)])
def test_bytes_of_another_size_are_refused(size: int, dimension: int) -> None:
    with pytest.raises(BadInput):
        read_packed(b"x" * size, dimension=dimension)


@pytest.mark.parametrize("number", [0.0, np.nan, np.inf])
def test_a_vector_without_a_direction_is_refused(number: float) -> None:
    vectors = drawn(2)
    vectors[1] = number
    with pytest.raises(BadInput, match="direction"):
        pack_vectors(vectors)


def test_products_are_exact_for_what_is_kept() -> None:
    vectors, query = drawn(70_000, 32), drawn(1, 32, seed=1)
    packed, asked = pack_vectors(vectors), pack_vectors(query)
    cosines = products(asked, packed) * inverse_lengths(packed) * inverse_lengths(asked)
    assert np.allclose(cosines, exact(vectors, query[0]), atol=1e-6)
    assert np.abs(cosines - vectors @ query[0]).max() < 0.02


def test_extremes_do_not_overflow() -> None:
    packed = np.full((3, 512), -128, np.int8)
    assert products(packed[:1], packed).tolist() == [512 * 128 * 128] * 3


def test_a_kept_row_of_zeros_has_no_length() -> None:
    assert inverse_lengths(np.zeros((2, 8), np.int8)).tolist() == [0, 0]
