"""Methods that change or delete what was sent.

Knows when an edit is none. Must not know HTTP.
"""

from typing import Any

from soso.doubles.bot_api.api import Api
from soso.doubles.bot_api.arguments import Call, as_number
from soso.doubles.bot_api.errors import NOT_MODIFIED, bad_request
from soso.doubles.bot_api.keyboards import read_markup
from soso.doubles.bot_api.sending import caption_content, media_content, text_content
from soso.doubles.bot_api.world import Raw, Room

_MEDIA = ("photo", "video", "document", "audio", "animation", "voice")


def edit_text(api: Api, call: Call) -> Any:
    """Change a message's text and keyboard."""
    room, message = _find(api, call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    new = {**text_content(api, call.args), **_markup(call)}
    return _put(api, call, room, message, new, ("text", "entities", "link_preview_options"))


def edit_caption(api: Api, call: Call) -> Any:
    """Change a message's caption and keyboard."""
    room, message = _find(api, call)
    if not any(kind in message for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    new = {**caption_content(api, call.args), **_markup(call)}
    return _put(api, call, room, message, new, ("caption", "caption_entities"))


def edit_markup(api: Api, call: Call) -> Any:
    """Change a message's keyboard alone."""
    room, message = _find(api, call)
    return _put(api, call, room, message, _markup(call), ())


def edit_media(api: Api, call: Call) -> Any:
    """Change a message's picture or file, its caption and keyboard."""
    room, message = _find(api, call)
    media = call.args.get("media")
    if not isinstance(media, dict) or media.get("type") not in _MEDIA:
        raise bad_request("can't parse InputMedia: type of the media is invalid")
    content = media_content(api, media["type"], media.get("media"), call)
    new = {**content, **caption_content(api, media), **_markup(call)}
    gone = (*_MEDIA, "caption", "caption_entities", "text", "entities", "link_preview_options")
    return _put(api, call, room, message, new, gone)


def delete_message(api: Api, call: Call) -> bool:
    """Delete a message: an own one, one of a private chat, or as an administrator."""
    room = api.world.find_room(call.args.get("chat_id"))
    number = as_number(call.args, "message_id")
    message = api.world.find_message(room, number, "message to delete not found")
    may = room.kind == "private" or room.status_of(api.world.bot["id"]) == "administrator"
    if not may and not api.world.is_own(message):
        raise bad_request("message can't be deleted")
    del room.messages[message["message_id"]]
    api.tell(room)
    return True


def delete_messages(api: Api, call: Call) -> bool:
    """Delete several messages; those that are not there are passed over."""
    room = api.world.find_room(call.args.get("chat_id"))
    numbers = call.args.get("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad_request("message identifiers are not specified")
    for number in numbers:
        room.messages.pop(number, None)
    api.tell(room)
    return True


def _find(api: Api, call: Call) -> tuple[Room, Raw]:
    inline = call.args.get("inline_message_id")
    if inline:
        place = api.world.inline_messages.get(str(inline))
        if place is None:
            raise bad_request("MESSAGE_ID_INVALID")
        room = api.world.rooms[place[0]]
        return room, api.world.find_message(room, place[1], "MESSAGE_ID_INVALID")
    room = api.world.find_room(call.args.get("chat_id"))
    api.world.check_may_send(room)
    number = as_number(call.args, "message_id")
    if number is None:
        raise bad_request("message identifier is not specified")
    message = api.world.find_message(room, number, "message to edit not found")
    if not api.world.is_own(message) and room.kind != "channel":
        raise bad_request("message can't be edited")
    return room, message


def _markup(call: Call) -> Raw:
    markup = read_markup(call.args.get("reply_markup"))
    return {} if markup is None else {"reply_markup": markup}


def _put(
    api: Api, call: Call, room: Room, message: Raw, new: Raw, replaced: tuple[str, ...]
) -> Any:
    """Put new content in place; a keyboard that is not given again goes away, as in Telegram."""
    gone = {*replaced, "reply_markup"}
    edited = {name: value for name, value in message.items() if name not in gone} | new
    if {**edited, "edit_date": 0} == {**message, "edit_date": 0}:
        raise bad_request(NOT_MODIFIED)
    api.brake_for(room)
    edited["edit_date"] = int(api.clock.now_s())
    room.messages[message["message_id"]] = edited
    api.tell(room)
    return True if call.args.get("inline_message_id") else edited
