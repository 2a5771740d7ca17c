"""What is asked, counted by text and day. Who asked is nowhere: no row has room for it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from soso.model.value import Value


class QueryCount(Value):
    """What is to be added to the counts of a query on a day.

    key: the folded text, which makes ways of writing one; text: as it was typed.
    asked: how often in all; missed: of these, how often nothing was found; partial: how often only
    some of the words. clicked: how often a result was opened. hours: a bit for each hour of the day
    in which it was asked.
    """

    key: str
    text: str
    day: date
    asked: int = 0
    missed: int = 0
    partial: int = 0
    clicked: int = 0
    hours: int = 0


class QueryRow(Value):
    """A query with its counts over several days.

    days, hours: in how many different ones it was asked; rows folded by month count no hours.
    last: the last day (of rows folded by month, the first of the month).
    """

    key: str
    text: str
    asked: int
    missed: int
    partial: int
    clicked: int
    days: int
    hours: int
    last: date


class Queries(Protocol):
    """The query log."""

    def add_queries(self, counts: Sequence[QueryCount]) -> None:
        """Add to what is counted, in one transaction."""
        ...

    def list_queries(
        self, *, since: date, order: str = "asked", limit: int = 100
    ) -> list[QueryRow]:
        """Return the queries asked since a day that have most of something, falling.

        order: asked; missed; partial; unclicked (found something, and nobody opened any of it, by
        how often it was asked). Queries with none of it are left out.
        """
        ...

    def fold_queries(self, *, before: date, least: int) -> int:
        """Join the days before a day into one row a month; return how many rows went.

        Whole months only, if before is the first of one. Queries that were asked fewer than least
        times in their month are forgotten.
        """
        ...

    def forget_queries(self, *, before: date | None = None) -> int:
        """Forget rows of days before a day, or all; return how many."""
        ...
