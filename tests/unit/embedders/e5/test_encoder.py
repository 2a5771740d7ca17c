from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soso.embedders.e5.encoder import MASK, TOKENS, VECTORS, draw_encoder
from soso.embedders.e5.runtime import open_session
from soso.embedders.e5.weights import Weights
from tests.contracts.embedder_cases import E5_NEEDS, need
from tests.unit.embedders.e5 import tiny

TEXTS = [[0, 5, 6, 2], [0, 11, 12, 13, 6, 6, 5, 2], [0, 2], [0, *([13, 7, 10] * 9), 2]]


@pytest.fixture(scope="module")
def weights() -> Weights:
    return Weights(tiny.write(tiny.tensors()))


@pytest.fixture(scope="module")
def session(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> Any:
    need(E5_NEEDS)
    path = tmp_path_factory.mktemp("encoder") / "encoder.onnx"
    draw_encoder(weights, path, "encoder.bin")
    assert path.with_name("encoder.bin").stat().st_size > path.stat().st_size / 2
    return open_session(path)


def run(session: Any, texts: list[list[int]]) -> np.ndarray:
    tokens = np.ones((len(texts), max(map(len, texts))), np.int64)
    mask = np.zeros(tokens.shape, np.int32)
    for row, ids in enumerate(texts):
        tokens[row, : len(ids)], mask[row, : len(ids)] = ids, 1
    found: np.ndarray = session.run([VECTORS], {TOKENS: tokens, MASK: mask})[0]
    return found


def unpacked(weights: Weights) -> dict[str, np.ndarray]:
    return {
        name: weights.matrix(name, value.shape[1]) if value.ndim > 1 else value
        for name, value in tiny.tensors().items()
    }


def test_the_graph_gives_what_the_layers_give(session: Any, weights: Weights) -> None:
    expected = np.stack([tiny.encode(unpacked(weights), ids) for ids in TEXTS])
    cosines = (run(session, TEXTS) * expected).sum(axis=1)
    assert cosines.min() > 0.999


def test_vectors_have_unit_length_and_differ(session: Any) -> None:
    vectors = run(session, TEXTS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.abs(vectors @ vectors.T - np.eye(len(TEXTS))).max() < 0.99


def test_neighbours_and_padding_change_nothing(session: Any) -> None:
    together = run(session, TEXTS)
    alone = np.concatenate([run(session, [ids]) for ids in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_the_order_of_tokens_counts(session: Any) -> None:
    one, other = run(session, [[0, 5, 6, 13, 2], [0, 13, 6, 5, 2]])
    assert one @ other < 0.999


def test_it_can_be_drawn_twice_alike(weights: Weights, session: Any, tmp_path: Path) -> None:
    draw_encoder(weights, tmp_path / "a.onnx", "a.bin")
    again = open_session(tmp_path / "a.onnx")
    assert np.array_equal(run(session, TEXTS), run(again, TEXTS))
