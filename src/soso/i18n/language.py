"""Which of our languages a reader gets.

Knows language tags and the Accept-Language header; knows no wording.
"""

import re
from enum import StrEnum
from typing import Final

_HEADER_LIMIT: Final = 1000  # characters; browsers send under 200
_TRADITIONAL: Final = frozenset({"tw", "hk", "mo", "hant"})
_QUALITY: Final = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")


class Language(StrEnum):
    """A language of our wordings; the value is its BCP 47 tag."""

    SIMPLIFIED = "zh-Hans"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


def match_language(tag: str) -> Language | None:
    """Return our language for a tag such as zh-TW, zh_Hant_HK, yue, en-GB; None if we have none."""
    first, *rest = re.split(r"[-_]", tag.strip().lower())
    if first == "en":
        return Language.ENGLISH
    if first == "yue":
        return Language.SIMPLIFIED if {"hans", "cn"} & set(rest) else Language.TRADITIONAL
    if first != "zh":
        return None
    if "hans" in rest:  # zh-Hans-HK is simplified, whatever the place
        return Language.SIMPLIFIED
    return Language.TRADITIONAL if _TRADITIONAL & set(rest) else Language.SIMPLIFIED


def choose_language(
    asked: str | None = None, kept: str | None = None, accepted: str | None = None
) -> Language:
    """Return the language for a reader.

    asked: of the address (?lang=); kept: of the cookie; accepted: the Accept-Language header.
    The first that names a language of ours wins. A header that names only languages we do not
    have gives English; no header at all gives simplified Chinese.  Raises nothing.
    """
    for tag in (asked, kept):
        if tag and (language := match_language(tag[:35])):
            return language
    return _match_header(accepted[:_HEADER_LIMIT]) if accepted else Language.SIMPLIFIED


def _match_header(header: str) -> Language:
    """Return the best of an Accept-Language header; equal qualities keep their order."""
    named = False
    best: tuple[float, Language] | None = None
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        quality = _quality(weight)
        if not tag.strip() or quality <= 0:
            continue
        named = named or tag.strip() != "*"
        language = match_language(tag)
        if language is not None and (best is None or quality > best[0]):
            best = (quality, language)
    if best is not None:
        return best[1]
    return Language.ENGLISH if named else Language.SIMPLIFIED


def _quality(weight: str) -> float:
    """Return the weight of a part; one that can't be read counts as little as can be."""
    if not weight.strip():
        return 1.0
    match = _QUALITY.fullmatch(weight.strip().replace(" ", ""))
    return float(match[1]) if match else 0.001
