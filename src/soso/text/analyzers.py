"""The named analyzers: what a text gives in each kind of field, and where in the text it stands.

Knows which folding goes with which cutting; must not know fields, queries or engines.
Built once by load_analyzers (0.3 s: jieba's dictionary, OpenCC's tables), used by all threads.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Set
from importlib.metadata import version
from operator import add
from typing import Final

from soso.text import filters, pinyin, tokenizers
from soso.text.normalize import (
    Folded,
    fold_chars_text,
    fold_letters,
    fold_letters_text,
    fold_phrases,
    fold_phrases_text,
    fold_plain,
    fold_plain_text,
)
from soso.text.tables import CJK
from soso.text.token import Token
from soso.text.wording import wording_text

VERSION: Final = 1
"""Raised when the same text gives other terms than before: the index is then built anew."""

BOUNDARY: Final = pinyin.BOUNDARY
"""A term that no text gives: between two parts of a field it keeps phrases from reaching over."""

LONGEST_KEYWORD_BYTES: Final = 250

_CJK_RUN: Final = re.compile(f"[{CJK}]{{2,}}")
_WHITE: Final = re.compile(r"\s+")


class Analyzers:
    """Text to terms. All methods take any string, raise nothing and may be called by any thread.

    Terms have no white space in them and at most 254 bytes. Methods with tokens give the same terms
    with their place in the original text.
    """

    fingerprint: str
    """Changes with everything that could make the same text give other terms."""

    def __init__(self) -> None:
        self._cutter = tokenizers.WordCutter()
        self.fingerprint = _fingerprint()

    def words(self, text: str) -> list[str]:
        """Return the index terms of the words, of long words the shorter ones inside them first."""
        return self._cutter.terms(fold_phrases_text(text))

    def word_tokens(self, text: str) -> list[Token]:
        """Return words with their places. A word of Taiwan is its mainland term where it stood."""
        folded = fold_phrases(text)
        return _tokens(folded, self._cutter.spans(folded.text))

    def find_words(self, text: str, wanted: Set[str]) -> list[Token]:
        """Return the tokens of word_tokens whose terms are wanted."""
        folded = fold_phrases(text)
        return _tokens(folded, self._cutter.spans(folded.text, wanted))

    def query_words(self, text: str) -> list[list[str]]:
        """Return for each word of a query its own term and then those of shorter words inside it.

        A number inside a word is none of these: who asks for mp3 does not ask for 3.
        """
        return [
            [whole, *(term for term in inside if not term.isdecimal())]
            for whole, *inside in self._cutter.queries(fold_phrases_text(text))
        ]

    def chars(self, text: str) -> list[str]:
        """Return the characters that are looked for: letters, digits, emoji, currency signs and +.

        Folded one by one, so that the characters of a part stand in a row among those of the whole.
        é is one however it is written; ß and ½ are several; marks that do not compose stand alone.
        """
        return list(fold_letters_text(text).replace(" ", ""))

    def char_tokens(self, text: str) -> list[Token]:
        """Return chars with their places; two of one original character have the same place."""
        folded = fold_letters(text)
        spans = ((char, n, n + 1) for n, char in enumerate(folded.text) if char != " ")
        return _tokens(folded, spans)

    def bigrams(self, text: str) -> list[str]:
        """Return the pairs of neighbours in runs of Han characters, kana, hangul, Thai and the like.

        Punctuation, white space, digits and other scripts end a run.
        """
        return _pairs(fold_letters_text(text))

    def bigram_tokens(self, text: str) -> list[Token]:
        """Return bigrams with their places."""
        folded = fold_letters(text)
        spans = (
            (folded.text[n : n + 2], n, n + 2)
            for run in _CJK_RUN.finditer(folded.text)
            for n in range(run.start(), run.end() - 1)
        )
        return _tokens(folded, spans)

    def chars_and_bigrams(self, text: str) -> tuple[list[str], list[str]]:
        """Return both for the price of one folding."""
        folded = fold_letters_text(text)
        return list(folded.replace(" ", "")), _pairs(folded)

    def pinyin(self, text: str) -> list[str]:
        """Return the syllables of the Han characters, without tones, ü as v.

        Between two runs stands BOUNDARY, so that phrases end where a run ends.
        """
        return pinyin.sounds(fold_plain_text(text))

    def pinyin_tokens(self, text: str) -> list[Token]:
        """Return the syllables with their places, without the boundaries."""
        folded = fold_plain(text)
        spans = (one for one in pinyin.syllables(folded.text) if one.start < one.end)
        return _tokens(folded, spans)

    def initials(self, text: str) -> list[str]:
        """Return the first letters of the syllables, one a term, BOUNDARY between runs."""
        return [syllable[0] for syllable in self.pinyin(text)]

    def split_pinyin(self, word: str) -> list[list[str]]:
        """Return the sensible ways to read typed letters as syllables; none: it is no pinyin."""
        return pinyin.split_pinyin(word)

    def keyword(self, text: str) -> str:
        """Return a whole value folded by character, for fields that are compared as a whole.

        Runs of white space are one space; a leading @ or # is left out, as in names and tags typed.
        """
        folded = _WHITE.sub(" ", fold_chars_text(text)).strip().lstrip("@#").strip()
        if len(folded) * 4 > LONGEST_KEYWORD_BYTES:
            short = folded.encode()[:LONGEST_KEYWORD_BYTES]
            return short.decode(errors="ignore").strip()
        return folded

    def is_stop(self, term: str) -> bool:
        """Whether posts without this term may still have all that was asked for."""
        return filters.is_stop(term)


def load_analyzers() -> Analyzers:
    """Build the analyzers: dictionaries are read now rather than at the first search."""
    analyzers = Analyzers()
    analyzers.words("臺灣的軟體 and C++")
    analyzers.chars("a\u0301")
    return analyzers


def _pairs(letters: str) -> list[str]:
    found: list[str] = []
    for run in _CJK_RUN.findall(letters):
        found += map(add, run, run[1:])
    return found


def _tokens(folded: Folded, spans: Iterable[tuple[str, int, int]]) -> list[Token]:
    if folded.starts is None:
        return [Token(term=term, start=start, end=end) for term, start, end in spans]
    placed = ((term, *folded.origin(start, end)) for term, start, end in spans)
    return [Token(term=term, start=start, end=end) for term, start, end in placed]


def _fingerprint() -> str:
    parts = [str(VERSION), unicodedata.unidata_version, wording_text()]
    parts += [f"{name} {version(name)}" for name in ("rjieba", "opencc", "pypinyin", "pystemmer")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
