import gc
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest

from soso.embedders.openai.embedder import FOR_QUERIES, OpenAIEmbedder, Remote
from soso.model.errors import BadInput, Unavailable
from tests.contracts.embedder_cases import Double, serving


@pytest.fixture
def double() -> Iterator[Double]:
    with serving(dimension=8) as served:
        yield served


@pytest.fixture
def remote(double: Double) -> Remote:
    return Remote(
        url=double.url,
        model="bge-m3",
        dimension=8,
        key="sk-secret",
        query_prefix="query: ",
        post_prefix="passage: ",
        at_once=2,
    )


@pytest.fixture
def embedder(remote: Remote) -> Iterator[OpenAIEmbedder]:
    made = OpenAIEmbedder(remote, rest=lambda _seconds: None)
    yield made
    made.close()


def test_connections_end_with_the_last_who_asks(remote: Remote) -> None:
    made = OpenAIEmbedder(remote)
    client = made._endpoint._client
    assert not client.is_closed
    del made
    gc.collect()
    assert client.is_closed


def test_posts_go_in_parts_with_their_prefix(double: Double, embedder: OpenAIEmbedder) -> None:
    vectors = embedder.embed_posts(["一", "二", "三"])
    assert [body["input"] for body in double.bodies] == [
        ["passage: 一", "passage: 二"],
        ["passage: 三"],
    ]
    assert {body["model"] for body in double.bodies} == {"bge-m3"}
    expected = np.array([double.embed(f"passage: {text}") for text in "一二三"])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(vectors, expected, atol=1e-6)


def test_queries_have_theirs(double: Double, embedder: OpenAIEmbedder) -> None:
    embedder.embed_query("地铁")
    assert double.bodies[0]["input"] == ["query: 地铁"]
    assert "dimensions" not in double.bodies[0]


def test_a_model_may_be_asked_to_shorten(double: Double, remote: Remote) -> None:
    embedder = OpenAIEmbedder(msgspec.structs.replace(remote, shorten=True))
    embedder.embed_query("a")
    embedder.close()
    assert double.bodies[0]["dimensions"] == 8


def test_long_texts_are_cut_and_empty_ones_filled(double: Double, remote: Remote) -> None:
    embedder = OpenAIEmbedder(msgspec.structs.replace(remote, post_prefix=""))
    embedder.embed_posts(["", "字" * 9_000])
    embedder.close()
    assert double.bodies[0]["input"] == [" ", "字" * 8_000]


def test_a_query_does_not_wait_long(double: Double, embedder: OpenAIEmbedder) -> None:
    double.replies = [(503, {}, b"")] * 9
    with pytest.raises(Unavailable):
        embedder.embed_query("a")
    assert len(double.bodies) == FOR_QUERIES.tries == 2
    double.replies = [(429, {"Retry-After": "5"}, b"")] * 9
    with pytest.raises(Unavailable):
        embedder.embed_query("a")
    assert len(double.bodies) == 3


def test_another_dimension_is_told(double: Double, embedder: OpenAIEmbedder) -> None:
    double.dimension = 16
    with pytest.raises(BadInput, match="16 numbers, the settings say 8"):
        embedder.embed_posts(["a"])


def test_the_name_tells_what_vectors_depend_on(remote: Remote) -> None:
    def name(**changed: object) -> str:
        made = OpenAIEmbedder(msgspec.structs.replace(remote, **changed))
        made.close()
        return made.name

    assert name(query_prefix="", post_prefix="") == "openai bge-m3 8"
    others = [name(model="x"), name(dimension=9), name(query_prefix="q"), name(post_prefix="q")]
    assert len({name(), *others}) == 5
    assert name(url="http://127.0.0.1:1/v1", key="other", at_once=5) == name()


def test_the_key_is_in_no_name_and_no_repr(remote: Remote, embedder: OpenAIEmbedder) -> None:
    shown = (embedder.name, repr(embedder), repr(remote), str(remote), f"{remote}")
    assert not any("sk-secret" in text for text in shown)


def test_the_operator_is_warned_where_texts_leave_the_machine(remote: Remote) -> None:
    def warning(url: str) -> str | None:
        made = OpenAIEmbedder(msgspec.structs.replace(remote, url=url))
        made.close()
        return made.warning

    assert warning("http://localhost:11434/v1") is None
    told = warning("https://api.example.org/v1")
    assert told is not None
    assert "api.example.org" in told
    assert "private" in told


@pytest.mark.parametrize("changed", [{"model": ""}, {"dimension": 0}, {"at_once": 0}])
def test_settings_that_can_t_work_are_refused(remote: Remote, changed: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="endpoint"):
        OpenAIEmbedder(msgspec.structs.replace(remote, **changed))
