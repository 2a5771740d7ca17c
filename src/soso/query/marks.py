"""What of a query is to be marked in titles and snippets."""

from collections.abc import Iterable, Iterator
from typing import Final

from soso.query.ast import And, Choice, Exact, Node, Or, Query, Word
from soso.text.analyzers import Analyzers
from soso.text.snippet import Marks

SHORTEST_INITIALS: Final = 3
LONGEST_INITIALS: Final = 8


def marks_of(query: Query, analyzers: Analyzers) -> Marks:
    """Return the terms to mark; what is asked not to be there gives none."""
    nodes = list(_positive(query.parts))
    typed = [node.text for node in nodes if isinstance(node, Word)]
    tags = [value for node in nodes if isinstance(node, Choice) for value in _tags(node)]
    exact = [node.text for node in nodes if isinstance(node, Exact)]
    texts = [*typed, *tags]
    words = [term for text in texts for word in analyzers.query_words(text) for term in word]
    latin = [text.lower() for text in typed if is_latin(text)]
    return Marks(
        words=tuple(dict.fromkeys(word for word in words if not analyzers.is_stop(word))),
        bigrams=tuple(dict.fromkeys(pair for text in texts for pair in analyzers.bigrams(text))),
        phrases=tuple(chars for text in exact if (chars := tuple(analyzers.chars(text)))),
        pinyin=tuple(tuple(cut) for text in latin for cut in analyzers.split_pinyin(text)),
        initials=tuple(tuple(text) for text in latin if may_be_initials(text)),
    )


def said(query: Query) -> str:
    """Return what a query says in words, as typed: without filters and what is not to be there."""
    nodes = _positive(query.parts)
    return " ".join(node.text for node in nodes if isinstance(node, Word | Exact))


def telling_words(query: Query, analyzers: Analyzers) -> list[str]:
    """Return the words of a query as indexed, without stop words unless there are no others."""
    nodes = _positive(query.parts)
    words = [
        term[0]
        for node in nodes
        if isinstance(node, Word | Exact)
        for term in analyzers.query_words(node.text)
    ]
    return [word for word in words if not analyzers.is_stop(word)] or words


def is_latin(text: str) -> bool:
    """Whether a typed run may be pinyin: only such runs are compared with it."""
    return text.isascii() and text.isalpha()


def may_be_initials(text: str) -> bool:
    """Whether a run of Latin letters may be the first letters of syllables."""
    return SHORTEST_INITIALS <= len(text) <= LONGEST_INITIALS


def _positive(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        match node:
            case And(parts=parts) | Or(parts=parts):
                yield from _positive(parts)
            case Word() | Exact() | Choice():
                yield node


def _tags(node: Choice) -> Iterator[str]:
    return iter(node.values if node.name == "tag" else ())
