"""What the bot shows, before aiogram: a text, perhaps a picture, rows of buttons.

Screens are values, so that what is shown can be tested without a network.
"""

from typing import Final

from soso.bot.render import Html
from soso.model.value import Value

Rows = tuple[tuple["Button", ...], ...]

MOST_IN_ROW: Final = 8
MOST_BUTTONS: Final = 100


class Button(Value):
    """text: what stands on it. One of: pressed (sealed, see state.py), url, inline (a query to
    begin an inline search with here), copy (a text to put into the clipboard)."""

    text: str
    pressed: str = ""
    url: str = ""
    inline: str | None = None
    copy: str = ""


class Screen(Value):
    """A message. picture: the sha256 of a picture of the archive; the text is its caption then.

    preview: an address whose preview stands above the text; none otherwise.
    """

    text: Html
    rows: Rows = ()
    picture: str | None = None
    preview: str | None = None


def wrap(buttons: list[Button], per_row: int) -> Rows:
    """Return buttons in rows."""
    return tuple(
        tuple(buttons[at : at + per_row]) for at in range(0, len(buttons), max(per_row, 1))
    )
