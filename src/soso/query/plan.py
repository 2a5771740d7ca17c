"""A query becomes a plan: which fields are asked for which terms, and what must be there.

Knows the grammar's tree and the schema's fields; must not know an engine, a weight (they come as
Boosts) or the clock (now is given).

Every word gives three clauses. full: the document has it, as a word, as a piece of a longer word
(all its bigrams) or, typed in Latin letters, as pinyin. score: BM25 over the fields, bigrams at a
smaller weight. partial: whatever score finds. On real queries, demanding every word found nothing
in half of the cases, so partial answers are needed; full ones come first and are what is counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

import msgspec

from soso.model.ids import ChatKey
from soso.model.value import Value
from soso.query.ast import After, And, Before, Choice, Exact, Node, Not, Or, Query, Views, Word
from soso.query.clauses import (
    AllOf,
    AnyOf,
    Boost,
    Clause,
    Everything,
    Nothing,
    OneOf,
    Phrase,
    Range,
    Term,
)
from soso.query.clauses import Not as NotClause
from soso.query.dates import resolve_date
from soso.query.marks import is_latin, may_be_initials
from soso.query.plan_types import Filter, Plan, Sort
from soso.schema import fields
from soso.text.analyzers import Analyzers
from soso.text.names import letters_of, username_in


class Boosts(Value):
    """How much a match in a field counts beside one in the text itself (1)."""

    title: float
    chat_title: float
    names: float
    bigrams: float
    exact: float
    pinyin: float
    initials: float
    stops: float
    whole_name: float


class Context(NamedTuple):
    """What a query's names and dates are resolved against; chats: as typed -> key, if known."""

    now: datetime
    zone: tzinfo
    chats: Mapping[str, ChatKey]


class _Parts(NamedTuple):
    """hard: demanded of partial answers too. demanded: what of it holds whatever is found how."""

    full: Clause
    partial: Clause
    score: tuple[Clause, ...]
    hard: bool
    demanded: Clause = Everything()


def make_plan(query: Query, analyzers: Analyzers, boosts: Boosts, context: Context) -> Plan:
    """Return the plan of a query, sorted by relevance, without facets; see Plan for its parts.

    A query without any word scores every document 1: sort it by something else. Raises nothing.
    """
    planner = _Planner(analyzers, boosts, context)
    filters = [
        Filter(field=_field(node), clause=planner.parts(node).full)
        for node in query.parts
        if _is_filter(node)
    ]
    rest = [node for node in query.parts if not _is_filter(node)]
    parts = planner.all(rest)
    if parts.score and isinstance(parts.full, Everything):  # nothing but stop words
        parts = planner.strict.all(rest)
    return Plan(
        full=parts.full,
        partial=None if parts.hard else parts.partial,
        score=AnyOf(clauses=(*parts.score, *planner.names(rest))) if parts.score else Everything(),
        demanded=parts.demanded,
        filters=tuple(filters),
    )


def is_scored(plan: Plan) -> bool:
    """Whether relevance tells the plan's documents apart."""
    return not isinstance(plan.score, Everything)


def chat_names(query: Query) -> list[str]:
    """Return the values of all chat: filters, for the flow to look up."""
    return [
        value
        for node in _walk(query.parts)
        if isinstance(node, Choice) and node.name == "chat"
        for value in node.values
    ]


def _walk(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        match node:
            case And(parts=parts) | Or(parts=parts):
                yield from _walk(parts)
            case Not(part=part):
                yield from _walk((part,))


def _is_filter(node: Node) -> bool:
    return isinstance(node, Choice | After | Before | Views)


def _field(node: Node) -> str:
    match node:
        case Choice(name=name):
            return _CHOICE_FIELDS[name]
        case Views():
            return fields.AUDIENCE
        case _:
            return fields.AT


_CHOICE_FIELDS: Final = {
    "kind": fields.KIND,
    "has": fields.HAS,
    "chat": fields.CHAT,
    "from": fields.FROM,
    "lang": fields.LANG,
    "tag": fields.TAG,
}


# What punctuation alone asks for: it demands nothing, and its opposite excludes nothing.
_NOTHING_ASKED: Final = _Parts(Everything(), Everything(), (), True)


class _Planner:
    def __init__(
        self, analyzers: Analyzers, boosts: Boosts, context: Context, *, stops: bool = False
    ) -> None:
        self.analyzers = analyzers
        self.boosts = boosts
        self.context = context
        self.stops = stops  # whether stop words are demanded like others

    @property
    def strict(self) -> "_Planner":
        """A planner that demands stop words too, for where they stand alone."""
        return _Planner(self.analyzers, self.boosts, self.context, stops=True)

    def parts(self, node: Node) -> _Parts:
        match node:
            case Word(text=text):
                return self.word(text)
            case Exact(text=text):
                phrase = self.exact(text)
                if isinstance(phrase, Everything):
                    return _NOTHING_ASKED
                score = Boost(clause=phrase, factor=self.boosts.exact)
                return _Parts(phrase, phrase, (score,), True, phrase)
            case And(parts=parts):
                return self.all(parts)
            case Or(parts=parts):
                choices = [self.strict.parts(part) for part in parts]
                asked = [choice for choice in choices if choice is not _NOTHING_ASKED]
                return _any(asked) if asked else _NOTHING_ASKED
            case Not(part=part):
                without = self.strict.parts(part)
                if without is _NOTHING_ASKED:
                    return _NOTHING_ASKED
                return _hard(NotClause(clause=without.full))
            case Choice(name=name, values=values):
                return _hard(self.choice(name, values))
            case After(date=date):
                return _hard(Range(field=fields.AT, low=self.seconds(date)))
            case Before(date=date):
                return _hard(Range(field=fields.AT, high=self.seconds(date) - 1))
            case Views(low=low, high=high):
                return _hard(Range(field=fields.AUDIENCE, low=low, high=high))
            case _:
                raise TypeError(node)

    def all(self, nodes: Sequence[Node]) -> _Parts:
        every = [self.parts(node) for node in nodes]
        parts = [part for part in every if part is not _NOTHING_ASKED]
        if not parts:
            return _NOTHING_ASKED
        needed = [part for part in parts if part.hard or not isinstance(part.full, Everything)]
        soft = [part.partial for part in parts if not part.hard]
        demanded = [part.partial for part in parts if part.hard]
        some = [AnyOf(clauses=tuple(soft))] if soft else []
        return _Parts(
            full=_all_of([part.full for part in needed]),
            partial=_all_of([*demanded, *some]),
            score=tuple(clause for part in parts for clause in part.score),
            hard=not soft,
            demanded=_all_of([p.demanded for p in parts if not isinstance(p.demanded, Everything)]),
        )

    def names(self, nodes: Sequence[Node]) -> Iterable[Clause]:
        """All words together may be a name of a chat or file, which then comes first."""
        words = [node.text for node in nodes if isinstance(node, Word)]
        said = [word for word in words if self.analyzers.chars(word)]
        if said:
            text = " ".join(said)
            name = self.analyzers.keyword(username_in(text) or text)
            terms = tuple(dict.fromkeys(filter(None, (name, letters_of(name)))))
            yield Boost(clause=OneOf(field=fields.NAME, terms=terms), factor=self.boosts.whole_name)

    def word(self, text: str) -> _Parts:
        """A typed run may hold several words; stop words score but are not demanded."""
        found = self.analyzers.query_words(text)
        if not found:  # only punctuation or symbols: as it stands, if that leaves anything
            phrase = self.exact(text)
            if isinstance(phrase, Everything):
                return _NOTHING_ASKED
            return _Parts(phrase, phrase, (phrase,), True, phrase)
        telling = [word for word in found if self.stops or not self.analyzers.is_stop(word[0])]
        score = [clause for word in found for clause in self.weighed(word, beside=bool(telling))]
        pairs = dict.fromkeys(self.analyzers.bigrams(text))
        score += [
            Boost(clause=Term(field=fields.BIGRAMS, term=pair), factor=self.boosts.bigrams)
            for pair in pairs
        ]
        score += [Boost(clause=clause, factor=factor) for clause, factor in self.sounds(text)]
        full = [self.full(word[0]) for word in telling]
        sounds = [clause for clause, _ in self.sounds(text)]
        demanded = AnyOf(clauses=(_all_of(full), *sounds)) if full and sounds else _all_of(full)
        return _Parts(demanded, AnyOf(clauses=tuple(score)), tuple(score), False)

    def weighed(self, word: Sequence[str], *, beside: bool) -> Iterable[Clause]:
        """A word with its spellings; beside telling words a small word counts little."""
        for term in word:
            for clause in self.scores(term):
                if beside and self.analyzers.is_stop(word[0]):
                    yield Boost(clause=clause, factor=self.boosts.stops)
                else:
                    yield clause

    def scores(self, term: str) -> Iterable[Clause]:
        yield Term(field=fields.WORDS, term=term)
        for field, factor in (
            (fields.TITLE, self.boosts.title),
            (fields.CHAT_TITLE, self.boosts.chat_title),
            (fields.NAMES, self.boosts.names),
        ):
            yield Boost(clause=Term(field=field, term=term), factor=factor)

    def full(self, term: str) -> Clause:
        """The document has the word, whatever its own words were cut into."""
        ways: list[Clause] = [
            Term(field=field, term=term)
            for field in (fields.WORDS, fields.CHAT_TITLE, fields.NAMES)
        ]
        pairs = self.analyzers.bigrams(term)
        if pairs:
            ways.append(_all_of([Term(field=fields.BIGRAMS, term=pair) for pair in pairs]))
        elif len(term) == 1:
            ways.append(Term(field=fields.CHARS, term=term))
        return AnyOf(clauses=tuple(ways))

    def sounds(self, text: str) -> list[tuple[Clause, float]]:
        """Pinyin and initials, for a run typed in Latin letters alone."""
        if not is_latin(text):
            return []
        word = text.lower()
        found: list[tuple[Clause, float]] = [
            (Phrase(field=fields.PINYIN, terms=tuple(cut)), self.boosts.pinyin)
            for cut in self.analyzers.split_pinyin(word)
        ]
        if may_be_initials(word):
            letters = Phrase(field=fields.INITIALS, terms=tuple(word))
            found.append((letters, self.boosts.initials))
        return found

    def exact(self, text: str) -> Clause:
        terms = tuple(self.analyzers.chars(text))
        if not terms:
            return Everything()
        return Phrase(field=fields.CHARS, terms=terms)

    def choice(self, name: str, values: Sequence[str]) -> Clause:
        terms = [term for value in values for term in self.resolved(name, value)]
        return OneOf(field=_CHOICE_FIELDS[name], terms=tuple(terms)) if terms else Nothing()

    def resolved(self, name: str, value: str) -> tuple[str, ...]:
        """The keyword terms that a filter's value stands for."""
        match name:
            case "kind" | "has":
                return (value,)
            case "chat":
                return self.chat(value)
            case "lang":
                return _languages(value)
            case _:
                return (self.analyzers.keyword(value),)

    def chat(self, value: str) -> tuple[str, ...]:
        key = self.context.chats.get(value)
        return (str(key),) if key is not None else ()

    def seconds(self, date: str) -> int:
        when = resolve_date(date, now=self.context.now, zone=self.context.zone)
        return max(int(when.timestamp()), 0)


def _languages(value: str) -> tuple[str, ...]:
    folded = value.lower()
    known = {"zh": ("zh-Hans", "zh-Hant"), "zh-hans": ("zh-Hans",), "zh-hant": ("zh-Hant",)}
    return known.get(folded, (folded,))


def _hard(clause: Clause) -> _Parts:
    return _Parts(clause, clause, (), True, clause)


def _all_of(clauses: Sequence[Clause]) -> Clause:
    if not clauses:
        return Everything()
    return clauses[0] if len(clauses) == 1 else AllOf(clauses=tuple(clauses))


def _any(parts: Sequence[_Parts]) -> _Parts:
    hard = all(part.hard for part in parts)
    partial = AnyOf(clauses=tuple(part.partial for part in parts))
    return _Parts(
        full=AnyOf(clauses=tuple(part.full for part in parts)),
        partial=partial,
        score=tuple(clause for part in parts for clause in part.score),
        hard=hard,
        demanded=partial if hard else Everything(),
    )


def narrow(plan: Plan, *, kind: str | None, sensitive: bool, sort: Sort) -> Plan:
    """Return the plan sorted, narrowed to a tab, and without sensitive documents unless asked."""
    more: list[Filter] = []
    if kind is not None:
        more.append(Filter(field=fields.KIND, clause=OneOf(field=fields.KIND, terms=(kind,))))
    if not sensitive:
        hidden = OneOf(field=fields.FLAG, terms=("sensitive",))
        more.append(Filter(field=fields.FLAG, clause=NotClause(clause=hidden)))
    return msgspec.structs.replace(plan, filters=(*plan.filters, *more), sort=sort)
