"""The ways a chat or a file may be called: people leave out what stands around a name.

Knows how Telegram's titles and file names are dressed; must not know fields or weights. Pure.
"""

import re
from typing import Final

_BETWEEN: Final = re.compile(
    r"[｜|丨·•—–/\\:：【】\[\]（）()「」『』《》〈〉<>~～,，;；!！]+|\s+-\s+"
)
_KIND: Final = re.compile(
    r"(?:官方)?(?:频道|頻道|群组|群組|交流群|交流群組|讨论组|討論組|群|channel|group|chat)$"
    r"|(?:官方|official)$",
    re.IGNORECASE,
)
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/([A-Za-z]\w{2,31})/?", re.A
)
_SHORTEST: Final = 2


def chat_names(title: str) -> tuple[str, ...]:
    """Return a chat's title, its parts, and these without the word for what it is."""
    parts = [part.strip() for part in _BETWEEN.split(title)]
    bare = [_KIND.sub("", part).strip() for part in (title.strip(), *parts)]
    long_enough = (name for name in (*parts, *bare) if len(name) >= _SHORTEST)
    return tuple(dict.fromkeys((title, *long_enough)))


def file_names(name: str) -> tuple[str, ...]:
    """Return a file's name with and without its ending."""
    stem = _ENDING.sub("", name)
    return (name, stem) if len(stem) >= _SHORTEST and stem != name else (name,)


def letters_of(folded: str) -> str:
    """Return the letters and digits of a folded name: without emoji, dots and blanks."""
    return "".join(filter(str.isalnum, folded))


def username_in(text: str) -> str | None:
    """Return the username that a text is nothing but the address of, as t.me/name."""
    match = _ADDRESS.fullmatch(text.strip())
    return match[1] if match is not None else None
