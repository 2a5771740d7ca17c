"""Rows of buttons as aiogram sends them."""

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from soso.bot.screen import MOST_BUTTONS, Button, Rows


def make_keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return the keyboard, None where there is nothing to press."""
    made: list[list[InlineKeyboardButton]] = []
    count = 0
    for row in rows:
        if not row or count + len(row) > MOST_BUTTONS:
            continue
        count += len(row)
        made.append([_make_button(button) for button in row])
    return InlineKeyboardMarkup(inline_keyboard=made) if made else None


def _make_button(button: Button) -> InlineKeyboardButton:
    text = button.text.strip() or "·"
    if button.url:
        return InlineKeyboardButton(text=text, url=button.url)
    if button.inline is not None:
        return InlineKeyboardButton(text=text, switch_inline_query_current_chat=button.inline)
    if button.copy:
        return InlineKeyboardButton(text=text, copy_text=CopyTextButton(text=button.copy))
    return InlineKeyboardButton(text=text, callback_data=button.pressed)
