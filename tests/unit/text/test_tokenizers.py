import pytest
from hypothesis import given

from soso.text.normalize import fold_phrases_text
from soso.text.tokenizers import LONGEST_RUN, WordCutter
from tests.unit.text.strategies import texts

CUTTER = WordCutter()


@pytest.mark.parametrize(
    ("folded", "terms"),
    [
        ("我来到北京清华大学", "我 来到 北京 清华 华大 大学 清华大学"),
        ("学c++和c#编程", "学 c++ 和 c# 编程"),
        ("iphone15 mp4 s01e02", "iphon 15 iphone15 mp 4 mp4 s01e02"),
        ("don't john’s rock'n'roll", "dont john rock n roll"),
        ("https://example.com/a_b?x=1", "https exampl com a b x 1"),
        ("3.14，100%！", "3 14 100"),
        ("看🔥片 ━━● 完", "看 🔥 片 完"),
        ("東京タワーに", "東京 タワ ワー タワー に"),
        ("らーめん", "らー ーめ めん らーめん"),
        ("서울에서 꿈", "서울 울에 에서 서울에서 꿈"),
        ("ภาษา", "ภา าษ ษา ภาษา"),
        ("скачать фильмы", "скача фильм"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("软体 伺服器", "软件 伺服 服务 务器 服务器"),
        ("", ""),
        ("，。！", ""),
    ],
)
def test_terms(folded: str, terms: str) -> None:
    assert CUTTER.terms(folded) == terms.split()


@pytest.mark.parametrize(
    ("folded", "words"),
    [
        ("清华大学", [["清华大学", "清华", "华大", "大学"]]),
        ("流浪地球2", [["流浪"], ["地球"], ["2"]]),
        ("iphone15", [["iphone15", "iphon", "15"]]),
        ("タワー", [["タワー", "タワ", "ワー"]]),
        ("伺服器", [["服务器", "伺服", "服务", "务器"]]),
        ("哈哈", [["哈哈"]]),
    ],
)
def test_queries_begin_with_the_word_itself(folded: str, words: list[list[str]]) -> None:
    assert CUTTER.queries(folded) == words


def test_a_sentence_without_spaces_is_no_term_but_a_query_word() -> None:
    sentence = "あいうえおかきくけこさしすせそたち"
    assert len(sentence) > LONGEST_RUN
    assert sentence not in CUTTER.terms(sentence)
    assert CUTTER.queries(sentence)[0][0] == sentence
    assert set(CUTTER.queries(sentence)[0][1:]) == set(CUTTER.terms(sentence))


@given(texts)
def test_terms_spans_and_queries_agree(text: str) -> None:
    folded = fold_phrases_text(text)
    terms = CUTTER.terms(folded)
    spans = CUTTER.spans(folded)
    assert [span.term for span in spans] == terms
    assert all(0 <= span.start < span.end <= len(folded) for span in spans)
    asked = {term for word in CUTTER.queries(folded) for term in word}
    assert set(terms) <= asked
    assert all(term and not any(map(str.isspace, term)) for term in terms)
    assert all(len(term.encode()) < 255 for term in terms)


@given(texts)
def test_only_what_is_wanted(text: str) -> None:
    folded = fold_phrases_text(text)
    spans = CUTTER.spans(folded)
    wanted = frozenset(span.term for span in spans[::2])
    assert CUTTER.spans(folded, wanted) == [span for span in spans if span.term in wanted]


def test_long_rubbish_is_cut_off() -> None:
    folded = "f" * 300 + " " + "0123456789" * 30 + " " + "𠀀𠀁" * 100
    assert {len(term) for term in CUTTER.terms(folded)} == {63, 64}
