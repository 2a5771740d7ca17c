"""Methods that send: texts, pictures, files, albums, forwards.

Knows what a sent message carries. Must not know HTTP.
"""

import secrets
from typing import Any, Final

from soso.doubles.bot_api.api import Api
from soso.doubles.bot_api.arguments import Call, Upload, as_flag, as_number
from soso.doubles.bot_api.errors import bad_request
from soso.doubles.bot_api.formatting import MOST_CAPTION, MOST_TEXT, read_text
from soso.doubles.bot_api.keyboards import read_markup
from soso.doubles.bot_api.pictures import measure
from soso.doubles.bot_api.world import Raw, Room, StoredFile

MOST_PHOTO_BYTES: Final = 10 * 2**20
MOST_FILE_BYTES: Final = 50 * 2**20
_KINDS: Final = ("photo", "video", "document", "audio", "animation", "voice")
_ALBUM: Final = frozenset({"photo", "video", "document", "audio"})


def send_message(api: Api, call: Call) -> Raw:
    """Send a text."""
    room = open_room(api, call)
    content = text_content(api, call.args)
    return _send(api, call, room, content)


def text_content(api: Api, args: dict[str, Any]) -> Raw:
    """Return the text part of a message. Raises ApiError."""
    found = read_text(args, "text", "entities", most=MOST_TEXT)
    api.slips.extend(found.slips)
    content: Raw = {"text": found.text}
    if found.entities:
        content["entities"] = found.entities
    options = args.get("link_preview_options")
    if isinstance(options, dict):
        content["link_preview_options"] = options
    return content


def caption_content(api: Api, args: dict[str, Any]) -> Raw:
    """Return the caption part of a message. Raises ApiError."""
    found = read_text(args, "caption", "caption_entities", most=MOST_CAPTION)
    api.slips.extend(found.slips)
    content: Raw = {}
    if found.text:
        content["caption"] = found.text
    if found.entities:
        content["caption_entities"] = found.entities
    return content


def send_media(api: Api, call: Call) -> Raw:
    """Send a photo, video, document, audio, animation or voice with a caption."""
    kind = call.method.removeprefix("send")
    room = open_room(api, call)
    content = {**media_content(api, kind, call.args.get(kind), call)}
    content.update(caption_content(api, call.args))
    if as_flag(call.args, "has_spoiler"):
        content["has_media_spoiler"] = True
    return _send(api, call, room, content)


def send_media_group(api: Api, call: Call) -> list[Raw]:
    """Send an album of two to ten."""
    room = open_room(api, call)
    media = call.args.get("media")
    if not isinstance(media, list) or not all(isinstance(one, dict) for one in media):
        raise bad_request("can't parse media JSON object")
    if len(media) > 10:
        raise bad_request("too many messages to send as an album")
    if len(media) < 2:
        raise bad_request("too few messages to send as an album")
    contents = []
    for item in media:
        kind = item.get("type")
        if kind not in _ALBUM:
            raise bad_request("can't parse InputMedia: type of the media is invalid")
        content = media_content(api, kind, item.get("media"), call)
        contents.append({**content, **caption_content(api, item)})
    api.brake_for(room)
    group = str(secrets.randbits(53))
    sent = [_compose(api, call, room, {**one, "media_group_id": group}) for one in contents]
    api.tell(room)
    return sent


def media_content(api: Api, kind: str, given: Any, call: Call) -> Raw:
    """Return a message's media from an upload, a file_id or an address. Raises ApiError."""
    name = str(given or "")
    upload = call.files.get(kind)
    if name.startswith("attach://"):
        upload = call.files.get(name.removeprefix("attach://"))
    if upload is not None:
        return file_content(api, kind, upload)
    if name in api.world.files:
        return _content_of(api.world.files[name], kind)
    if name.startswith(("http://", "https://")):
        # The official server fetches it; the double only remembers where it is.
        file = api.world.keep_file(b"", folder="remote", name=name, mime="image/jpeg", size=1)
        content = _content_of(file, kind, width=800, height=450)
        return {**content, "soso_url": name}
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    raise bad_request("wrong file identifier/HTTP URL specified")


def file_content(api: Api, kind: str, upload: Upload, *, told_size: int | None = None) -> Raw:
    """Keep an uploaded file and return the media that shows it. Raises ApiError."""
    size = len(upload.content) if told_size is None else told_size
    if not size:
        raise bad_request("file must be non-empty")
    if told_size is None and size > (MOST_PHOTO_BYTES if kind == "photo" else MOST_FILE_BYTES):
        raise bad_request("file is too big" if kind != "photo" else "PHOTO_TOO_BIG")
    width, height, mime = 0, 0, "application/octet-stream"
    if kind == "photo":
        width, height, mime = measure(upload.content)
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
    file = api.world.keep_file(
        upload.content, folder=f"{kind}s", name=upload.name, mime=mime, size=told_size
    )
    return _content_of(file, kind, width=width, height=height, name=upload.name)


def _content_of(
    file: StoredFile, kind: str, *, width: int = 0, height: int = 0, name: str | None = None
) -> Raw:
    raw: Raw = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size}
    if kind == "photo":
        if not width and file.content:
            width, height, _ = measure(file.content)
        return {"photo": [{**raw, "width": width, "height": height}]}
    if kind in ("video", "animation"):
        raw.update(width=width or 640, height=height or 360, duration=1, mime_type="video/mp4")
    elif kind in ("audio", "voice"):
        raw.update(duration=1, mime_type="audio/mpeg")
    else:
        raw["mime_type"] = file.mime
    if name and kind != "voice":
        raw["file_name"] = name
    return {kind: raw}


def copy_message(api: Api, call: Call) -> Raw:
    """Send what a message says as an own one; returns its id only."""
    room = open_room(api, call)
    source = api.world.find_room(call.args.get("from_chat_id"))
    number = as_number(call.args, "message_id")
    message = api.world.find_message(source, number, "message to copy not found")
    return {"message_id": _send(api, call, room, content_of(message))["message_id"]}


def forward_message(api: Api, call: Call) -> Raw:
    """Forward a message with its origin."""
    room = open_room(api, call)
    source = api.world.find_room(call.args.get("from_chat_id"))
    number = as_number(call.args, "message_id")
    message = api.world.find_message(source, number, "message to forward not found")
    return _send(api, call, room, {**content_of(message), "forward_origin": origin_of(message)})


_CONTENT: Final[tuple[str, ...]] = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "link_preview_options",
    "has_media_spoiler",
    *_KINDS,
)


def origin_of(message: Raw) -> Raw:
    """Return the forward_origin of a message when it is forwarded."""
    if "forward_origin" in message:
        return dict(message["forward_origin"])
    if "sender_chat" in message:
        return {
            "type": "channel",
            "chat": message["sender_chat"],
            "message_id": message["message_id"],
            "date": message["date"],
        }
    return {"type": "user", "sender_user": message["from"], "date": message["date"]}


def content_of(message: Raw) -> Raw:
    """Return what a message says, without where and by whom."""
    return {name: message[name] for name in _CONTENT if name in message}


def open_room(api: Api, call: Call) -> Room:
    """Return the chat that a call writes into. Raises ApiError."""
    room = api.world.find_room(call.args.get("chat_id"))
    api.world.check_may_send(room)
    return room


def _send(api: Api, call: Call, room: Room, content: Raw) -> Raw:
    extra: Raw = {}
    markup = read_markup(call.args.get("reply_markup"))
    if markup is not None:
        extra["reply_markup"] = markup
    answered = _read_reply(api, call, room)
    api.brake_for(room)
    message = _compose(api, call, room, {**answered, **content, **extra})
    api.typing.pop(room.id, None)
    api.tell(room)
    return message


def _compose(api: Api, call: Call, room: Room, content: Raw) -> Raw:
    if as_flag(call.args, "protect_content"):
        content["has_protected_content"] = True
    return api.world.compose(room, api.world.bot, content)


def _read_reply(api: Api, call: Call, room: Room) -> Raw:
    asked = call.args.get("reply_parameters")
    if not isinstance(asked, dict):
        asked = {
            "message_id": call.args.get("reply_to_message_id"),
            "allow_sending_without_reply": call.args.get("allow_sending_without_reply"),
        }
    number = as_number(asked, "message_id")
    if number is None:
        return {}
    message = room.messages.get(number)
    if message is None:
        if as_flag(asked, "allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(message)}


def without_reply(message: Raw) -> Raw:
    """Return a message as the answer to it carries it."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
