import gzip
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.analyzers import LONGEST_KEYWORD_BYTES, Analyzers, load_analyzers
from soso.text.borders import is_border
from soso.text.normalize import fold_chars_text
from tests.unit.text.strategies import texts

ANALYZERS = load_analyzers()


def contains(whole: list[str], part: list[str]) -> bool:
    """Whether part stands in a row in whole."""
    return any(whole[n : n + len(part)] == part for n in range(len(whole) - len(part) + 1))


def clusters(text: str) -> list[str]:
    borders = [place for place in range(len(text) + 1) if is_border(text, place)]
    return [text[start:end] for start, end in pairwise(borders)]


@given(texts, st.data())
def test_the_characters_of_any_run_stand_in_a_row(text: str, data: st.DataObject) -> None:
    parts = clusters(text)
    kept = [one[0].isalnum() or one.isspace() for one in parts]
    first = data.draw(st.integers(0, len(parts)))
    last = first
    while last < len(parts) and kept[last]:
        last += 1
    last = data.draw(st.integers(first, last))
    run = "".join(one for one in parts[first:last] if not one.isspace())
    assert contains(ANALYZERS.chars(text), ANALYZERS.chars(run))


@given(texts)
def test_tokens_are_the_terms_with_their_places(text: str) -> None:
    for terms, tokens in (
        (ANALYZERS.words, ANALYZERS.word_tokens),
        (ANALYZERS.chars, ANALYZERS.char_tokens),
        (ANALYZERS.bigrams, ANALYZERS.bigram_tokens),
    ):
        found = tokens(text)
        assert [token.term for token in found] == terms(text)
        assert all(0 <= token.start < token.end <= len(text) for token in found)


@given(texts)
def test_the_place_of_a_character_gives_the_character(text: str) -> None:
    for token in ANALYZERS.char_tokens(text):
        assert token.term in ANALYZERS.chars(text[token.start : token.end])
    for token in ANALYZERS.bigram_tokens(text):
        assert token.term in fold_chars_text(text[token.start : token.end])


@given(texts)
def test_no_term_has_white_space_or_is_too_long(text: str) -> None:
    every = [
        *ANALYZERS.words(text),
        *ANALYZERS.chars(text),
        *ANALYZERS.bigrams(text),
        *ANALYZERS.pinyin(text),
        *ANALYZERS.initials(text),
        *(term for word in ANALYZERS.query_words(text) for term in word),
    ]
    assert all(term and not any(map(str.isspace, term)) for term in every)
    assert all(len(term.encode()) < 255 for term in every)
    assert (ANALYZERS.chars(text), ANALYZERS.bigrams(text)) == ANALYZERS.chars_and_bigrams(text)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        *(("電腦與網絡", "电脑与网络"), ("頭髮與發展", "头发与发展"), ("皇后以後", "皇后以后")),
        *(
            ("軟體資訊", "软件信息"),
            ("滑鼠伺服器", "鼠标服务器"),
            ("計程車", "出租车"),
            ("影片", "视频"),
        ),
        *(
            ("記憶體", "内存"),
            ("諾蘭的電影", "诺兰的电影"),
            ("衞星", "卫星"),
            ("網路程式", "网络程序"),
        ),
    ],
)
def test_both_ways_of_writing_give_the_same_words(traditional: str, simplified: str) -> None:
    ours = ANALYZERS.words(traditional)
    assert ours[-1] == ANALYZERS.words(simplified)[-1]
    assert set(ANALYZERS.words(simplified)) <= set(ours)
    asked = [word[0] for word in ANALYZERS.query_words(traditional)]
    assert asked == [word[0] for word in ANALYZERS.query_words(simplified)]


def test_words_point_at_what_was_written() -> None:
    text = "下載軟體e\u0301te\u0301與記憶體"
    places = {token.term: text[token.start : token.end] for token in ANALYZERS.word_tokens(text)}
    assert places["软件"] == "軟體"
    assert places["内存"] == "記憶體"
    assert places["ete"] == "e\u0301te\u0301"
    found = ANALYZERS.find_words(text, {"内存"})
    assert [(token.term, token.start, token.end) for token in found] == [("内存", 10, 13)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        *(
            ("東京タワーに行きました", "東京タワー"),
            ("서울에서 만나요", "서울"),
            ("대한민국 만세", "민국"),
        ),
        *(
            ("Скачивание новых фильмов", "фильм"),
            ("ЁЛКА", "елка"),
            ("Downloading movies", "download"),
        ),
        *(("Café à la carte", "cafe"), ("iPhone15 Pro", "iphone 15"), ("C++ 入门", "c++")),
    ],
)
def test_other_languages_are_found(text: str, query: str) -> None:
    terms = set(ANALYZERS.words(text))
    assert all(word[0] in terms for word in ANALYZERS.query_words(query))


def test_a_number_inside_a_word_is_not_asked_for() -> None:
    assert ANALYZERS.query_words("mp3") == [["mp3", "mp"]]
    assert ANALYZERS.query_words("2026 3") == [["2026"], ["3"]]


def test_bigrams_end_where_a_run_ends() -> None:
    assert ANALYZERS.bigrams("看電影，好a人 タワー 한국 x") == [
        "看电",
        "电影",
        "タワ",
        "ワー",
        "한국",
    ]


def test_pinyin_has_borders_and_places() -> None:
    assert ANALYZERS.pinyin("流浪地球2：重庆") == ["liu", "lang", "di", "qiu", "_", "chong", "qing"]
    assert ANALYZERS.initials("流浪，重庆") == ["l", "l", "_", "c", "q"]
    places = [(token.term, token.start) for token in ANALYZERS.pinyin_tokens("e\u0301銀行")]
    assert places == [("yin", 2), ("hang", 3)]
    assert ANALYZERS.split_pinyin("xian") == [["xian"], ["xi", "an"]]


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        *(
            (" 張 三\n李四 ", "张 三 李四"),
            ("@NAME", "name"),
            ("＃電影", "电影"),
            ("", ""),
            ("@", ""),
        ),
        *(("a\ud800b", "a b"), ("中" * 200, "中" * (LONGEST_KEYWORD_BYTES // 3))),
    ],
)
def test_keywords(value: str, folded: str) -> None:
    assert ANALYZERS.keyword(value) == folded


def test_stop_words_are_terms() -> None:
    assert ANALYZERS.is_stop("的")
    assert not ANALYZERS.is_stop("电影")


def test_the_fingerprint_is_lasting() -> None:
    assert Analyzers().fingerprint == ANALYZERS.fingerprint
    assert len(ANALYZERS.fingerprint) == 16


def test_threads_get_the_same() -> None:
    rows = [f"臺灣的軟體 downloading {n} фильмов 記憶體" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ANALYZERS.words, rows * 3))
    assert found == [ANALYZERS.words(row) for row in rows] * 3


@pytest.mark.shared
def test_how_often_both_sides_agree(shared: Path) -> None:
    """The floor under what is measured; the wording of Taiwan and Hong Kong is the hard part."""
    agree: dict[str, list[float]] = {"script": [], "wording": []}
    with gzip.open(shared / "eval/opencc_cases/pairs.jsonl.gz", "rt") as rows:
        for pair in map(json.loads, rows):
            if "jp" in pair["config"]:
                continue
            one, other = (Counter(ANALYZERS.words(pair[side])) for side in "ab")
            kind = "wording" if pair["config"].endswith("p") else "script"
            agree[kind].append((one & other).total() / max((one | other).total(), 1))
    assert sum(agree["script"]) / len(agree["script"]) > 0.91
    assert sum(agree["wording"]) / len(agree["wording"]) > 0.88
