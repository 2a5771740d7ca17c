"""Foreign text as any model takes it.

Knows what breaks encoders: lone surrogates, control characters, boundless length. Must not know
models.
"""

from typing import Final

_CONTROLS: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


def encodable(text: str, *, longest: int) -> str:
    """Return the text with a blank for each control character, in at most so many characters.

    Halves of a surrogate pair are joined where both are there, else they become U+FFFD, so that the
    result always encodes.
    """
    text = text[:longest].translate(_CONTROLS)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
