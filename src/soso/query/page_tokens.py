"""Page tokens: where a page begins, in a short text that stands in addresses and buttons."""

import re
from typing import Final

import msgspec

from soso.model.ids import DocId
from soso.model.value import Value
from soso.query.plan_types import Sort

_KEPT: Final = re.compile(r"r\.([0-9a-f]{18}|)\.(\d{1,4})\.(\d{1,4})\.(\d{1,12})")
_KEY: Final = re.compile(r"([nov])\.(\d{1,6})\.(\d{1,19})\.(\d{1,19})")
_SORTS: Final = {sort[0]: sort for sort in (Sort.NEWEST, Sort.OLDEST, Sort.VIEWS)}
_LARGEST: Final = 2**63


class KeptPage(Value):
    """A page of an answer kept under a token.

    number: of the page, from 1. first: the number of the kept answer's own first page.
    as_of_s: when the first answer was given, in Unix seconds.
    """

    token: str
    number: int
    first: int
    as_of_s: int

    def at(self, number: int) -> "KeptPage":
        """Another page of the same answer."""
        return msgspec.structs.replace(self, number=number)

    def of(self, token: str) -> "KeptPage":
        """The same page as the first one of another kept answer."""
        return msgspec.structs.replace(self, token=token, first=self.number)


class KeyPage(Value):
    """A page that begins behind a row of one sort, known by its sort value and document."""

    sort: Sort
    number: int
    order: int
    doc: DocId


def unparse_page(page: KeptPage | KeyPage) -> str:
    """Return the token of a page: at most 64 ASCII letters, digits and dots."""
    if isinstance(page, KeyPage):
        return f"{page.sort[0]}.{page.number}.{page.order}.{page.doc}"
    return f"r.{page.token}.{page.number}.{page.first}.{page.as_of_s}"


def parse_page(token: str) -> KeptPage | KeyPage | None:
    """Return the page a token names, None for anything else."""
    if found := _KEPT.fullmatch(token):
        number, first = int(found[2]), int(found[3])
        if 1 <= first <= number:
            return KeptPage(token=found[1], number=number, first=first, as_of_s=int(found[4]))
    if found := _KEY.fullmatch(token):
        number, order, doc = int(found[2]), int(found[3]), int(found[4])
        if number >= 1 and order < _LARGEST and doc < _LARGEST:
            return KeyPage(sort=_SORTS[found[1]], number=number, order=order, doc=DocId(doc))
    return None
