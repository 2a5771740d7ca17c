"""The wordings: what we say, by key, in each language.

Knows the files in wording/ and plurals; knows nothing of numbers, dates or pages. A wording is a
text with {names} to be filled in, or, where a count {n} changes the grammar, a table of the
plural categories of the language ("one", "other").
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from soso.i18n.language import Language
from soso.i18n.numbers import babel_locale

Forms = Mapping[str, str]
"""Plural category -> text; a wording without plurals has "other" alone."""

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")
_CATEGORIES: Final = frozenset({"zero", "one", "two", "few", "many", "other"})


@cache
def load_wording(language: Language) -> Mapping[str, Forms]:
    """Return all wordings of a language by dotted key, read once."""
    text = (files("soso.i18n") / "wording" / f"{language}.toml").read_text("utf-8")
    return dict(_iter_forms("", tomllib.loads(text)))


def fill(forms: Forms, language: Language, args: Mapping[str, str], count: int | None) -> str:
    """Return the wording for a count with its places filled; a place without a value stays."""
    category = "other"
    if count is not None and len(forms) > 1:
        category = babel_locale(language).plural_form(count)
    text = forms.get(category, forms["other"])
    return _PLACE.sub(lambda place: args.get(place[1], place[0]), text)


def list_places(forms: Forms) -> frozenset[str]:
    """Return the names of all places in a wording."""
    return frozenset(name for text in forms.values() for name in _PLACE.findall(text))


def _iter_forms(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Forms]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, {"other": value}
        elif "other" in value and value.keys() <= _CATEGORIES and isinstance(value["other"], str):
            yield key, value
        else:
            yield from _iter_forms(f"{key}.", value)
