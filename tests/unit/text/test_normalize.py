import pytest
from hypothesis import example, given

from soso.text.normalize import (
    Folded,
    fold_chars,
    fold_chars_text,
    fold_letters,
    fold_letters_text,
    fold_phrases,
    fold_phrases_text,
    fold_plain,
    fold_plain_text,
    repair,
)
from tests.unit.text.strategies import texts

FOLDINGS = [
    (fold_chars, fold_chars_text),
    (fold_letters, fold_letters_text),
    (fold_phrases, fold_phrases_text),
    (fold_plain, fold_plain_text),
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("é", "e\u0301"), ("ガ", "ｶﾞ"), ("한", "\u1112\u1161\u11ab"), ("ẖ", "H\u0331")),
        *(("ΐ", "\u03aa\u0301"), ("Ｃ＋＋", "c++"), ("電視", "电视"), ("電\u200b影", "电影")),
        *(("❤\ufe0f", "❤"), ("محمد", "مُحَمَّد"), ("STRASSE", "straße"), ("２０２４", "2024")),
        *(
            ("a\u00a0b", "a b"),
            ("a\x00b", "a b"),
            ("\ud83d\ude00", "\udc00\udfff"),
            ("İstanbul", "istanbul"),
        ),
    ],
)
def test_what_is_meant_alike_folds_alike(one: str, other: str) -> None:
    assert fold_chars_text(one) == fold_chars_text(other)


def test_characters_fold_without_regard_to_phrases() -> None:
    assert fold_chars_text("乾坤 乾燥 著名 看著") == "干坤 干燥 着名 看着"
    assert fold_phrases_text("乾坤 乾燥 著名 看著") == "乾坤 干燥 著名 看着"


def test_letters_leave_spaces_for_what_does_not_count() -> None:
    assert fold_letters_text("看，C++ #片 100%━━€5") == "看 c++  片 100   €5"


def test_phrases_follow_the_mainland_and_word_borders() -> None:
    assert fold_phrases_text("記憶體") == "内存"
    assert fold_phrases_text("電影片段") == "电影片段"


def test_the_way_back_of_a_longer_and_a_shorter_word() -> None:
    folded = fold_phrases("用記憶體！")
    assert folded.text == "用内存!"
    assert folded.origin(1, 2) == (1, 4)
    assert folded.origin(0, 4) == (0, 5)
    assert fold_phrases("輝達ß").origin(3, 5) == (2, 3)


def test_the_way_back_covers_whole_characters() -> None:
    folded = fold_chars("ae\u0301❤\ufe0fß電")
    assert folded.text == "aé❤ss电"
    assert [folded.origin(n, n + 1) for n in range(6)] == [
        *((0, 1), (1, 3), (3, 5), (5, 6), (5, 6), (6, 7)),
    ]
    assert folded.origin(2, 2) == (3, 3)
    assert folded.origin(6, 6) == (7, 7)


def test_a_plain_text_needs_no_way_back() -> None:
    assert fold_chars("流浪地球2 HELLO").starts is None
    assert fold_phrases("軟體很好").starts is None
    assert Folded(text="abc").origin(1, 2) == (1, 2)


@pytest.mark.parametrize(("fold", "fold_text"), FOLDINGS)
@given(text=texts)
@example(text="諾蘭·記憶體e\u0301")
def test_with_and_without_the_way_back_agree(fold, fold_text, text: str) -> None:  # type: ignore[no-untyped-def]
    folded = fold(text)
    assert folded.text == fold_text(text)
    places = [folded.origin(n, n + 1) for n in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(texts)
def test_every_stretch_folds_to_what_it_gave(text: str) -> None:
    folded = fold_chars(text)
    for place, char in enumerate(folded.text):
        start, end = folded.origin(place, place + 1)
        assert char in fold_chars_text(text[start:end])


@given(texts)
def test_folded_text_is_clean(text: str) -> None:
    for _, fold_text in FOLDINGS:
        folded = fold_text(text)
        folded.encode()
        assert not [char for char in folded if char.isspace() and char != " "]


def test_repair_keeps_places() -> None:
    assert repair("a\ud800b\udfff") == "a\ufffdb\ufffd"
