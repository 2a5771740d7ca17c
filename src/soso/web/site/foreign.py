"""Foreign text and addresses, made harmless before they go into a page.

Knows the characters that trick the eye and the address schemes that may be linked; escaping is
left to the templates and to Markup, so that it happens once.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

# Direction overrides and isolates turn the text around them; other controls show as nothing;
# half a surrogate pair can't be sent.
_TRICKS: Final = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]"
)
_SPACES: Final = re.compile(r"[\s\u2028\u2029]+")
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?![0-9]+(?:[/?#]|$))")
_SCHEMES: Final = frozenset({"http", "https", "tg", "mailto"})
_INVISIBLE: Final = re.compile("[\u0000-\u0020\u007f-\u00a0\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_BLANKS: Final = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols that are drawn empty
_LINK_LIMIT: Final = 2048
_EMAIL: Final = re.compile(r"[^\s@<>?&\"']{1,64}@[^\s@<>?&\"']{1,253}")


def clean_text(text: str) -> str:
    """Return text without characters that turn or hide what stands around them; lines are kept."""
    return _TRICKS.sub("", text.replace("\r\n", "\n"))


def clean_line(text: str) -> str:
    """Return the same on one line."""
    return _SPACES.sub(" ", clean_text(text)).strip()


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen; some people name their chats with such characters."""
    return all(sign in _BLANKS or unicodedata.category(sign)[0] in "CZM" for sign in text)


def clip(text: str, width: int) -> str:
    """Return text on one line, cut at a width in code points with an ellipsis."""
    line = clean_line(text)
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


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
