"""A query with fewer conditions, as one tries when little was found."""

from soso.query.ast import After, Before, Choice, Query, Views
from soso.query.parse import parse
from soso.query.unparse import unparse


def drop_filters(text: str) -> str:
    """Return the query without its filters, the words alone."""
    parts = parse(text).query.parts
    words = tuple(part for part in parts if not isinstance(part, Choice | After | Before | Views))
    return unparse(Query(parts=words))


def drop_dates(text: str) -> str:
    """Return the query asked of all times."""
    parts = parse(text).query.parts
    return unparse(
        Query(parts=tuple(part for part in parts if not isinstance(part, After | Before)))
    )


def drop_kind(text: str) -> tuple[str, str | None]:
    """Return the query as a tab asks it, and which tab it stands on by its own kind: filter.

    Tabs are counted without that filter and take its place. None: it has no such filter; empty:
    one that is no single kind.
    """
    parts = parse(text).query.parts
    typed = [part for part in parts if isinstance(part, Choice) and part.name == "kind"]
    if not typed:
        return text, None
    values = [value for part in typed for value in part.values]
    rest = tuple(part for part in parts if part not in typed)
    return unparse(Query(parts=rest)), values[0] if len(values) == 1 else ""
