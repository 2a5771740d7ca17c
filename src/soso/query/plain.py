"""The words of a query: a text that asks for nothing but its words, a query without its filters.

Knows which signs of a text the search box would read as grammar.
"""

import re
from typing import Final

from soso.query.ast import FILTERS, After, Before, Choice, Query, Views
from soso.query.parse import parse
from soso.query.unparse import unparse

_SIGNS: Final = re.compile(r'["“”「」『』()（）\x00]')
_FILTER: Final = re.compile(rf"(?<![A-Za-z])({'|'.join(sorted(FILTERS))})[:：]", re.IGNORECASE)
_LEADING: Final = "-－−#＃"


def as_plain(text: str) -> str:
    """Return a title or name so that searching for it asks for its words and nothing else.

    Quotation marks, brackets, leading dashes and the colon of what looks like a filter go.
    """
    bare = _FILTER.sub(r"\1 ", _SIGNS.sub(" ", text))
    words = (word.lstrip(_LEADING) for word in bare.split())
    return " ".join(word.lower() if word == "OR" else word for word in words if word)


def words_of(text: str) -> str:
    """Return what was typed into a search box without its filters: the words alone, as typed."""
    parts = parse(text).query.parts
    words = (part for part in parts if not isinstance(part, Choice | After | Before | Views))
    return unparse(Query(parts=tuple(words)))
