"""The same query asked less strictly, for when nothing answers it as it is."""

from typing import Final

from soso.query.ast import And, Exact, Node, Or, Query, Word
from soso.query.parse import parse
from soso.query.unparse import unparse

_OPERATOR: Final = "OR"


def without_quotes(query: Query) -> Query | None:
    """Return the query with its quoted runs as words; None where none can be taken apart.

    What is kept out keeps its quotes, and so does what would mean something else without them, as
    "kind:video" or "-40". parse(unparse(it)).query == it. Raises nothing.
    """
    parts = tuple(flat for part in query.parts for flat in _flat(_loosened(part)))
    loosened = Query(parts=parts)
    # A lone mark among its words would quote what follows once it is typed.
    is_fit = loosened != query and parse(unparse(loosened)).query == loosened
    return loosened if is_fit else None


def _loosened(node: Node) -> Node:
    match node:
        case Exact(text=text):
            pieces = tuple(_piece(piece) for piece in text.split())
            if all(isinstance(piece, Exact) for piece in pieces):
                return node
            return pieces[0] if len(pieces) == 1 else And(parts=pieces)
        case And(parts=parts):
            return And(parts=tuple(flat for part in parts for flat in _flat(_loosened(part))))
        case Or(parts=parts):
            return Or(parts=tuple(_loosened(part) for part in parts))
        case _:
            return node


def _flat(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def _piece(text: str) -> Word | Exact:
    word = Word(text=text)
    is_safe = text != _OPERATOR and parse(text).query.parts == (word,)
    return word if is_safe else Exact(text=text)
