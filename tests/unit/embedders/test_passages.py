import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.embedders.passages import MOST, cut_passages, weigh

SENTENCES = "".join(f"这是第{number}个句子，它说了一点事情。" for number in range(40))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_short_text_is_one_passage_without_its_edges() -> None:
    assert cut_passages("  你好，世界。\n", budget=100) == ["你好，世界。"]


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000"])
def test_a_blank_text_has_none(text: str) -> None:
    assert cut_passages(text, budget=100) == []


def test_cuts_fall_behind_sentences() -> None:
    passages = cut_passages(SENTENCES, budget=60)
    assert len(passages) > 3
    assert all(passage.endswith("。") for passage in passages)
    assert "".join(passages) == SENTENCES


def test_passages_are_about_even() -> None:
    weights = [weigh(passage) for passage in cut_passages(SENTENCES, budget=100)]
    assert max(weights) <= 100
    assert min(weights) > max(weights) / 2


def test_closing_quotes_and_blanks_stay_with_their_sentence() -> None:
    text = "他说：“今天不去了。” 我问：“为什么呢？”" * 6
    assert {passage[-1] for passage in cut_passages(text, budget=30)} == {"”"}


def test_a_full_stop_inside_a_number_or_address_ends_nothing() -> None:
    text = "Version 3.14 is at example.org/a.b now. " * 12
    assert all(p.endswith("now.") for p in cut_passages(text.strip(), budget=30))


def test_a_long_sentence_is_cut_behind_a_clause() -> None:
    text = "，".join(["这一句话非常长，一直没有句号"] * 20)
    assert all(p.endswith("，") for p in cut_passages(text, budget=40)[:-1])


def test_without_any_mark_words_stay_whole() -> None:
    words = "alpha beta gamma delta " * 60
    passages = cut_passages(words, budget=20)
    assert len(passages) > 5
    assert {word for passage in passages for word in passage.split()} == set(words.split())


def test_a_cluster_is_never_torn() -> None:
    family = "👨‍👩‍👧‍👦"
    passages = cut_passages(family * 100, budget=30)
    assert len(passages) > 3
    assert {passage.replace(family, "") for passage in passages} == {""}


def test_there_are_never_more_than_most() -> None:
    assert len(cut_passages(SENTENCES * 100, budget=20)) == MOST
    assert len(cut_passages(SENTENCES, budget=20, most=3)) == 3


def test_hostile_texts_are_cut_in_time() -> None:
    for text in (
        "\u0301" * 100_000,
        "a" * 100_000,
        "，" * 100_000,
        ". " * 50_000,
        "\u200d" * 50_000,
    ):
        assert cut_passages(text, budget=100)


@given(st.text(st.characters(exclude_categories=()), max_size=400), st.integers(1, 60))
def test_nothing_is_lost(text: str, budget: int) -> None:
    passages = cut_passages(text, budget=budget, most=10_000)
    assert squeezed("".join(passages)) == squeezed(text)
    assert all(passage == passage.strip() != "" for passage in passages)


@given(st.text("中文，。 ab1.\n", max_size=400), st.integers(3, 60))
def test_passages_keep_to_the_budget(text: str, budget: int) -> None:
    heaviest = 20 * 0.9  # a word may be kept whole over the edge
    assert all(weigh(p) <= budget + heaviest for p in cut_passages(text, budget=budget))


def test_weights_grow_with_the_text() -> None:
    assert weigh("") == 0
    assert weigh("中文") > weigh("ab") > weigh("  ") == 0
    assert weigh("a.b") > weigh("ab")
