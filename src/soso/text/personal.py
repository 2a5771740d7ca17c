"""Whether a text holds what belongs to somebody: telephone and card numbers, e-mail addresses.

Knows how such numbers are written; must not know where such texts are kept from.
"""

import re
from typing import Final

_DATE: Final = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:\s*[-./年]\s*\d{1,2}(?:\s*[-./月]\s*\d{1,2}日?)?|\d{4})(?!\d)"
)
_NUMBER: Final = re.compile(r"(?:\d[\s().\-‐-―·]{0,2}){6}\d")
_EMAIL: Final = re.compile(r"[^\s@<>]@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)


def is_personal(text: str) -> bool:
    """Whether a text has seven digits in a row, spaces, dots and dashes aside, or an e-mail address.

    Dates (2026-11-23, 20261123, 2026年11月) are no such numbers. Digits of all scripts count.
    """
    if _EMAIL.search(text) is not None:
        return True
    return _NUMBER.search(_DATE.sub(" x ", text)) is not None
