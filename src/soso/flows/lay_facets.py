"""The counts beside an answer: its tabs, and the values of its facets."""

from typing import Final

from soso.model.ids import ChatKey
from soso.ports.store import Store
from soso.query.plan_types import Found
from soso.query.results import KIND_TABS, FacetValue
from soso.schema import fields

FACETS: Final = (fields.KIND, fields.CHAT, fields.LANG, fields.MONTH)
_SIZES: Final = {fields.CHAT: 10, fields.LANG: 10, fields.MONTH: 12}
_CHATS: Final = ("channel", "group", "bot")


def lay_tabs(found: Found) -> dict[str, int]:
    """Return how many documents each tab has, "all" first; nothing where they were not counted."""
    counts = dict(found.facets.get(fields.KIND, ()))
    if not counts:
        return {}
    every = sum(counts.get(kind, 0) for kind in (*_CHATS, "post"))
    return {"all": every, **{kind: counts.get(kind, 0) for kind in KIND_TABS}}


def lay_facets(found: Found, store: Store) -> dict[str, tuple[FacetValue, ...]]:
    """Return the most frequent values of each facet that was counted. Raises Unavailable."""
    values = {
        name: found.facets[name][:size] for name, size in _SIZES.items() if name in found.facets
    }
    keys = [ChatKey(int(value)) for value, _ in values.get(fields.CHAT, ())]
    chats = store.get_chats(keys) if keys else {}
    return {
        name: tuple(
            FacetValue(
                value=value,
                count=count,
                chat=chats.get(ChatKey(int(value))) if name == fields.CHAT else None,
            )
            for value, count in found_values
        )
        for name, found_values in values.items()
    }
