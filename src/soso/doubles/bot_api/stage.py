"""What people do in the double: write, press, ask inline, post into channels.

Knows which updates an act sends to the bot, privacy mode in groups included. Must not know HTTP.
Every method may be called from any thread but the server's own.
"""

import secrets
from collections.abc import Sequence
from typing import Final

from soso.doubles.bot_api.api import Asked
from soso.doubles.bot_api.arguments import Upload
from soso.doubles.bot_api.cast import NoSuchThing
from soso.doubles.bot_api.formatting import MOST_TEXT, mark, read_text
from soso.doubles.bot_api.sending import content_of, file_content, origin_of, without_reply
from soso.doubles.bot_api.watch import Watch
from soso.doubles.bot_api.world import Raw, Room

_INSIDE: Final = frozenset({"creator", "administrator", "member", "restricted"})


class Stage(Watch):
    """The control side of a double: who there is, what they do, what they see."""

    def send(
        self,
        user: int,
        text: str,
        *,
        chat: int | None = None,
        reply_to: int | None = None,
        html: bool = False,
    ) -> Raw:
        """Let a person write into the chat with the bot, or into a group; return the message."""
        args = {"text": text, "parse_mode": "HTML" if html else ""}
        found = read_text(args, "text", "entities", most=MOST_TEXT)
        content: Raw = {"text": found.text}
        if found.entities:
            content["entities"] = found.entities
        return self._say(user, chat, content, reply_to=reply_to)

    def send_photo(
        self, user: int, photo: bytes, *, caption: str = "", chat: int | None = None
    ) -> Raw:
        """Let a person send a picture."""
        with self.api.lock:
            content = file_content(self.api, "photo", Upload("photo.jpg", photo))
        return self._say(user, chat, {**content, **({"caption": caption} if caption else {})})

    def start(self, user: int, payload: str = "") -> Raw:
        """Let a person open the chat with the bot, by a deep link if there is a payload."""
        return self.send(user, f"/start {payload}".strip())

    def forward(self, user: int, source: int, message: int, *, chat: int | None = None) -> Raw:
        """Let a person forward a message into the chat with the bot, or into a group."""
        with self.api.lock:
            found = self.message(self.room(source), message)
            content = {**content_of(found), "forward_origin": origin_of(found)}
        return self._say(user, chat, content)

    def forward_unknown(self, user: int, text: str, origin: Raw) -> Raw:
        """Let a person forward what came from a chat that the double does not have."""
        return self._say(user, None, {"text": text, "forward_origin": origin})

    def _say(
        self, user: int, chat: int | None, content: Raw, *, reply_to: int | None = None
    ) -> Raw:
        with self.api.lock:
            world = self.api.world
            room = self.room(user if chat is None else chat)
            if room.kind == "channel":
                raise NoSuchThing("people don't write into channels; use post()")
            if room.kind != "private" and room.status_of(user) not in _INSIDE:
                raise NoSuchThing(f"{user} is not in {room.id}")
            if reply_to is not None:
                content["reply_to_message"] = without_reply(self.message(room, reply_to))
            message = world.compose(room, world.users[user], content)
            if room.kind == "private":
                room.is_started = True
            if self._reaches_bot(room, message):
                self.api.queue.push("message", message)
            self.api.tell(room)
            return message

    def _reaches_bot(self, room: Room, message: Raw) -> bool:
        """Privacy mode: in groups commands and answers to the bot's messages, nothing else."""
        world = self.api.world
        if room.kind == "private":
            return not room.is_blocked
        status = room.status_of(world.bot["id"])
        if status not in _INSIDE:
            return False
        if not world.privacy or status == "administrator":
            return True
        answered = message.get("reply_to_message")
        if answered is not None and world.is_own(answered):
            return True
        text = str(message.get("text") or message.get("caption") or "")
        if not text.startswith("/"):
            return False
        _, _, addressed = text.split(maxsplit=1)[0].partition("@")
        return not addressed or addressed.casefold() == world.bot["username"].casefold()

    def press(self, chat: int, message: int, *, user: int, data: str) -> str:
        """Let a person press a button that is on a message; return the query's id.

        Raises NoSuchThing when the message has no such button.
        """
        with self.api.lock:
            room = self.room(chat)
            found = self.message(room, message)
            rows = found.get("reply_markup", {}).get("inline_keyboard", [])
            if not any(button.get("callback_data") == data for row in rows for button in row):
                raise NoSuchThing(f"message {message} has no button with the data {data!r}")
            asked = self._ask(self.api.callbacks, user)
            query: Raw = {"id": asked.id, "from": asked.user, "data": data}
            query["chat_instance"] = str(abs(room.id) * 7919)
            inline = self._inline_name(room.id, message)
            if inline is not None:
                query["inline_message_id"] = inline
            else:
                query["message"] = found
            self.api.queue.push("callback_query", query)
            self.api.tell()
            return asked.id

    def _inline_name(self, chat: int, message: int) -> str | None:
        places = self.api.world.inline_messages.items()
        return next((name for name, place in places if place == (chat, message)), None)

    def ask_inline(
        self, user: int, query: str, *, offset: str = "", chat_type: str = "sender"
    ) -> str:
        """Let a person type `@bot query` somewhere; return the query's id."""
        if len(query) > 256:
            raise NoSuchThing("an inline query has at most 256 characters")
        with self.api.lock:
            asked = self._ask(self.api.inline, user)
            asked.user = {**asked.user}
            kept = self._kept_results(user, query, offset)
            if kept is not None:
                asked.answer = kept
                return asked.id
            asked.about = (user, query, offset)
            raw = {"id": asked.id, "from": asked.user, "query": query, "offset": offset}
            self.api.queue.push("inline_query", {**raw, "chat_type": chat_type})
            self.api.tell()
            return asked.id

    def _kept_results(self, user: int, query: str, offset: str) -> Raw | None:
        for name in ((query, offset, None), (query, offset, user)):
            until_s, answer = self.api.inline_cache.get(name, (0.0, {}))
            if until_s > self.api.clock.now_s():
                return answer
        return None

    def choose(self, user: int, query_id: str, result_id: str, *, chat: int) -> Raw:
        """Let a person send one of an inline query's results into a chat."""
        answer = self.wait_inline(query_id)
        with self.api.lock:
            results = [one for one in answer["results"] if one["id"] == result_id]
            if not results:
                raise NoSuchThing(f"the answer has no result {result_id!r}")
            result, room, world = results[0], self.room(chat), self.api.world
            content = {name: value for name, value in result["content"].items() if value}
            if not content.get("text") and "thumbnail_url" in result:
                content["soso_url"] = result.get("photo_url") or result["thumbnail_url"]
            if result["reply_markup"]:
                content["reply_markup"] = result["reply_markup"]
            message = world.compose(room, world.users[user], {**content, "via_bot": world.bot})
            name = secrets.token_urlsafe(18)
            world.inline_messages[name] = (room.id, message["message_id"])
            chosen: Raw = {"result_id": result_id, "from": world.users[user], "query": ""}
            if result["reply_markup"]:
                chosen["inline_message_id"] = name
            self.api.queue.push("chosen_inline_result", chosen)
            self.api.tell(room)
            return message

    def _ask(self, waiting: dict[str, Asked], user: int) -> Asked:
        number = str(secrets.randbits(62))
        asked = Asked(number, self.api.world.users[user], self.api.clock.now_s())
        waiting[number] = asked
        return asked

    # What channels do

    def post(
        self,
        channel: int,
        text: str = "",
        *,
        html: bool = False,
        photo: bytes | None = None,
        file: Upload | None = None,
        file_bytes: int | None = None,
        extra: Raw | None = None,
    ) -> Raw:
        """Publish a post; the bot hears of it if it is an administrator.

        file_bytes: how large a file claims to be. extra: fields put over the message as they are.
        """
        with self.api.lock:
            content: Raw = {}
            if photo is not None:
                content.update(file_content(self.api, "photo", Upload("photo.jpg", photo)))
            if file is not None:
                told = file_content(self.api, "document", file, told_size=file_bytes)
                content.update(told)
            content.update(_words(text, html=html, is_caption=bool(content)))
            return self._publish(channel, {**content, **(extra or {})})

    def post_album(self, channel: int, photos: Sequence[bytes], caption: str = "") -> list[Raw]:
        """Publish an album; each picture is an update of its own, the caption is on the first."""
        with self.api.lock:
            group = str(secrets.randbits(53))
            sent = []
            for place, photo in enumerate(photos):
                content = file_content(self.api, "photo", Upload("photo.jpg", photo))
                content.update(_words("" if place else caption, html=False, is_caption=True))
                sent.append(self._publish(channel, {**content, "media_group_id": group}))
            return sent

    def edit_post(self, channel: int, message: int, text: str, *, html: bool = False) -> Raw:
        """Change the text of a post, or of a person's message in a group."""
        with self.api.lock:
            room = self.room(channel)
            found = dict(self.message(room, message))
            is_caption = "text" not in found
            for name in ("text", "entities", "caption", "caption_entities"):
                found.pop(name, None)
            found.update(_words(text, html=html, is_caption=is_caption))
            found["edit_date"] = int(self.api.clock.now_s())
            room.messages[message] = found
            if room.status_of(self.api.world.bot["id"]) == "administrator":
                kind = "edited_channel_post" if room.kind == "channel" else "edited_message"
                self.api.queue.push(kind, found)
            self.api.tell(room)
            return found

    def delete_post(self, channel: int, message: int) -> None:
        """Delete a message; bots are never told."""
        with self.api.lock:
            room = self.room(channel)
            self.message(room, message)
            del room.messages[message]
            self.api.tell(room)

    def _publish(self, channel: int, content: Raw) -> Raw:
        room = self.room(channel)
        if room.kind != "channel":
            raise NoSuchThing(f"{channel} is no channel; use send()")
        message = self.api.world.compose(room, None, content)
        if room.status_of(self.api.world.bot["id"]) == "administrator":
            self.api.queue.push("channel_post", message)
        self.api.tell(room)
        return message

    def push(self, update: Raw) -> int:
        """Send the bot an update as it is; return its id."""
        with self.api.lock:
            number = self.api.queue.push_raw(update)
            self.api.tell()
            return number


def _words(text: str, *, html: bool, is_caption: bool) -> Raw:
    if not text:
        return {}
    if html:
        found = read_text({"text": text, "parse_mode": "HTML"}, "text", "entities", most=MOST_TEXT)
        text, entities = found.text, found.entities
    else:
        entities = mark(text, [])
    names = ("caption", "caption_entities") if is_caption else ("text", "entities")
    return {names[0]: text, **({names[1]: entities} if entities else {})}
