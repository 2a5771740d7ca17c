from concurrent.futures import ThreadPoolExecutor

import pytest

from soso.text.filters import LONGEST, LONGEST_BYTES, cap, finish_word, is_stop


@pytest.mark.parametrize(
    ("word", "term"),
    [
        *(("downloading", "download"), ("movies", "movi"), ("johns", "john"), ("is", "is")),
        *(("фильмов", "фильм"), ("скачивание", "скачиван"), ("element\u0301", "element")),
        *(("mp4", "mp4"), ("été", "été"), ("dont", "dont"), ("c++", "c++")),
    ],
)
def test_stems(word: str, term: str) -> None:
    assert finish_word(word) == term


@pytest.mark.parametrize("char", ["a", "é", "中", "𠀀"])
def test_terms_are_capped(char: str) -> None:
    term = cap(char * 1_000)
    assert len(term) <= LONGEST
    assert LONGEST_BYTES - 4 < len(term.encode()) <= LONGEST_BYTES or len(term) == LONGEST
    assert cap("short") == "short"


def test_stop_words_are_known_by_their_terms() -> None:
    assert all(
        map(is_stop, ["的", "怎么", "the", finish_word("this"), finish_word("does"), "не", "🔥"])
    )
    assert not any(map(is_stop, ["电影", "download", "2024", "c++", "фильм"]))


def test_threads_do_not_disturb_each_other() -> None:
    words = [f"{stem}ing" for stem in ("download", "watch", "stream", "film") for _ in range(500)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda word: finish_word.__wrapped__(word), words))
    assert found == [word.removesuffix("ing") for word in words]
