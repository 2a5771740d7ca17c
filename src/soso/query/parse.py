"""The grammar of the search box, read leniently: every text gives a query, with notices.

query   = { part }                      all of them
part    = piece { "OR" piece }          OR binds tighter than standing side by side
piece   = [ "-" ] ( "(" query ")" | quoted | filter | "#" tag | word )
quoted  = '"' text '"'                  also “text” and 「text」; an open quote runs to the end
filter  = name ":" value { "," value }  names in ast.FILTERS; a value may be quoted

Knows the user's syntax; must not know fields, engines or the clock.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from soso.query.ast import (
    CHOICES,
    FILTERS,
    MAX_CHARACTERS,
    MAX_LEVELS,
    MAX_TERMS,
    MOST_VIEWS,
    After,
    And,
    Before,
    Choice,
    Exact,
    Node,
    Not,
    Or,
    Query,
    Views,
    Word,
)
from soso.query.dates import is_date
from soso.query.results import Notice

_QUOTES: Final = {'"': '"', "“": "”", "”": "“", "「": "」", "『": "』"}
_CLOSERS: Final = {'"': '"', "“": '”“"', "”": '”“"', "「": "」", "『": "』"}
_STOP: Final = re.compile(r'[\s"()（）]')
_FILTER: Final = re.compile(r"([A-Za-z]{1,8})[:：](?=\S)")
_OR: Final = re.compile(r"OR(?=[\s(（]|$)")
_MINUS: Final = "-－−"
_NUMBER: Final = re.compile(
    r"(>=|<=|>|<|=|)(\d{1,18})(\.\d{1,6})?(k|m|万|萬|亿|億)?", re.IGNORECASE
)
_SCALE: Final = {"": 1, "k": 10**3, "m": 10**6, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


class Parsed(NamedTuple):
    """A query and what was ignored on the way to it."""

    query: Query
    notices: tuple[Notice, ...]


def parse(text: str) -> Parsed:
    """Return what the text asks for. Raises nothing. O(len(text))."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self.notices: list[Notice] = []
        self.terms = 0
        self.at = 0
        if len(text) > MAX_CHARACTERS:
            self.notice("too_long", limit=str(MAX_CHARACTERS))
        self.text = text[:MAX_CHARACTERS].replace("\x00", " ")

    def notice(self, code: str, **args: str) -> None:
        found = Notice(code=code, args=args)
        if found not in self.notices:
            self.notices.append(found)

    def parse(self) -> Parsed:
        parts = list(self.parts(level=0))
        while self.at < len(self.text):  # a bracket that closes nothing
            self.at += 1
            parts += self.parts(level=0)
        flat = tuple(_flatten(parts))
        if flat and all(isinstance(part, Not) for part in flat):
            self.notice("only_negative")
        return Parsed(Query(parts=flat), tuple(self.notices))

    def parts(self, level: int) -> Iterator[Node]:
        """Yield the parts up to a closing bracket or the end."""
        choices: list[Node] = []  # those of an OR that is still open
        joined = False
        while True:
            self.skip_space()
            if self.at >= len(self.text) or self.text[self.at] in ")）":
                break
            if choices and _OR.match(self.text, self.at):
                self.at += 2
                joined = True
                continue
            piece = self.piece(level)
            if piece is None:
                continue
            if choices and not joined:
                yield _either(choices)
                choices = []
            choices.append(piece)
            joined = False
        if choices:
            yield _either(choices)

    def skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def piece(self, level: int) -> Node | None:
        negative = False
        before = self.text[self.at - 1 : self.at]
        may_be_minus = not before or before.isspace() or before in "(（"
        while self.at < len(self.text) and self.text[self.at] in _MINUS:
            negative = may_be_minus  # a dash right behind a bracket or a quotation joins
            self.at += 1
        if self.at >= len(self.text) or self.text[self.at].isspace():
            return None  # a lone dash
        node = self.operand(level)
        if node is None:
            return None
        if not negative:
            return node
        return node.part if isinstance(node, Not) else Not(part=node)

    def operand(self, level: int) -> Node | None:
        char = self.text[self.at]
        if char in "(（":
            return self.group(level)
        if char in ")）":
            return None
        self.terms += 1
        if self.terms > MAX_TERMS:
            self.notice("too_many_terms", limit=str(MAX_TERMS))
            self.at = len(self.text)
            return None
        if char in _QUOTES and self.stands_alone():
            quoted = self.quoted()
            return Exact(text=quoted) if quoted else None
        if char in "#＃" and (tag := self.bare(self.at + 1).strip("#＃")):
            self.at += 1 + len(self.bare(self.at + 1))
            return Choice(name="tag", values=(tag,))
        found = _FILTER.match(self.text, self.at)
        if found and found[1].lower() in FILTERS:
            self.at = found.end()
            return self.filter(found[1].lower())
        word = self.bare(self.at)
        self.at += len(word)
        return Word(text=word) if word else None

    def group(self, level: int) -> Node | None:
        self.at += 1
        if level + 1 >= MAX_LEVELS:
            self.notice("too_deep", limit=str(MAX_LEVELS))
            return None  # the bracket is ignored, what it holds stands one level higher
        parts = tuple(_flatten(self.parts(level + 1)))
        self.at += 1  # the closing bracket, or past the end
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else And(parts=parts)

    def bare(self, start: int) -> str:
        found = _STOP.search(self.text, start)
        return self.text[start : found.start() if found else len(self.text)]

    def stands_alone(self) -> bool:
        """Whether a quotation is the user's, not that of a title: “…” next to text is text."""
        char = self.text[self.at]
        if char == '"':
            return True
        end = next(
            (at for at in range(self.at + 1, len(self.text)) if self.text[at] in _CLOSERS[char]),
            None,
        )
        after = self.text[end + 1 : end + 2] if end is not None else ""
        return not after or after.isspace() or after in "()（）"

    def quoted(self) -> str:
        closers = _CLOSERS[self.text[self.at]]
        end = next(
            (at for at in range(self.at + 1, len(self.text)) if self.text[at] in closers), None
        )
        if end is None:
            self.notice("unclosed_quote")
            end = len(self.text)
        inner = self.text[self.at + 1 : end]
        self.at = end + 1
        return " ".join(inner.split()).replace('"', "")

    def filter(self, name: str) -> Node | None:
        values: list[str] = []
        while self.at < len(self.text):
            if self.text[self.at] in ",，":
                self.at += 1
            elif self.text[self.at] in _QUOTES:
                values.append(self.quoted())
            elif bare := self.bare(self.at):
                value = re.split("[,，]", bare, maxsplit=1)[0]
                values.append(value)
                self.at += len(value)
            else:
                break
        values = [value.strip() for value in values if value.strip()]
        if name in CHOICES:
            return self.choice(name, values)
        return self.single(name, ",".join(values))

    def choice(self, name: str, values: list[str]) -> Node | None:
        allowed = CHOICES[name]
        kept: list[str] = []
        for value in values:
            value = value.lower() if allowed else value.lstrip("#＃") if name == "tag" else value
            if allowed and value not in allowed:
                self.notice("unknown_kind", text=f"{name}:{value}")
            elif value and value not in kept:
                kept.append(value)
        return Choice(name=name, values=tuple(kept)) if kept else None

    def single(self, name: str, value: str) -> Node | None:
        if name == "views":
            node = _views(value)
            if node is None:
                self.notice("bad_number", text=f"views:{value}")
            return node
        date = value.lower().replace("/", "-")
        if not is_date(date):
            self.notice("bad_date", text=f"{name}:{value}")
            return None
        return After(date=date) if name == "after" else Before(date=date)


def _views(text: str) -> Views | None:
    found = _NUMBER.fullmatch(text.strip().replace("＞", ">").replace("＜", "<"))
    if found is None:
        return None
    number = int(float(found[2] + (found[3] or "")) * _SCALE[(found[4] or "").lower()])
    number = min(number, MOST_VIEWS)
    match found[1]:
        case ">":
            return Views(low=min(number + 1, MOST_VIEWS))
        case "<":
            return Views(high=max(number - 1, 0))
        case "<=":
            return Views(high=number)
        case "=":
            return Views(low=number, high=number)
        case _:
            return Views(low=number)


def _either(choices: list[Node]) -> Node:
    flat: list[Node] = []
    for choice in choices:
        flat += choice.parts if isinstance(choice, Or) else [choice]
    return flat[0] if len(flat) == 1 else Or(parts=tuple(flat))


def _flatten(parts: Iterator[Node] | list[Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, And):
            yield from part.parts
        else:
            yield part
