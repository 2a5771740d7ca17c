"""Where a text may be cut so that nobody sees half a character or half a word.

Knows grapheme clusters as far as cutting needs them; must not know tokens.
"""

from typing import Final

from soso.text.tables import joins

_JOINERS: Final = "\u200d\u200c"
_LONGEST_WORD: Final = 20


def is_border(text: str, place: int) -> bool:
    """Whether text may be cut before text[place]: not inside a grapheme cluster.

    0 <= place <= len(text). Flags, families and skin tones stay whole, and letters keep their marks.
    """
    if place <= 0 or place >= len(text):
        return True
    before, after = text[place - 1], text[place]
    if joins(after) or after in _JOINERS or before == "\u200d" or _is_modifier(after):
        return False
    return not (_is_flag_letter(after) and _flag_letters_before(text, place) % 2 == 1)


def back_to_border(text: str, place: int) -> int:
    """Return the last place up to the given one where the text may be cut.

    Goes back over a cluster, and over a word in a spaced script unless it is very long.
    """
    place = min(place, len(text))
    start = place
    while place > 0 and start - place < _LONGEST_WORD and _inside_word(text, place):
        place -= 1
    if place == 0 or start - place >= _LONGEST_WORD:
        place = start
    while not is_border(text, place):
        place -= 1
    return place


def on_to_border(text: str, place: int) -> int:
    """Return the first place from the given one on where the text may be cut."""
    while not is_border(text, place):
        place += 1
    return place


def _inside_word(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    return _is_spaced(text[place - 1]) and _is_spaced(text[place])


def _is_spaced(char: str) -> bool:
    """Letters and digits up to Arabic; those of the scripts after it are not told apart here."""
    return char <= "\u07ff" and (char.isalnum() or char == "_")


def _is_modifier(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, place: int) -> int:
    first = place
    while first > 0 and _is_flag_letter(text[first - 1]):
        first -= 1
    return place - first
