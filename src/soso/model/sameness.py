"""When two texts say the same: routes differ in white space, composition and invisible marks.

Knows what of a text a route may change by rendering it. Must not fold for search (room text).
"""

import unicodedata
from typing import Final

# Preview pages and exports differ in emoji presentation selectors and zero-width spaces; joiners
# stay, since they make other emoji and other words.
_INVISIBLE: Final = dict.fromkeys((0xFE0E, 0xFE0F, 0x200B, 0x2060, 0xFEFF))


def plain(text: str) -> str:
    """Return the text as it is compared: NFC, runs of white space as one space, none at the ends.

    Raises nothing.  O(len(text)).
    """
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def same_text(one: str, other: str) -> bool:
    """Whether two texts say the same."""
    return one == other or plain(one) == plain(other)
