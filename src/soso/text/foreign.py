"""Foreign text made harmless before it is shown next to ours.

Knows the characters that trick the eye, and what Telegram makes into links by itself. Escaping is
left to the doors, so that it happens once.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

# Direction overrides and isolates turn the text around them; other controls show as nothing;
# half a surrogate pair can't be sent.
_TRICKS: Final = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]"
)
_SPACES: Final = re.compile(r"[\s\u2028\u2029]+")
_BLANKS: Final = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols that are drawn empty

_JOINER: Final = "\u2060"
"""Shows as nothing and is no part of a name, an address or a command to Telegram."""

# What begins a mention, a hashtag, a command, an address; and the dot in a host's name.
_TRIGGER: Final = re.compile(r"(?<=[@#$/])(?=\w)|(?<=\w\.)(?=[^\W\d_])|(?<=:)(?=//)")
_COMMAND: Final = re.compile(r"(?<![\w/@<>])/(?=[A-Za-z0-9_])")


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


def unlink(text: str) -> str:
    """Return text in which Telegram finds no address, @name, #tag or /command to link.

    Only looks unchanged: an invisible character stands in each, so use it where nobody copies.
    """
    return _TRIGGER.sub(_JOINER, text)


def unlink_parts(parts: Sequence[str]) -> list[str]:
    """Return the parts of one text so that nothing in them is linked, nor across their borders."""
    places = {match.start() for match in _TRIGGER.finditer("".join(parts))}
    made, start = [], 0
    for part in parts:
        signs = (
            f"{_JOINER}{sign}" if at in places else sign for at, sign in enumerate(part, start)
        )
        made.append("".join(signs))
        start += len(part)
    return made


def uncommand(text: str) -> str:
    """Return text in which Telegram finds no /command; addresses stay as they are."""
    return _COMMAND.sub(f"/{_JOINER}", text)
