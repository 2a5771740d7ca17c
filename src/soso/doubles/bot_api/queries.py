"""Methods that answer: button presses and inline queries.

Knows what an answer may hold and how long it may take. Must not know HTTP.
"""

from typing import Any, Final

from soso.doubles.bot_api.api import Api, Asked
from soso.doubles.bot_api.arguments import Call, as_flag, as_number
from soso.doubles.bot_api.errors import TOO_OLD, bad_request
from soso.doubles.bot_api.formatting import MOST_CAPTION, MOST_TEXT, read_text
from soso.doubles.bot_api.keyboards import read_markup
from soso.doubles.bot_api.world import Raw

MOST_RESULTS: Final = 50
MOST_ANSWER_CHARS: Final = 200
_MEDIA: Final = {
    "photo": ("photo_url", "thumbnail_url"),
    "gif": ("gif_url", "thumbnail_url"),
    "video": ("video_url", "thumbnail_url", "mime_type", "title"),
    "document": ("document_url", "mime_type", "title"),
}


def answer_callback(api: Api, call: Call) -> bool:
    """Answer a button press: a toast, an alert, an address, or nothing."""
    text = call.args.get("text")
    if isinstance(text, str) and len(text) > MOST_ANSWER_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    asked = _take(api, api.callbacks, call.args.get("callback_query_id"), api.callback_life_s)
    _answer(
        api,
        asked,
        {
            "text": text or "",
            "show_alert": as_flag(call.args, "show_alert"),
            "url": call.args.get("url"),
            "cache_time": as_number(call.args, "cache_time") or 0,
        },
    )
    return True


def answer_inline(api: Api, call: Call) -> bool:
    """Answer an inline query with at most 50 results."""
    args = call.args
    results = args.get("results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results: expected an Array")
    if len(results) > MOST_RESULTS:
        raise bad_request("Too many inline query results specified")
    read = [_read_result(api, one) for one in results]
    names = [one["id"] for one in read]
    if len(set(names)) != len(names):
        raise bad_request("RESULT_ID_DUPLICATE")
    offset = str(args.get("next_offset") or "")
    if len(offset.encode("utf-8", "surrogatepass")) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    asked = _take(api, api.inline, args.get("inline_query_id"), api.inline_life_s)
    cache_time = as_number(args, "cache_time")
    _answer(
        api,
        asked,
        {
            "results": read,
            "next_offset": offset,
            "cache_time": 300 if cache_time is None else cache_time,
            "is_personal": as_flag(args, "is_personal"),
            "button": args.get("button"),
        },
    )
    return True


def _take(api: Api, waiting: dict[str, Asked], number: Any, life_s: float) -> Asked:
    asked = waiting.get(str(number))
    gone = asked is None or asked.answer is not None
    if asked is None or gone or api.clock.now_s() - asked.at_s > life_s:
        raise bad_request(TOO_OLD)
    return asked


def _answer(api: Api, asked: Asked, answer: Raw) -> None:
    asked.answer = answer
    asked.answered_s = api.clock.now_s()
    api.tell()


def _read_result(api: Api, one: Any) -> Raw:
    if not isinstance(one, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    number = one.get("id")
    if not isinstance(number, str) or not 1 <= len(number.encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    kind = one.get("type")
    read = dict(one)
    if kind == "article":
        if not one.get("title"):
            raise bad_request('can\'t parse inline query result: Field "title" must be non-empty')
        if not isinstance(one.get("input_message_content"), dict):
            raise bad_request("can't parse inline query result: Message content is not specified")
    elif kind in _MEDIA:
        cached = one.get(f"{kind}_file_id")
        if not cached and not all(one.get(name) for name in _MEDIA[kind]):
            raise bad_request(f"{str(kind).upper()}_URL_INVALID")
    else:
        raise bad_request("can't parse inline query result: type of the result is unsupported")
    content = one.get("input_message_content")
    if isinstance(content, dict):
        renamed = {**content, "text": content.get("message_text")}
        found = read_text(renamed, "text", "entities", most=MOST_TEXT)
        read["content"] = {"text": found.text, "entities": found.entities}
        if isinstance(content.get("link_preview_options"), dict):
            read["content"]["link_preview_options"] = content["link_preview_options"]
    else:
        found = read_text(one, "caption", "caption_entities", most=MOST_CAPTION)
        read["content"] = {"caption": found.text, "caption_entities": found.entities}
    api.slips.extend(found.slips)
    read["reply_markup"] = read_markup(one.get("reply_markup"))
    return read
