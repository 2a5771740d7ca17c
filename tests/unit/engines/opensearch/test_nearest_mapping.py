"""Names and chances of what holds vectors in a cluster."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from soso.engines.opensearch.nearest_mapping import CHANCES, name_family, name_index, spread


@given(st.text())
def test_any_model_has_a_name_that_opensearch_takes(model: str) -> None:
    name = name_index("soso", model, 384)
    assert re.fullmatch(r"soso-vectors-[a-z0-9-]+", name)
    assert len(name) < 200
    assert name.startswith(name_family("soso", model))


def test_models_that_look_alike_have_other_names() -> None:
    names = [name_family("soso", model) for model in ("m 1", "m-1", "M 1", "m 1 ", "", "模型")]
    assert len(set(names)) == len(names)
    for one in names:
        assert not any(other.startswith(one) for other in names if other != one)


def test_a_range_of_chance_is_a_share_of_the_documents() -> None:
    chances = np.array([spread(doc) for doc in range(20_000)])
    assert chances.min() >= 0
    assert chances.max() < CHANCES
    for start in (0, 10_000):  # of neighbours too
        part = chances[start : start + 10_000]
        assert abs((part < CHANCES // 10).mean() - 0.1) < 0.02
    assert spread(-5) == spread(-5)
