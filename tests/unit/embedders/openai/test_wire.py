import json

import numpy as np
import pytest

from soso.embedders.openai.wire import build_request, parse_answer, parse_complaint
from soso.model.errors import BadInput, Unavailable


def answer(*rows: object) -> bytes:
    return json.dumps({"object": "list", "data": rows, "usage": {"total_tokens": 3}}).encode()


def row(index: int | None, *numbers: float) -> dict[str, object]:
    return {"object": "embedding", "index": index, "embedding": numbers}


def test_a_request_holds_the_texts_in_order() -> None:
    body = json.loads(build_request("m", ["一", "two"], dimension=None))
    assert body == {"model": "m", "input": ["一", "two"], "encoding_format": "float"}
    assert json.loads(build_request("m", [], dimension=5))["dimensions"] == 5


def test_vectors_come_in_the_order_of_their_index_at_unit_length() -> None:
    found = parse_answer(answer(row(1, 0, -2), row(0, 3, 4)), count=2, dimension=2)
    assert found.dtype == np.float32
    assert np.allclose(found, [[0.6, 0.8], [0, -1]])


def test_numbers_of_any_size_have_a_direction() -> None:
    found = parse_answer(answer(row(0, 1e308, 1e308), row(1, 0, 5e-324)), count=2, dimension=2)
    assert np.allclose(found, [[0.5**0.5, 0.5**0.5], [0, 1]])


def test_without_indexes_the_order_counts() -> None:
    body = json.dumps({"data": [{"embedding": [1, 0]}, {"embedding": [0, 1]}]}).encode()
    assert parse_answer(body, count=2, dimension=2).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b"[]",
        b'{"data": {}}',
        answer({"index": 0, "embedding": "AAAA"}),
        answer(row(0, 1, 0)),
        answer(row(0, 1, 0), row(0, 0, 1)),
        answer(row(0, 1, 0), row(7, 0, 1)),
        answer(row(-1, 1, 0), row(0, 0, 1)),
        answer(row(0, 1, 0), row(1, 0, 0)),
        b'{"data": [{"embedding": [1, NaN]}, {"embedding": [1, 0]}]}',
        b'{"data": [{"embedding": [1, 1e999]}, {"embedding": [1, 0]}]}',
        b'{"data": [{"embedding": [1, null]}, {"embedding": [1, 0]}]}',
    ],
)
def test_an_answer_that_is_none_is_unavailable(body: bytes) -> None:
    with pytest.raises(Unavailable):
        parse_answer(body, count=2, dimension=2)


def test_another_dimension_is_told_with_both_numbers() -> None:
    with pytest.raises(BadInput, match="3 numbers, the settings say 2"):
        parse_answer(answer(row(0, 1, 2, 3)), count=1, dimension=2)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": {"message": "no such model", "type": "x"}}', "no such model"),
        (b'{"error": "model not found"}', "model not found"),
        (b'{"detail": "nope"}', "nope"),
        (b'{"message": "two\\nlines\\u001b[31m"}', "two lines [31m"),
        (b'{"error": {"code": 5}}', ""),
        (b'{"error": [1]}', ""),
        (b"[]", ""),
        (b"<html>", ""),
        (b"\xff", ""),
    ],
)
def test_a_complaint_is_read_in_one_line(body: bytes, said: str) -> None:
    assert parse_complaint(body) == said
