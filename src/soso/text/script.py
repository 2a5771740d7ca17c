"""Which script a character belongs to, and which language a text is in.

Knows scripts and the few rules that tell Chinese, Japanese and Korean apart; must not know words.
"""

import re
import unicodedata
from enum import StrEnum
from functools import cache
from typing import Final

import opencc
import pycld2

from soso.text.normalize import fold_plain_text
from soso.text.tables import BOPOMOFO, HAN, HANGUL, HIRAGANA, KATAKANA, simplify, traditional_only

UNKNOWN: Final = "und"
SAMPLE: Final = 1_000
"""A language shows in the first characters; the rest of a long text is not read."""


class Script(StrEnum):
    """The scripts that are told apart; each is one letter so that a text of them can be counted."""

    HAN = "h"  # the same in both
    TRADITIONAL = "t"
    SIMPLIFIED = "s"
    KANA = "k"
    HANGUL = "g"
    LATIN = "l"
    CYRILLIC = "c"
    OTHER = "o"  # letters of any other script
    NONE = " "  # not a letter


class _Scripts(dict[int, str]):
    """For str.translate: each character becomes the letter of its script."""

    def __missing__(self, code: int) -> str:
        script = script_of(chr(code)).value
        self[code] = script
        return script


_SCRIPTS: Final = _Scripts()
_HAN: Final = re.compile(f"[{HAN}]")
_KANA: Final = re.compile(f"[{HIRAGANA}{KATAKANA}]")
_HANGUL: Final = re.compile(f"[{HANGUL}]")
_ALIKE: Final = re.compile(f"[{BOPOMOFO}]")
_CJK: Final = re.compile(f"[{HAN}{HIRAGANA}{KATAKANA}{HANGUL}]+")
_LINK: Final = re.compile(r"\S*(?:://|t\.me/|www\.)\S*|[@#]\w+")
_HAN_WEIGHT: Final = 6
"""A Chinese word has two characters, a word in Latin letters with its space about six; and a
Chinese post full of product names is Chinese."""


def script_of(char: str) -> Script:
    """Return the script of one character. Bopomofo counts as traditional."""
    if char.isascii():
        return Script.LATIN if char.isalpha() else Script.NONE
    if _HAN.match(char):
        return _han_script(char)
    if not char.isalpha():
        return Script.NONE
    if _KANA.match(char):
        return Script.KANA
    if _HANGUL.match(char):
        return Script.HANGUL
    if _ALIKE.match(char):
        return Script.TRADITIONAL
    name = unicodedata.name(char, "")
    if "LATIN" in name:
        return Script.LATIN
    return Script.CYRILLIC if name.startswith("CYRILLIC") else Script.OTHER


def detect_language(text: str) -> str:
    """Return a BCP 47 code: zh-Hans, zh-Hant, ja, ko, ru, en, …; "und" when it can't be told.

    Chinese, Japanese and Korean are told by their characters: kana make Japanese, hangul Korean,
    and Han characters Chinese, traditional if more of them are used in traditional Chinese alone
    than in simplified. All other texts are asked of CLD2. Raises nothing.
    """
    scripts = text[:SAMPLE].translate(_SCRIPTS)
    traditional, simplified = scripts.count("t"), scripts.count("s")
    han = scripts.count("h") + traditional + simplified
    kana, hangul = scripts.count("k"), scripts.count("g")
    others = scripts.count("l") + scripts.count("c") + scripts.count("o")
    if (han + kana + hangul) * _HAN_WEIGHT < others or not han + kana + hangul:
        return _ask_cld2(text[:SAMPLE]) if others else UNKNOWN
    if hangul >= han + kana:
        return "ko"
    if kana * 4 >= han:
        return "ja"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


_RENAMED: Final = {"iw": "he", "jw": "jv", "no": "nb", "tl": "fil", "zh": "zh-Hans"}


def _ask_cld2(text: str) -> str:
    plain = _CJK.sub(" ", fold_plain_text(_LINK.sub(" ", text)))
    try:
        reliable, _, guesses = pycld2.detect(plain)
    except pycld2.error:  # it takes no control characters; folding has removed those we know of
        return UNKNOWN
    code: str = guesses[0][1]
    if reliable and code not in ("un", "xxx"):
        return _RENAMED.get(code, code)
    scripts = plain.translate(_SCRIPTS)
    if scripts.count("c") > scripts.count("l"):  # too short to be sure
        return "uk" if re.search("[іїєґ]", plain) else "ru"
    return UNKNOWN


def _han_script(char: str) -> Script:
    if char in traditional_only():
        return Script.TRADITIONAL
    return Script.SIMPLIFIED if char in _simplified_only() else Script.HAN


@cache
def _simplified_only() -> frozenset[str]:
    """The simplified forms that OpenCC would change back."""
    forms = sorted({simplify(char) for char in traditional_only()})
    back = opencc.OpenCC("s2t").convert("\n".join(forms)).split("\n")
    return frozenset(form for form, char in zip(forms, back, strict=True) if form != char)
