"""Foreign text and addresses, made harmless before they go into a page.

Knows the address schemes that may be linked; what makes text harmless is text/foreign.py. Escaping
is left to the templates and to Markup, so that it happens once.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from soso.text.foreign import clean_line, clean_text, clip, is_blank

__all__ = ["clean_line", "clean_text", "clip", "email_link", "host_of", "is_blank", "safe_link"]

_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?![0-9]+(?:[/?#]|$))")
_SCHEMES: Final = frozenset({"http", "https", "tg", "mailto"})
_INVISIBLE: Final = re.compile("[\u0000-\u0020\u007f-\u00a0\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINK_LIMIT: Final = 2048
_EMAIL: Final = re.compile(r"[^\s@<>?&\"']{1,64}@[^\s@<>?&\"']{1,253}")


def safe_link(address: str | None) -> str | None:
    """Return an address that may be linked, or None.

    Only http, https, tg and mailto pass; an address without a scheme is taken for a web page.
    Browsers drop white space and controls inside addresses, so they are dropped before looking.
    """
    link = _INVISIBLE.sub("", address or "")
    if not link or len(link) > _LINK_LIMIT:
        return None
    scheme = _SCHEME.match(link)
    if scheme is None:
        link = f"https://{link.lstrip('/')}"
        return link if "." in host_of(link) else None
    return link if scheme[1].lower() in _SCHEMES and _has_host(link) else None


def email_link(address: str) -> str | None:
    """Return a mailto link for a bare address, without room for headers, or None."""
    return f"mailto:{address}" if _EMAIL.fullmatch(address) else None


def host_of(link: str) -> str:
    """Return the host of a safe link for people to read, empty if it has none."""
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _has_host(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme in ("tg", "mailto") or bool(parts.hostname)
    except ValueError:  # such as an unclosed [ of an IPv6 address
        return False
