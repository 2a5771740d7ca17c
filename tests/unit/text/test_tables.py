import sys
import unicodedata

import pytest

from soso.text.tables import (
    BASE,
    CHARS,
    LETTERS,
    WORDS,
    as_class,
    counts,
    joins,
    mark_codes,
    silent_codes,
    simplify,
    traditional_only,
)

EVERY = [chr(code) for code in range(0x3100)] + [chr(code) for code in range(0xA000, 0x20000)]


@pytest.mark.parametrize("table", [BASE, CHARS, LETTERS, WORDS])
def test_folding_a_folded_character_changes_nothing(table: dict[int, str]) -> None:
    again = [(char, char.translate(table)) for char in EVERY]
    assert [pair for pair in again if pair[1].translate(table) != pair[1]] == []


def test_all_tables_change_lengths_alike() -> None:
    lengths = [
        {len(char.translate(table)) for table in (BASE, CHARS, LETTERS, WORDS)} for char in EVERY
    ]
    assert [char for char, found in zip(EVERY, lengths, strict=True) if len(found) != 1] == []


def test_what_folds_to_nothing_is_known() -> None:
    silent = set(silent_codes())
    wrong = [char for char in EVERY if (BASE[ord(char)] == "") != (ord(char) in silent)]
    assert wrong == []


def test_no_control_character_white_space_or_surrogate_survives() -> None:
    folded = "".join(map(chr, range(0x20000))).translate(CHARS)
    assert {unicodedata.category(char) for char in set(folded)}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    assert {char for char in set(folded) if char.isspace()} == {" "}


def test_memory_stays_bounded() -> None:
    before = len(BASE)
    "".join(map(chr, range(0xE000, 0xF000))).translate(BASE)  # private use
    "".join(map(chr, range(0x50000, 0x60000))).translate(BASE)  # not assigned
    assert len(BASE) == before


@pytest.mark.parametrize(
    ("char", "folded"),
    [
        *(("Ａ", "a"), ("ß", "ss"), ("ﬁ", "fi"), ("İ", "i"), ("½", "1⁄2"), ("①", "1"), ("❶", "1")),
        *(
            ("٣", "3"),
            ("㎡", "m2"),
            ("é", "é"),
            ("ㅋ", "ㅋ"),
            ("ﾡ", "ㄱ"),
            ("´", " "),
            ("\u3164", " "),
        ),
        *(
            ("\u200b", ""),
            ("\ufe0f", ""),
            ("\ud800", " "),
            ("\u2028", " "),
            ("豈", "岂"),
            ("\U000323b0", " "),
        ),
    ],
)
def test_base_and_simplified(char: str, folded: str) -> None:
    expected = folded if char != "\U000323b0" else char  # Han of a Unicode newer than Python's
    assert char.translate(CHARS) == expected


def test_accents_fall_in_words_only() -> None:
    assert "éđłñй".translate(WORDS) == "edlnй"
    assert "éđłñ".translate(CHARS) == "éđłñ"


def test_both_regions_simplify_to_the_same() -> None:
    assert [simplify(char) for char in "乾著衞枱粧麼裏裡臺"] == list("干着卫台妆么里里台")
    assert simplify("么") == "么"
    assert [char for char in traditional_only() if simplify(simplify(char)) != simplify(char)] == []


def test_what_counts() -> None:
    assert all(map(counts, "a1中あ한ก😀€+🫨\u0301"))
    assert not any(map(counts, " ，.#_@|~^━●⠀→×`"))


def test_joining() -> None:
    assert all(map(joins, "\u0301\u093f\u1161\u11a8ﾞ"))
    assert not any(map(joins, "aガ한 "))
    assert list(mark_codes()) == sorted(set(mark_codes()))


def test_a_class_matches_its_codes() -> None:
    assert (
        as_class([65, 66, 67, 97, sys.maxunicode])
        == f"A-Ca-a{chr(sys.maxunicode)}-{chr(sys.maxunicode)}"
    )
