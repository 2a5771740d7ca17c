"""What a button knows: all of it in Telegram's 64 bytes, signed, so that no button ever expires.

A button holds what it does (one letter), eight characters of signature, and the rest: of a search
its kind, sort, collapse, language, page, and the query itself or, where that is too long, the token
under which it is kept. Nothing stands in memory: a button works after a restart, in two messages at
once, for everybody in a group, after months. Knows bytes; must not know aiogram, wording or the store.
"""

import base64
import hashlib
import hmac
import struct
from typing import Final

from soso.i18n.language import Language
from soso.model.value import Value
from soso.query.page_tokens import KeptPage
from soso.query.plan_types import Sort
from soso.query.results import KIND_TABS

MOST_BYTES: Final = 64
QUERY_BYTES: Final = 30
"""A query longer than this in UTF-8 is kept in the store: a page takes 34 of the 64."""

SEARCH: Final = "s"

_SIGNATURE_BYTES: Final = 6
_SIGNATURE: Final = 8  # characters of it
_KINDS: Final = (None, *KIND_TABS)
_SORTS: Final = tuple(Sort)
_LANGUAGES: Final = tuple(Language)
_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PLACE: Final = struct.Struct(">9sHHI")
_PLACE_CHARACTERS: Final = 23


class SearchState(Value):
    """A search as a button repeats it.

    query: the text of it, or empty where token names it. place: where the page begins; None for the
    first one of a new answer. language: the message's, whoever presses.
    """

    query: str = ""
    token: str = ""
    kind: str | None = None
    sort: Sort = Sort.RELEVANCE
    collapse: bool = True
    language: Language = Language.SIMPLIFIED
    place: KeptPage | None = None


class Sealer:
    """Signs what buttons know, and reads it back. key: the archive's secret."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(f"soso bot buttons\0{key}".encode()).digest()

    def seal(self, action: str, rest: str) -> str:
        """Return the text of a button. action: one letter. Raises ValueError beyond 64 bytes."""
        sealed = f"{action}{self._sign(action + rest)}{rest}"
        if len(action) != 1 or len(sealed.encode()) > MOST_BYTES:
            raise ValueError(f"a button can't hold {rest!r}")
        return sealed

    def unseal(self, sealed: str) -> tuple[str, str] | None:
        """Return action and rest; None for what this archive did not sign."""
        if len(sealed) <= _SIGNATURE or len(sealed.encode("utf-8", "replace")) > MOST_BYTES:
            return None
        action, signed, rest = sealed[0], sealed[1 : 1 + _SIGNATURE], sealed[1 + _SIGNATURE :]
        try:
            expected = self._sign(action + rest)
        except UnicodeEncodeError:
            return None
        same = hmac.compare_digest(signed.encode("utf-8", "replace"), expected.encode())
        return (action, rest) if same else None

    def token_of(self, query: str) -> str:
        """Return the token that a long query is kept under; the same for the same query."""
        digest = hmac.digest(self._key, b"query\0" + query.encode(), "sha256")[:9]
        return base64.urlsafe_b64encode(digest).decode()

    def _sign(self, content: str) -> str:
        digest = hmac.digest(self._key, content.encode(), "sha256")[:_SIGNATURE_BYTES]
        return base64.urlsafe_b64encode(digest).decode()


def is_long(query: str) -> bool:
    """Whether a query does not fit into a button beside all else."""
    return len(query.encode()) > QUERY_BYTES


def pack_search(state: SearchState) -> str:
    """Return a search in at most 55 bytes, given a query that is not long or a token."""
    first = _KINDS.index(state.kind) * len(_SORTS) + _SORTS.index(state.sort)
    marks = (state.place is not None, bool(state.token), state.collapse)
    second = _LANGUAGES.index(state.language) * 8 + sum(
        mark << bit for bit, mark in enumerate(marks)
    )
    place = _pack_place(state.place) if state.place is not None else ""
    return f"{_DIGITS[first]}{_DIGITS[second]}{place}{state.token or state.query}"


def unpack_search(rest: str) -> SearchState | None:
    """Return the search; None for what no button of ours holds."""
    first, second = (_DIGITS.find(char) if char else -1 for char in (rest[:1], rest[1:2]))
    kind, sort = divmod(first, len(_SORTS))
    language, marks = divmod(second, 8)
    if min(first, second) < 0 or kind >= len(_KINDS) or language >= len(_LANGUAGES):
        return None
    rest = rest[2:]
    place = None
    if marks & 1:
        place = _unpack_place(rest[:_PLACE_CHARACTERS])
        if place is None:
            return None
        rest = rest[_PLACE_CHARACTERS:]
    return SearchState(
        query="" if marks & 2 else rest,
        token=rest if marks & 2 else "",
        kind=_KINDS[kind],
        sort=_SORTS[sort],
        collapse=bool(marks & 4),
        language=_LANGUAGES[language],
        place=place,
    )


def _pack_place(place: KeptPage) -> str:
    packed = _PLACE.pack(
        bytes.fromhex(place.token),
        min(place.number, 0xFFFF),
        min(place.first, 0xFFFF),
        min(place.as_of_s, 0xFFFF_FFFF),
    )
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _unpack_place(packed: str) -> KeptPage | None:
    try:
        token, number, first, as_of_s = _PLACE.unpack(base64.urlsafe_b64decode(f"{packed}="))
    except (ValueError, struct.error):
        return None
    if not 1 <= first <= number:
        return None
    return KeptPage(token=token.hex(), number=number, first=first, as_of_s=as_of_s)
