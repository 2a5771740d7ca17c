"""The lines by which a channel signs every post: they tell nothing of what the post is about.

Knows how Telegram writes names. Must not know where texts come from. Pure.
"""

import re
from collections.abc import Iterable


def strip_signature(text: str, names: Iterable[str]) -> str:
    """Return a text without those of its last lines that name its own chat, as @name or t.me/name.

    names: the usernames of the chat and of where the post was forwarded from. The first line
    always stays.
    """
    known = "|".join(re.escape(name) for name in dict.fromkeys(names) if name)
    if not known:
        return text
    signed = re.compile(rf"(?:@|t\.me/)(?:{known})(?![A-Za-z0-9_])", re.IGNORECASE)
    lines = text.rstrip().split("\n")
    end = len(lines)
    while end > 1 and (signed.search(lines[end - 1]) or not lines[end - 1].strip()):
        end -= 1
    return "\n".join(lines[:end])
