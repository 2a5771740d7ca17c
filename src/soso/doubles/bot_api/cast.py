"""Who there is in the double: people, groups, channels, what the bot is in them.

Knows which changes the bot hears of. Must not know HTTP.
"""

from collections.abc import Collection
from typing import Any

from soso.doubles.bot_api.api import Api
from soso.doubles.bot_api.world import Raw, Room


class NoSuchThing(Exception):
    """An act that can't be done: there is no such chat, message or button."""


class Cast:
    """Makes and changes people and chats."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def add_user(
        self,
        first_name: str,
        *,
        username: str | None = None,
        language: str = "zh-hans",
        number: int | None = None,
        started: bool = False,
    ) -> int:
        """Make a person and return the id, which is also that of the chat with the bot.

        started: the person has written to the bot before, so that it may write first.
        """
        with self.api.lock:
            user = self.api.world.add_user(
                first_name, username=username, language=language, number=number
            )
            self.api.world.rooms[user["id"]].is_started = started
            self.api.tell()
            return int(user["id"])

    def add_group(
        self,
        title: str,
        members: Collection[int] = (),
        *,
        kind: str = "supergroup",
        username: str | None = None,
        bot: str = "member",
        number: int | None = None,
    ) -> int:
        """Make a group of people and the bot, without updates; the first of them created it."""
        return self._add_room(kind, title, members, username=username, bot=bot, number=number)

    def add_channel(
        self,
        title: str,
        *,
        owner: int | None = None,
        username: str | None = None,
        description: str | None = None,
        bot: str = "left",
        number: int | None = None,
    ) -> int:
        """Make a channel, without updates. bot: administrator lets its posts reach the bot."""
        owners = () if owner is None else (owner,)
        return self._add_room(
            "channel",
            title,
            owners,
            username=username,
            description=description,
            bot=bot,
            number=number,
        )

    def _add_room(
        self, kind: str, title: str, members: Collection[int], *, bot: str, **named: Any
    ) -> int:
        with self.api.lock:
            world = self.api.world
            room = world.add_room(kind, title, **named)
            for place, member in enumerate(members):
                world.set_member(room, member, "member" if place else "creator")
            if bot != "left":
                world.set_member(room, world.bot["id"], bot)
            self.api.tell()
            return room.id

    def set_bot(self, chat: int, status: str, *, by: int) -> None:
        """Let somebody add, promote, remove or ban the bot; it hears of it."""
        with self.api.lock:
            room = self.room(chat)
            before, after = self.api.world.set_member(room, self.api.world.bot["id"], status)
            self._tell_membership(room, by, before, after)

    def set_member(self, chat: int, user: int, status: str) -> None:
        """Change what a person is in a chat; the bot is not told."""
        with self.api.lock:
            self.api.world.set_member(self.room(chat), user, status)

    def block(self, user: int, *, blocked: bool = True) -> None:
        """Let a person block the bot, or unblock it; it hears of it."""
        with self.api.lock:
            room = self.room(user)
            room.is_blocked = blocked
            told = ("member", "kicked") if blocked else ("kicked", "member")
            before, after = (
                self.api.world.set_member(room, self.api.world.bot["id"], status)[1]
                for status in told
            )
            self._tell_membership(room, user, before, after)

    def describe(self, chat: int, description: str) -> None:
        """Change a chat's description."""
        with self.api.lock:
            self.room(chat).raw["description"] = description

    def rename(self, chat: int, *, title: str | None = None, username: str | None = None) -> None:
        """Change a chat's title or public name."""
        with self.api.lock:
            raw = self.room(chat).raw
            raw.update({k: v for k, v in (("title", title), ("username", username)) if v})

    def _tell_membership(self, room: Room, by: int, before: Raw, after: Raw) -> None:
        world = self.api.world
        told = {
            "chat": world.short(room),
            "from": world.users[by],
            "date": int(self.api.clock.now_s()),
            "old_chat_member": before,
            "new_chat_member": after,
        }
        self.api.queue.push("my_chat_member", told)
        self.api.tell(room)

    def room(self, chat: int) -> Room:
        """Return a chat. Raises NoSuchThing."""
        room = self.api.world.rooms.get(chat)
        if room is None:
            raise NoSuchThing(f"there is no chat {chat}")
        return room

    def message(self, room: Room, number: int) -> Raw:
        """Return a message of a chat. Raises NoSuchThing."""
        message = room.messages.get(number)
        if message is None:
            raise NoSuchThing(f"there is no message {number} in {room.id}")
        return message
