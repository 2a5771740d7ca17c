"""The port embedder: every adapter gives vectors that may be trusted alike."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from soso.embedders.openai import OpenAIEmbedder
from soso.ports.embedder import Embedder

from .embedder_cases import EMBEDDERS


@pytest.fixture(scope="module", params=EMBEDDERS, ids=lambda make: make.__name__)
def embedder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Embedder]:
    with request.param(tmp_path_factory.mktemp("embedder")) as made:
        yield made


POSTS = (
    "今天的发布会公布了新手机的价格，比去年便宜两百元。",
    "The city opens a second metro line in spring.",
    "北京地铁",
    "Сегодня вечером в парке бесплатный концерт.",
    "😀😀 links: https://example.org/a?b=c #标签 @name",
    "第一行\n第二行\n\n第四行",
    "ＦＵＬＬ　ｗｉｄｔｈ",
)
ODD = (
    "",
    "   \n\t ",
    "\x00\x01\x02\x7f\x9f",
    "\ud800 half \udfff",
    "\ud83d\ude00 a pair in halves",
    "é e\u0301 " + "\u0301" * 300,
    "<s></s><pad><unk><mask>",
    "query: passage: ",
    "\u202e\u200b\ufeff\ufffd\uffff",
    "👨‍👩‍👧‍👦🇨🇳" * 50,
    "长" * 10_000,
    "word " * 2_000,
    "x" * 10_000,
    " " * 10_000 + "behind blanks",
)


def is_unit(vectors: np.ndarray) -> bool:
    return bool(np.allclose(np.linalg.norm(vectors, axis=-1), 1, atol=1e-4))


def test_it_has_a_name_and_a_dimension(embedder: Embedder) -> None:
    assert embedder.name == embedder.name.strip() != ""
    assert embedder.dimension > 0


def test_posts_become_rows_of_unit_length(embedder: Embedder) -> None:
    vectors = embedder.embed_posts(POSTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(POSTS), embedder.dimension)
    assert is_unit(vectors)
    assert len({row.tobytes() for row in vectors}) == len(POSTS)


def test_no_posts_are_no_rows(embedder: Embedder) -> None:
    vectors = embedder.embed_posts([])
    assert (vectors.shape, vectors.dtype) == ((0, embedder.dimension), np.float32)


def test_a_query_becomes_one_vector(embedder: Embedder) -> None:
    vector = embedder.embed_query("地铁 二号线")
    assert (vector.shape, vector.dtype) == ((embedder.dimension,), np.float32)
    assert is_unit(vector)


def test_the_same_text_gives_the_same_vector(embedder: Embedder) -> None:
    assert np.array_equal(embedder.embed_posts(POSTS), embedder.embed_posts(POSTS))
    assert np.array_equal(embedder.embed_query(POSTS[0]), embedder.embed_query(POSTS[0]))


def test_a_text_is_the_same_alone_and_among_others(embedder: Embedder) -> None:
    together = embedder.embed_posts([*POSTS, *ODD, *reversed(POSTS)])
    alone = np.stack([embedder.embed_posts([text])[0] for text in (*POSTS, *ODD)])
    cosines = (together[: len(alone)] * alone).sum(axis=1)
    assert cosines.min() > 0.999
    backwards = together[len(alone) :][::-1]
    assert ((backwards * alone[: len(POSTS)]).sum(axis=1) > 0.999).all()


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:12]))
def test_any_text_is_taken(embedder: Embedder, text: str) -> None:
    for vector in (embedder.embed_posts([text])[0], embedder.embed_query(text)):
        assert vector.shape == (embedder.dimension,)
        assert is_unit(vector)


def test_passages_cover_a_long_post(embedder: Embedder) -> None:
    text = "".join(f"第{number}句话讲的是同一件事情的另一个方面。" for number in range(60))
    passages = embedder.passages(text)
    assert len(passages) > 1
    assert "".join(passages) == text
    assert embedder.passages(POSTS[0]) == [POSTS[0]]
    assert embedder.passages(" \n ") == []


def test_many_threads_may_ask_at_once(embedder: Embedder) -> None:
    expected = embedder.embed_posts(POSTS)
    with ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(lambda _: embedder.embed_posts(POSTS), range(8)))
        queries = list(pool.map(embedder.embed_query, [POSTS[0]] * 8))
    assert all(((found * expected).sum(axis=1) > 0.999).all() for found in rounds)
    assert all(np.array_equal(found, queries[0]) for found in queries)


def test_a_post_is_nearest_to_what_says_it_in_like_words(embedder: Embedder) -> None:
    near = embedder.embed_query("新手机的价格公布了，比去年便宜")
    cosines = embedder.embed_posts(POSTS) @ near
    assert cosines.argmax() == 0


ACROSS = {
    "如何种植番茄": "Growing tomatoes at home: soil, light and watering.",
    "央行下调利率": "The central bank lowers its key interest rate.",
    "地铁新线路开通": "A new metro line opens to passengers this spring.",
    "猫不肯吃东西怎么办": "What to do when your cat refuses to eat.",
    "足球世界杯决赛": "The final match of the football world cup ended in penalties.",
    "怎样备份手机照片": "Three ways to back up the pictures on your phone.",
}


def test_meaning_is_found_across_languages(embedder: Embedder) -> None:
    if isinstance(embedder, OpenAIEmbedder):
        return  # the model behind the endpoint of these tests counts characters
    posts = embedder.embed_posts(list(ACROSS.values()))
    cosines = np.stack([embedder.embed_query(query) for query in ACROSS]) @ posts.T
    assert cosines.argmax(axis=1).tolist() == list(range(len(ACROSS)))
