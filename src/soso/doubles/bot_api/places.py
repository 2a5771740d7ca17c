"""Methods about the bot itself, chats, members, commands and files.

Knows what they answer. Must not know HTTP.
"""

import re
from typing import Final

from soso.doubles.bot_api.api import Api
from soso.doubles.bot_api.arguments import Call, as_number
from soso.doubles.bot_api.errors import bad_request, forbidden
from soso.doubles.bot_api.world import Raw, Room

MOST_DOWNLOAD_BYTES: Final = 20 * 2**20
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE: Final = re.compile(r"(?:[a-z]{2})?")
_ACTIONS: Final = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
        *("upload_document", "choose_sticker", "find_location", "record_video_note"),
        "upload_video_note",
    }
)
_MOST_PROFILE: Final = {"name": 64, "description": 512, "short_description": 120}


def get_me(api: Api, _: Call) -> Raw:
    """Return the bot."""
    return api.world.bot


def get_chat(api: Api, call: Call) -> Raw:
    """Return what the bot may know of a chat."""
    room = api.world.find_room(call.args.get("chat_id"))
    if room.kind != "private" and "username" not in room.raw:
        _check_inside(api, room)
    return {
        **room.raw,
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_member(api: Api, call: Call) -> Raw:
    """Return what somebody is in a chat."""
    room = api.world.find_room(call.args.get("chat_id"))
    number = as_number(call.args, "user_id")
    if number is None or number not in api.world.users:
        raise bad_request("PARTICIPANT_ID_INVALID")
    own = api.world.bot["id"]
    if room.kind == "channel" and number != own and room.status_of(own) != "administrator":
        raise bad_request("member list is inaccessible")
    _check_inside(api, room, may_ask_itself=number == own)
    member = room.members.get(number)
    return member or {"user": api.world.users[number], "status": "left"}


def get_administrators(api: Api, call: Call) -> list[Raw]:
    """Return those who run a chat, other bots left out."""
    room = api.world.find_room(call.args.get("chat_id"))
    if room.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    if room.kind == "channel" and room.status_of(api.world.bot["id"]) != "administrator":
        raise bad_request("member list is inaccessible")
    _check_inside(api, room)
    members = room.members.values()
    return [one for one in members if one["status"] in ("creator", "administrator")]


def get_member_count(api: Api, call: Call) -> int:
    """Return how many are in a chat."""
    room = api.world.find_room(call.args.get("chat_id"))
    _check_inside(api, room)
    if room.kind == "private":
        return 2
    return sum(one["status"] not in ("left", "kicked") for one in room.members.values())


def leave_chat(api: Api, call: Call) -> bool:
    """Let the bot go out of a chat."""
    room = api.world.find_room(call.args.get("chat_id"))
    if room.kind == "private":
        raise bad_request("chat_id is a private chat; the bot can't leave it")
    _check_inside(api, room)
    api.world.set_member(room, api.world.bot["id"], "left")
    api.tell(room)
    return True


def _check_inside(api: Api, room: Room, *, may_ask_itself: bool = False) -> None:
    if room.kind == "private" or may_ask_itself:
        return
    status = room.status_of(api.world.bot["id"])
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {room.kind} chat")
    if status == "left":
        raise forbidden(f"bot is not a member of the {room.kind} chat")


def send_action(api: Api, call: Call) -> bool:
    """Show for five seconds that the bot is at work."""
    room = api.world.find_room(call.args.get("chat_id"))
    api.world.check_may_send(room)
    if call.args.get("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    api.typing[room.id] = api.clock.now_s() + 5
    api.tell(room)
    return True


def set_commands(api: Api, call: Call) -> bool:
    """Keep the commands of a scope and language."""
    commands = call.args.get("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        told = one if isinstance(one, dict) else {}
        if not _COMMAND.fullmatch(str(told.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(told.get("description") or "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    api.commands[_scope(call)] = commands
    return True


def get_commands(api: Api, call: Call) -> list[Raw]:
    """Return the commands of a scope and language."""
    return api.commands.get(_scope(call), [])


def delete_commands(api: Api, call: Call) -> bool:
    """Forget the commands of a scope and language."""
    api.commands.pop(_scope(call), None)
    return True


def _scope(call: Call) -> tuple[str, str]:
    scope = call.args.get("scope") or {"type": "default"}
    kind = str(scope.get("type")) if isinstance(scope, dict) else "default"
    if kind.startswith("chat"):
        kind = f"{kind}:{scope.get('chat_id')}:{scope.get('user_id', '')}"
    return kind, _language(call)


def _language(call: Call) -> str:
    language = str(call.args.get("language_code") or "")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID")
    return language


def set_profile(api: Api, call: Call) -> bool:
    """Keep the bot's name or a description in a language."""
    field = _field(call, "setmy")
    text = str(call.args.get(field) or "")
    if len(text) > _MOST_PROFILE[field]:
        raise bad_request(f"{field} is too long")
    api.profile[field, _language(call)] = text
    return True


def get_profile(api: Api, call: Call) -> Raw:
    """Return the bot's name or a description in a language."""
    field = _field(call, "getmy")
    return {field: api.profile.get((field, _language(call)), "")}


def _field(call: Call, verb: str) -> str:
    name = call.method.removeprefix(verb)
    return "short_description" if name == "shortdescription" else name


def set_nothing(_: Api, __: Call) -> bool:
    """Accept a setting that nothing here shows."""
    return True


def get_file(api: Api, call: Call) -> Raw:
    """Return where a file can be fetched."""
    file = api.world.files.get(str(call.args.get("file_id") or ""))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MOST_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }
