"""Who and what there is in the double: people, chats, messages, files.

Knows Telegram's shapes and ids. Must not know calls, limits or HTTP.
"""

import itertools
import secrets
from typing import Any, Final, NamedTuple

from soso.doubles.bot_api.clock import VirtualClock
from soso.doubles.bot_api.errors import bad_request, forbidden

Raw = dict[str, Any]

FIRST_CHANNEL: Final = 1_500_000_001
_MARK: Final = 10**12  # of channels and supergroups: -100...
_SENDER: Final = ("id", "is_bot", "first_name", "last_name", "username", "language_code")
_RIGHTS: Final = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages"),
    *("can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info"),
    *("can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"),
    *("can_post_messages", "can_edit_messages", "can_send_welcome_messages"),
)


class StoredFile(NamedTuple):
    """A file that a message carries. size: as told, which may be more than the content has."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    size: int
    mime: str


class Room:
    """A chat: a private one, a group, a supergroup or a channel."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.members: dict[int, Raw] = {}
        self.messages: dict[int, Raw] = {}
        self.is_blocked = False  # private: the person blocked the bot
        self.is_started = False  # private: the person has written to the bot
        self.revision = 0  # rises with everything that can be seen in the chat

    @property
    def id(self) -> int:
        """The chat's id, negative for all but private chats."""
        return int(self.raw["id"])

    @property
    def kind(self) -> str:
        """private, group, supergroup or channel."""
        return str(self.raw["type"])

    @property
    def is_group(self) -> bool:
        """Whether the limit of a minute holds here."""
        return self.kind != "private"

    def status_of(self, user: int) -> str:
        """Return what a user is here."""
        return str(self.members.get(user, {}).get("status", "left"))


class World:
    """Everything there is. Whoever changes it holds the double's lock."""

    def __init__(self, clock: VirtualClock, bot: Raw, *, privacy: bool = True) -> None:
        self.clock = clock
        self.bot = bot
        self.privacy = privacy
        self.users: dict[int, Raw] = {bot["id"]: bot}
        self.rooms: dict[int, Room] = {}
        self.files: dict[str, StoredFile] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self._numbers = itertools.count(1)
        self._channels = itertools.count(FIRST_CHANNEL)
        self._people = itertools.count(700_001)
        self._rooms_ids: dict[int, itertools.count[int]] = {}

    # People and chats

    def add_user(
        self,
        first_name: str,
        *,
        username: str | None = None,
        language: str = "zh-hans",
        number: int | None = None,
    ) -> Raw:
        """Make a person; the private chat with the bot has the same id."""
        number = next(self._people) if number is None else number
        user: Raw = {"id": number, "is_bot": False, "first_name": first_name}
        if username:
            user["username"] = username
        user["language_code"] = language
        self.users[number] = user
        chat: Raw = {name: user[name] for name in ("id", "first_name", "username") if name in user}
        self.rooms[number] = Room({**chat, "type": "private"})
        return user

    def add_room(
        self,
        kind: str,
        title: str,
        *,
        username: str | None = None,
        description: str | None = None,
        number: int | None = None,
    ) -> Room:
        """Make a group, supergroup or channel. number: the bare positive id."""
        number = next(self._channels) if number is None else number
        marked = -number if kind == "group" else -number - _MARK
        raw: Raw = {"id": marked, "title": title, "type": kind}
        if username:
            raw["username"] = username
        if description:
            raw["description"] = description
        room = Room(raw)
        self.rooms[marked] = room
        return room

    def set_member(self, room: Room, user: int, status: str) -> tuple[Raw, Raw]:
        """Change what a user is in a chat; return the member before and after."""
        before = room.members.get(user, self._member(user, "left"))
        after = self._member(user, status)
        room.members[user] = after
        return before, after

    def _member(self, user: int, status: str) -> Raw:
        raw: Raw = {"user": self.users[user], "status": status}
        if status in ("creator", "administrator"):
            raw["is_anonymous"] = False
        if status == "administrator":
            raw.update(dict.fromkeys(_RIGHTS, True))
            raw.update(is_anonymous=False, can_promote_members=False, can_be_edited=False)
        if status == "kicked":
            raw["until_date"] = 0
        return raw

    def find_room(self, chat: Any) -> Room:
        """Return the chat that an id or @username means. Raises ApiError."""
        if chat in (None, ""):
            raise bad_request("chat_id is empty")
        text = str(chat)
        if text.startswith("@"):
            name = text[1:].casefold()
            for room in self.rooms.values():
                if room.kind != "private" and room.raw.get("username", "").casefold() == name:
                    return room
            raise bad_request("chat not found")
        try:
            return self.rooms[int(text)]
        except (KeyError, ValueError):
            raise bad_request("chat not found") from None

    def check_may_send(self, room: Room) -> None:
        """Raise ApiError unless the bot may write here."""
        if room.kind == "private":
            if room.is_blocked:
                raise forbidden("bot was blocked by the user")
            if not room.is_started:
                raise forbidden("bot can't initiate conversation with a user")
            return
        status = room.status_of(self.bot["id"])
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {room.kind} chat")
        if status == "left":
            raise forbidden(f"bot is not a member of the {room.kind} chat")
        if room.kind == "channel" and status != "administrator":
            raise bad_request("need administrator rights in the channel chat")

    # Messages

    def compose(self, room: Room, sender: Raw | None, content: Raw) -> Raw:
        """Put a new message into a chat and return it. sender None: the channel itself."""
        message: Raw = {"message_id": self._next_id(room)}
        if sender is not None and room.kind != "channel":
            message["from"] = {name: sender[name] for name in _SENDER if name in sender}
        elif room.kind == "channel":
            message["sender_chat"] = self.short(room)
        message["chat"] = self.short(room)
        message["date"] = int(self.clock.now_s())
        message.update(content)
        room.messages[message["message_id"]] = message
        room.revision += 1
        return message

    def short(self, room: Room) -> Raw:
        """Return the chat as messages name it."""
        return {name: value for name, value in room.raw.items() if name != "description"}

    def _next_id(self, room: Room) -> int:
        # As on Telegram: channels and supergroups count for themselves, the rest share a count.
        shared = room.kind in ("private", "group")
        numbers = self._rooms_ids.setdefault(0 if shared else room.id, itertools.count(1))
        return next(numbers)

    def find_message(self, room: Room, number: int | None, missing: str) -> Raw:
        """Return a message of a chat. Raises ApiError with the text for a missing one."""
        message = room.messages.get(number or 0)
        if message is None:
            raise bad_request(missing)
        return message

    def is_own(self, message: Raw) -> bool:
        """Whether the bot sent it, by itself or as an inline result."""
        bot = self.bot["id"]
        return bot in (message.get("from", {}).get("id"), message.get("via_bot", {}).get("id"))

    # Files

    def keep_file(
        self, content: bytes, *, folder: str, name: str, mime: str, size: int | None = None
    ) -> StoredFile:
        """Keep a file and return it; size tells of a larger one than its content."""
        number = next(self._numbers)
        unique = f"AQAD{secrets.token_urlsafe(8)}"
        extension = name.rpartition(".")[2] if "." in name else "bin"
        file = StoredFile(
            file_id=f"AgACAgUAAx{number:06d}{secrets.token_urlsafe(16)}",
            unique_id=unique,
            path=f"{folder}/file_{number}.{extension}",
            content=content,
            size=len(content) if size is None else size,
            mime=mime,
        )
        self.files[file.file_id] = file
        return file

    def file_at(self, path: str) -> StoredFile | None:
        """Return the file that getFile gave this path to."""
        return next((one for one in self.files.values() if one.path == path), None)
