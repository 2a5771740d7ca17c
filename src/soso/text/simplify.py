"""Traditional Chinese in simplified characters, chosen by phrase: 乾坤 stays, 乾燥 becomes 干燥.

Knows OpenCC's phrase tables for characters; must not know words of other regions (wording.py).
"""

import re
from collections.abc import Callable
from functools import cache

import opencc

from soso.text.tables import FIRST_PLANE, as_class, simplify, traditional_only


def may_be_traditional(text: str) -> bool:
    """Whether there is a character with another, simplified form; coarse for rare characters."""
    return _traditional().search(text) is not None


def simplify_run(run: str) -> str:
    """Return a folded run of Han characters in simplified ones; same length."""
    if not may_be_traditional(run):
        return run
    converted = converter("tw2s")(run)
    if len(converted) != len(run):  # none of 88,606 runs tried; the way back needs it
        return "".join(simplify(char) for char in run)
    return simplify_variants(converted)


def simplify_variants(text: str) -> str:
    """Replace what is traditional by one of OpenCC's tables but not by the one for phrases (衞 粧)."""
    return text.translate(_variants())


@cache
def converter(config: str) -> Callable[[str], str]:
    """Return OpenCC's conversion of that name; text must be without lone surrogates."""
    convert: Callable[[str], str] = opencc.OpenCC(config).convert
    return convert


@cache
def _traditional() -> re.Pattern[str]:
    codes = sorted(ord(char) for char in traditional_only() if ord(char) <= FIRST_PLANE)
    return re.compile(f"[{as_class(codes)}\\U00020000-\\U0003fffd]")


@cache
def _variants() -> dict[int, str]:
    convert = converter("tw2s")
    return {ord(char): simplify(char) for char in traditional_only() if convert(char) == char}
