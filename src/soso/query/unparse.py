"""A query printed back to the text that asks for it."""

from soso.query.ast import After, And, Before, Choice, Exact, Node, Not, Or, Query, Views, Word


def unparse(query: Query) -> str:
    """Return the text that parses to the query: parse(unparse(q)).query == q for normal forms."""
    return " ".join(_part(part) for part in query.parts)


def _part(node: Node) -> str:
    match node:
        case Or(parts=parts):
            return " OR ".join(_piece(part) for part in parts)
        case _:
            return _piece(node)


def _piece(node: Node) -> str:
    match node:
        case Word(text=text):
            return text
        case Exact(text=text):
            return f'"{text}"'
        case Choice(name=name, values=values):
            return f"{name}:" + ",".join(_value(value) for value in values)
        case After(date=date):
            return f"after:{date}"
        case Before(date=date):
            return f"before:{date}"
        case Views():
            return _views(node)
        case Not(part=part):
            return f"-{_piece(part)}"
        case And(parts=parts):
            return "(" + " ".join(_part(part) for part in parts) + ")"
        case Or():
            return f"({_part(node)})"
        case _:
            raise TypeError(node)


def _value(text: str) -> str:
    plain = text.isascii() and all(char.isalnum() or char in "-_.@" for char in text)
    return text if plain or text.isalnum() else f'"{text}"'


def _views(node: Views) -> str:
    if node.low is not None and node.low == node.high:
        return f"views:={node.low}"
    if node.high is not None:
        return f"views:<={node.high}"
    return f"views:>={node.low or 0}"
