"""A document: what the index is given of a post or a chat."""

from collections.abc import Mapping, Sequence

from soso.model.ids import DocId
from soso.model.value import Value


class Document(Value):
    """terms: field -> analyzed terms in order, none with white space in it.

    keywords: field -> values. numbers: field -> a value in [0, 2**63).
    """

    doc: DocId
    terms: Mapping[str, Sequence[str]] = {}
    keywords: Mapping[str, Sequence[str]] = {}
    numbers: Mapping[str, int] = {}
