"""Whole queries that may have been meant: only free words are corrected, all else stays as typed.

Knows the grammar's tree and the spellers; must not know engines, posts or where a vocabulary lies.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from soso.query.ast import And, Node, Or, Query, Word
from soso.query.parse import parse
from soso.query.unparse import unparse
from soso.spelling.count import RUN, WORD
from soso.spelling.han import HanSpeller
from soso.spelling.letters import LetterSpeller
from soso.spelling.vocabulary import Vocabulary
from soso.text.normalize import Folded, fold_chars
from soso.text.script import Script, script_of
from soso.text.simplify import converter

MOST: Final = 3
MOST_CHARACTERS: Final = 64
MOST_WORDS: Final = 8
_NO_WORDS: Final = frozenset("@_/:.#&=\\")  # names, addresses and the like are looked for as typed

_FEW: Final = 5_000
_MANY: Final = 300_000


class Proposal(NamedTuple):
    """A query that may have been meant.

    pieces: what is new in it, folded, each with the characters beside it; the archive must have
    them for the proposal to be worth showing.
    is_sure: whether it may be offered on its own account; otherwise only if it finds something
    where what was typed finds nothing.
    """

    text: str
    pieces: tuple[str, ...]
    is_sure: bool


class _Option(NamedTuple):
    """Another way to write a stretch of a word; worth compares those of one stretch."""

    start: int
    end: int
    text: str
    piece: str
    is_sure: bool


class Speller:
    """Proposes queries with one vocabulary. Asked by many threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.grown = vocabulary.grown
        least = least_posts(vocabulary.texts)
        self._han = HanSpeller(vocabulary, least=least)
        self._letters = LetterSpeller(vocabulary, least=least)

    def propose(self, text: str) -> list[Proposal]:
        """Return at most MOST queries that may have been meant, best first; none is the one typed.

        text: the grammar of query/parse.py, of which the first MOST_CHARACTERS of free words are
        looked at. Each proposal parses to the tree of text with other words in it. Raises nothing.
        """
        query = parse(text).query
        traditional = is_traditional(text)
        options = {
            number: found
            for number, word in enumerate(_looked_at(query))
            if (found := self._options(word.text, traditional))
        }
        proposals: dict[str, Proposal] = {}
        for chosen in islice(_choices(options), 4 * MOST):
            proposal = _proposed(query, chosen)
            if proposal is not None:
                proposals.setdefault(proposal.text, proposal)
        typed = unparse(query)
        return [one for one in proposals.values() if one.text not in (typed, text)][:MOST]

    def _options(self, word: str, traditional: bool) -> list[list[_Option]]:
        """Return for each stretch of a word that may be corrected what it may become."""
        folded = fold_chars(word)
        found = [
            self._of_run(word, folded, match.span(), traditional)
            for match in RUN.finditer(folded.text)
        ]
        if _NO_WORDS.isdisjoint(word):
            rest = RUN.sub(lambda match: " " * len(match[0]), folded.text)
            found += [
                self._of_letters(word, folded, match.span(), traditional)
                for match in WORD.finditer(rest)
            ]
        return sorted(filter(None, found), key=lambda options: options[0].start)

    def _of_run(
        self, word: str, folded: Folded, span: tuple[int, int], traditional: bool
    ) -> list[_Option]:
        run = folded.text[slice(*span)]
        found: list[_Option] = []
        for one in self._han.correct(run)[:MOST]:
            shown = _traditional(one.text) if traditional else one.text
            chars = [
                new
                if origin < 0
                else word[slice(*folded.origin(span[0] + origin, span[0] + origin + 1))]
                for new, origin in zip(shown, one.origins, strict=True)
            ]
            found.append(
                _Option(
                    *folded.origin(*span),
                    "".join(chars),
                    _piece(one.text, one.origins),
                    one.is_sure,
                )
            )
        return found

    def _of_letters(
        self, word: str, folded: Folded, span: tuple[int, int], traditional: bool
    ) -> list[_Option]:
        start, end = folded.origin(*span)
        typed = word[start:end]
        return [
            _Option(start, end, _as_typed(one.text, typed, traditional), one.text, is_sure=True)
            for one in self._letters.correct(folded.text[slice(*span)])[:MOST]
            if one.text.isascii() or not typed.isascii() or typed.islower()  # nobody shouts pinyin
        ]


def least_posts(texts: int) -> int:
    """Return in how many posts something must stand to be offered, in an archive of so many."""
    return 1 if texts < _FEW else 2 if texts < _MANY else 3


def is_traditional(text: str) -> bool:
    """Whether a reader writes traditional characters."""
    scripts = [script_of(char) for char in text[: 4 * MOST_CHARACTERS]]
    return scripts.count(Script.TRADITIONAL) > scripts.count(Script.SIMPLIFIED)


def _looked_at(query: Query) -> Iterator[Word]:
    """The free words in their order, as far as they are looked at."""
    room = MOST_CHARACTERS
    for word in islice(_words(query.parts), MOST_WORDS):
        room -= len(word.text)
        if room < 0:
            return
        yield word


def _words(parts: tuple[Node, ...]) -> Iterator[Word]:
    """Words that are asked for; what is kept out (-word) is nothing to correct."""
    for part in parts:
        match part:
            case Word():
                yield part
            case And(parts=inner) | Or(parts=inner):
                yield from _words(inner)


_Chosen = Mapping[int, list[_Option]]


def _choices(options: Mapping[int, list[list[_Option]]]) -> Iterator[_Chosen]:
    """The best of every stretch; then each stretch's other ways, and each correction alone."""
    if not options:
        return
    best = {number: [stretch[0] for stretch in found] for number, found in options.items()}
    yield best
    for number, found in options.items():
        for place, stretch in enumerate(found):
            for other in stretch[1:]:
                changed = [*best[number]]
                changed[place] = other
                yield {**best, number: changed}
    for number, chosen in best.items():
        for option in chosen:
            yield {number: [option]}


def _proposed(query: Query, chosen: _Chosen) -> Proposal | None:
    numbers = iter(range(MOST_WORDS))
    try:
        changed = Query(parts=tuple(_rebuilt(part, chosen, numbers) for part in query.parts))
        text = unparse(changed)
    except StopIteration:
        return None
    if parse(text).query != changed:
        return None  # what was typed as a word would be read as something else
    made = [option for options in chosen.values() for option in options]
    pieces = tuple(dict.fromkeys(option.piece for option in made))
    return Proposal(text, pieces, is_sure=all(option.is_sure for option in made))


def _rebuilt(node: Node, chosen: _Chosen, numbers: Iterator[int]) -> Node:
    match node:
        case Word(text=text):
            number = next(numbers, -1)
            return Word(text=_rewritten(text, chosen.get(number, ())))
        case And(parts=parts):
            return And(parts=tuple(_rebuilt(part, chosen, numbers) for part in parts))
        case Or(parts=parts):
            return Or(parts=tuple(_rebuilt(part, chosen, numbers) for part in parts))
        case _:
            return node


def _rewritten(text: str, options: "list[_Option] | tuple[()]") -> str:
    for option in sorted(options, key=lambda option: -option.start):
        text = text[: option.start] + option.text + text[option.end :]
    return text


def _traditional(text: str) -> str:
    converted = converter("s2tw")(text)
    return converted if len(converted) == len(text) else text


def _piece(text: str, origins: tuple[int, ...]) -> str:
    """What is new, with a character on either side."""
    new = [place for place, origin in enumerate(origins) if origin < 0]
    if not new:  # something was left out: where the rest meets
        gap = next((n for n in range(1, len(origins)) if origins[n] != origins[n - 1] + 1), 1)
        return text[max(0, gap - 1) : gap + 1]
    return text[max(0, new[0] - 1) : new[-1] + 2] if len(new) == 1 else text[new[0] : new[-1] + 1]


def _as_typed(text: str, typed: str, traditional: bool) -> str:
    if not text.isascii():
        return _traditional(text) if traditional else text
    if typed.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if typed[:1].isupper() else text
