"""What each character counts as and what it folds to, by itself.

Knows Unicode and OpenCC's characters; must not know words, phrases or positions.

The tables fill themselves as characters turn up: building all of Unicode ahead costs a second, a
text uses a few thousand characters, and filling an entry twice in two threads does no harm.
"""

import sys
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from typing import Final

import opencc

HAN: Final = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
HIRAGANA: Final = "\u3041-\u3096\u309d-\u309f"
KATAKANA: Final = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\U0001b000-\U0001b16f"
BOPOMOFO: Final = "\u3105-\u312f\u31a0-\u31bf"
HANGUL: Final = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"
UNSPACED: Final = (  # Thai, Lao, Myanmar, Khmer: written without spaces between words
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f\u1780-\u17dd"
)
CJK: Final = HAN + HIRAGANA + KATAKANA + BOPOMOFO + HANGUL + UNSPACED
"""Scripts whose words are not told apart by spaces alone, as the inside of a character class."""

FIRST_PLANE: Final = 0xFFFF

EMOJI: Final = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"

_DECORATION: Final = (range(0x2400, 0x2440), range(0x2500, 0x2600), range(0x2800, 0x2900))
_NEW_EMOJI: Final = range(0x1F000, 0x1FB00)
_HAN_PLANES: Final = range(0x20000, 0x3FFFE)
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_COMPATIBLE_JAMO: Final = range(0x3131, 0x318F)
_HALFWIDTH_JAMO: Final = range(0xFFA1, 0xFFDD)
_VOICED: Final = "\uff9e\uff9f"  # halfwidth katakana's marks: letters to Unicode, marks to readers
_SYLLABLE_ENDS: Final = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))  # Korean vowels and finals
_SILENT: Final = frozenset(
    chr(code)
    for codes in (
        (0x034F, 0x20E3),  # joiner that joins nothing; the box of keycaps
        range(0x0591, 0x05C8),  # Hebrew points
        (*range(0x0610, 0x061B), *range(0x064B, 0x0653), *range(0x0656, 0x0660), 0x0670),
        range(0x06D6, 0x06EE),  # Arabic vowel and recitation signs
        (0x180B, 0x180C, 0x180D, 0x180F),
        range(0xFE00, 0xFE10),
        range(0xE0100, 0xE01F0),  # variation selectors
        range(0x1F3FB, 0x1F400),  # skin tones
    )
    for code in codes
    if chr(code) not in "\u06dd\u06de\u06e9\u06e5\u06e6" and code != 0x05BE
)


class Table(dict[int, str]):
    """For str.translate: what a character becomes; entries are computed when first asked for."""

    def __missing__(self, code: int) -> str:
        """Compute an entry; characters that nobody uses are not kept, so memory stays bounded."""
        folded = self.fold(chr(code))
        if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs"):
            self[code] = folded
        return folded

    def fold(self, char: str) -> str:
        """Return what one character becomes."""
        return fold_base(char)


class CharTable(Table):
    """Base folding and traditional to simplified: both sides of a pair are one."""

    def fold(self, char: str) -> str:
        """Return what one character becomes."""
        return "".join(simplify(one) for one in fold_base(char))


class LetterTable(Table):
    """As CharTable, with a space for all that is not looked for by character."""

    def fold(self, char: str) -> str:
        """Return what one character becomes; as long as what CharTable says."""
        folded = "".join(simplify(one) for one in fold_base(char))
        return "".join(one if counts(one) else " " for one in folded)


class WordTable(Table):
    """Base folding and Latin letters without their accents; traditional stays for OpenCC."""

    def fold(self, char: str) -> str:
        """Return what one character becomes; as long as what CharTable says."""
        return "".join(_plain(one) for one in fold_base(char))


BASE: Final = Table()
CHARS: Final = CharTable()
LETTERS: Final = LetterTable()
WORDS: Final = WordTable()


def fold_base(char: str) -> str:
    """Return NFKC with full case folding of one character.

    White space, control characters, lone surrogates and unassigned code points become one space;
    format characters, variation selectors and points that readers leave out become nothing.
    Decimal digits of all scripts and circled digits become ASCII.
    """
    category = unicodedata.category(char)
    code = ord(char)
    if char in _SILENT or category == "Cf":
        return ""
    if category in ("Cn", "Co", "Cs"):
        return char if code in _NEW_EMOJI or code in _HAN_PLANES else " "
    if category in ("Cc", "Zs", "Zl", "Zp") or char in _FILLERS:
        return " "
    if code in _COMPATIBLE_JAMO:
        return char  # NFKC would make them conjoin with their neighbours
    if code in _HALFWIDTH_JAMO:
        return chr(int(unicodedata.decomposition(char).split()[1], 16))
    folded = _fold_case(char)
    if folded == char and category in ("Nd", "No"):
        digit = unicodedata.digit(char, None)
        return char if digit is None else str(digit)
    if not folded.isalnum() and len(folded) > 1:
        folded = _without_stray_marks(folded)
    return "".join(one for one in folded if one not in _SILENT)


def _fold_case(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    for _ in range(2):  # a few letters need a second round to settle
        folded = unicodedata.normalize("NFKC", folded.casefold())
    return folded.replace("i\u0307", "i")


def _without_stray_marks(folded: str) -> str:
    """Accents that stand alone (´ ¨ ゛) decompose to a space and a mark: nothing to look for."""
    if folded[0] != " ":
        return "".join(" " if one.isspace() else one for one in folded)
    rest = [one for one in folded[1:] if not is_mark(one) and not one.isspace()]
    return " " + "".join(rest) if rest else " "


def is_mark(char: str) -> bool:
    """Whether a character is a mark on the one before it."""
    return unicodedata.category(char)[0] == "M"


def counts(char: str) -> bool:
    """Whether a folded character is looked for: letters, digits, marks, emoji, currency signs.

    The plus sign counts for C++; lines, boxes, bullets and all other signs and punctuation do not.
    """
    category = unicodedata.category(char)
    if category[0] in "LNM" or category == "Sc" or char == "+":
        return True
    code = ord(char)
    if category == "So":
        return not any(code in decoration for decoration in _DECORATION)
    return category == "Cn" and (code in _NEW_EMOJI or code in _HAN_PLANES)


def _plain(char: str) -> str:
    if char < "\u0080":
        return char
    if char in _UNDECOMPOSED:
        return _UNDECOMPOSED[char]
    first = unicodedata.normalize("NFD", char)[0]
    return first if first.isascii() and first.isalpha() else char


_UNDECOMPOSED: Final = {
    "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t", "ё": "е",
}  # fmt: skip


def simplify(char: str) -> str:
    """Return the simplified form of one character."""
    return _simplified().get(char, char)


def traditional_only() -> Collection[str]:
    """Return all characters that have another, simplified form."""
    return _simplified().keys()


@cache
def _simplified() -> dict[str, str]:
    """One question to OpenCC for all characters: 20 ms.

    The mainland table first; what it leaves, Hong Kong's and Taiwan's variants (衞, 著), so that
    both spellings of a word agree character by character.
    """
    ranges = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x32400))
    every = [chr(code) for codes in ranges for code in codes]
    joined = "\n".join(every)
    found: dict[str, str] = {}
    for config in ("t2s", "hk2s", "tw2s"):
        converted = opencc.OpenCC(config).convert(joined).split("\n")
        for char, simple in zip(every, converted, strict=True):
            if char != simple and len(simple) == 1:
                found.setdefault(char, simple)
    found.pop("么", None)  # simplified already; Taiwan reads it as 幺
    return {char: _settled(found, simple) for char, simple in found.items()}


def _settled(found: dict[str, str], char: str) -> str:
    """A few simplified forms are listed as traditional ones themselves (薴 苧 苎)."""
    for _ in range(3):
        char = found.get(char, char)
    return char


def joins(char: str) -> bool:
    """Whether a character is one with the one before it: marks, and what composes like them."""
    code = ord(char)
    return is_mark(char) or char in _VOICED or any(code in codes for codes in _SYLLABLE_ENDS)


@cache
def mark_codes() -> tuple[int, ...]:
    """Return the code points of what may compose with the character before it, rising."""
    codes = (code for code in range(0x0300, 0x20000) if joins(chr(code)))
    return tuple(code for code in codes if chr(code) not in _SILENT)


@cache
def silent_codes() -> tuple[int, ...]:
    """Return the code points that fold to nothing, rising."""
    found = {ord(char) for char in _SILENT}
    found |= {
        code
        for codes in (range(0x20000), range(0xE0000, 0xE1000))
        for code in codes
        if unicodedata.category(chr(code)) == "Cf"
    }
    return tuple(sorted(found))


def as_class(codes: Sequence[int]) -> str:
    """Return rising code points as the inside of a character class."""
    parts: list[str] = []
    start = previous = codes[0]
    for code in (*codes[1:], sys.maxunicode + 2):
        if code != previous + 1:
            parts.append(f"{chr(start)}-{chr(previous)}")
            start = code
        previous = code
    return "".join(parts)
