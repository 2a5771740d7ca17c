import numpy as np
import pytest

from soso.similarity.nearness import compare, mean_of
from soso.similarity.vectors import pack_vectors

RANDOM = np.random.default_rng(0)


def packed(*rows: np.ndarray) -> np.ndarray:
    vectors = np.stack(rows).astype(np.float32)
    return pack_vectors(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def cone(count: int) -> list[np.ndarray]:
    """Strangers as a model gives them: all in one direction, and a little apart."""
    return [np.ones(64) * 3 + RANDOM.normal(size=64) for _ in range(count)]


def test_strangers_are_at_nothing_and_twins_at_one() -> None:
    texts = cone(200)
    rows = [packed(one) for one in texts]
    others = dict(enumerate([rows[0], *rows[1:20]]))
    found = compare(rows[0], others, mean=mean_of(rows))
    assert found[0].meaning == pytest.approx(1, abs=0.01)
    assert all(abs(found[place].meaning) < 0.5 for place in range(1, 20))


def test_who_lies_among_many_is_crowded() -> None:
    texts = cone(60)
    middle = texts[0]
    crowd = [packed(middle + RANDOM.normal(size=64) * 0.1) for _ in range(15)]
    rows = [packed(one) for one in texts]
    others = dict(enumerate([*crowd, *rows[1:15]]))
    found = compare(rows[20], others, mean=mean_of(rows))
    assert min(found[n].crowd for n in range(15)) > max(found[n].crowd for n in range(15, 29))


def test_passages_count_as_one() -> None:
    first, second, third = cone(3)
    rows = [packed(one) for one in cone(30)]
    found = compare(packed(first, second), {"same": packed(second, first)}, mean=mean_of(rows))
    assert found["same"].meaning == pytest.approx(1, abs=0.01)
    assert found["same"].crowd == 0
    assert compare(packed(third), {}, mean=mean_of(rows)) == {}


def test_a_text_at_the_very_middle_is_near_to_nothing() -> None:
    row = packed(np.ones(8))
    found = compare(row, {1: row}, mean=mean_of([row]))
    assert found[1].meaning == 0
