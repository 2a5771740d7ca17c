"""A token: a term with its place in the text it was cut from."""

from soso.model.value import Value


class Token(Value):
    """term: as indexed. [start, end): code points of the original text that gave it; start < end.

    Tokens may overlap (search mode gives a long word and the shorter words inside it).
    """

    term: str
    start: int
    end: int
