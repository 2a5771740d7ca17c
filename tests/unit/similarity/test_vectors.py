import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.errors import BadInput
from soso.similarity.vectors import (
    VectorTable,
    pack_vectors,
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


def test_cosines_are_exact_for_what_is_kept() -> None:
    vectors, query = drawn(500), drawn(1, seed=1)[0]
    table = VectorTable(pack_vectors(vectors))
    assert np.allclose(table.cosines(query), exact(vectors, query), atol=1e-6)
    assert np.abs(table.cosines(query) - vectors @ query).max() < 0.01
    rows = np.array([7, 3, 499])
    assert np.array_equal(table.cosines(query, rows=rows), table.cosines(query)[rows])


@given(st.integers(0, 60), st.integers(-1, 70), st.integers(0, 2**16))
def test_the_nearest_are_those_of_a_sort(size: int, count: int, seed: int) -> None:
    vectors, query = drawn(size, 32, seed), drawn(1, 32, seed + 1)[0]
    near = VectorTable(pack_vectors(vectors)).nearest(query, count)
    cosines = VectorTable(pack_vectors(vectors)).cosines(query)
    expected = sorted(range(size), key=lambda row: (-cosines[row], row))[: max(count, 0)]
    assert near.rows.tolist() == expected
    assert near.cosines.tolist() == cosines[expected].tolist()


@pytest.mark.parametrize("share", [0, 0.05, 0.4, 0.8, 1])
def test_only_allowed_rows_are_found(share: float) -> None:
    vectors, query = drawn(400), drawn(1, seed=2)[0]
    table = VectorTable(pack_vectors(vectors))
    allowed = np.random.default_rng(3).random(400) < share
    near = table.nearest(query, 10, allowed=allowed)
    cosines = np.where(allowed, table.cosines(query), -2)
    expected = sorted(np.flatnonzero(allowed).tolist(), key=lambda row: -cosines[row])[:10]
    assert near.rows.tolist() == expected


def test_equal_vectors_come_in_the_order_of_their_rows() -> None:
    one, other = drawn(2)
    table = VectorTable(pack_vectors(np.stack([other, one, other, one, one])))
    assert table.nearest(one, 2).rows.tolist() == [1, 3]
    assert table.nearest(one, 4).rows.tolist() == [1, 3, 4, 0]


def test_a_table_may_be_empty() -> None:
    table = VectorTable(np.empty((0, 8), np.int8))
    assert len(table) == 0
    assert table.nearest(drawn(1, 8)[0], 5).rows.tolist() == []
    assert table.nearest(drawn(1, 8)[0], 5, allowed=np.zeros(0, bool)).rows.tolist() == []


def test_a_table_larger_than_one_run_is_scanned_whole() -> None:
    packed = pack_vectors(drawn(70_000, 32))
    table = VectorTable(packed)
    for row in (0, 32_767, 32_768, 65_536, 69_999):
        assert table.nearest(unpack_vectors(packed[row : row + 1])[0], 1).rows.tolist() == [row]


def test_a_kept_row_of_zeros_is_near_to_nothing() -> None:
    packed = np.zeros((2, 32), np.int8)
    packed[1] = pack_vectors(drawn(1, 32))[0]
    near = VectorTable(packed).nearest(unpack_vectors(packed[1:])[0], 2)
    assert near.rows.tolist() == [1, 0]
    assert near.cosines[1] == 0


def test_extremes_do_not_overflow() -> None:
    packed = np.full((3, 512), -128, np.int8)
    near = VectorTable(packed).nearest(np.full(512, -1, np.float32), 1)
    assert near.cosines.tolist() == pytest.approx([1.0], abs=1e-6)


def test_a_query_or_filter_of_another_size_is_refused() -> None:
    table = VectorTable(pack_vectors(drawn(4, 16)))
    with pytest.raises(BadInput, match="16"):
        table.nearest(drawn(1, 8)[0], 1)
    with pytest.raises(BadInput, match="truths"):
        table.nearest(drawn(1, 16)[0], 1, allowed=np.ones(3, bool))


def test_rows_that_can_t_be_written_serve_too() -> None:
    packed = pack_vectors(drawn(10, 16))
    rows = read_packed(packed.tobytes(), dimension=16)
    assert not rows.flags.writeable
    assert VectorTable(rows).nearest(unpack_vectors(packed[3:4])[0], 1).rows.tolist() == [3]
