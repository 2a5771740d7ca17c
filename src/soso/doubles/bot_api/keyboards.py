"""The keyboard under a message: what the API lets it be.

Knows buttons. Must not know messages.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from soso.doubles.bot_api.errors import bad_request

MOST_BUTTONS: Final = 100
MOST_IN_A_ROW: Final = 8
MOST_DATA_BYTES: Final = 64
_ACTIONS: Final = (
    *("url", "callback_data", "switch_inline_query", "switch_inline_query_current_chat"),
    *("switch_inline_query_chosen_chat", "copy_text", "web_app", "login_url", "pay"),
)
_REPLY_KINDS: Final = frozenset({"keyboard", "remove_keyboard", "force_reply"})


def read_markup(given: Any) -> dict[str, Any] | None:
    """Return an inline keyboard as messages carry it; None for none and for other keyboards.

    Raises ApiError for what the server refuses.
    """
    if given in (None, ""):
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if _REPLY_KINDS & given.keys():
        return None  # belongs to the person's screen, not to the message
    rows = given.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse reply keyboard markup JSON object: field "inline_keyboard"')
    read = [[_read_button(button) for button in row] for row in rows if row]
    if sum(map(len, read)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in read):
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": read} if read else None


def _read_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must not be empty')
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: several actions in one button")
    action = actions[0]
    value = button[action]
    match action:
        case "callback_data":
            _check_data(value)
        case "url":
            _check_url(value)
        case "copy_text":
            _check_copy(value)
    kept = {"text": text, action: value}
    for extra in ("style", "icon_custom_emoji_id"):
        if button.get(extra) is not None:
            kept[extra] = button[extra]
    return kept


def _check_data(value: Any) -> None:
    size = len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 0
    if not 1 <= size <= MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(value: Any) -> None:
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
    except ValueError:
        raise bad_request("BUTTON_URL_INVALID") from None
    known = parts.scheme in ("http", "https", "tg", "ton") and bool(parts.netloc or parts.path)
    if not known or any(char.isspace() for char in value):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")


def _check_copy(value: Any) -> None:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
