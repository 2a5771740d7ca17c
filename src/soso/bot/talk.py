"""What all handlers share: the archive, who is asking, and how a screen gets into a chat.

Knows aiogram's messages and calls the archive in threads. Must not know what is said.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    Chat,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    User,
)

from soso.bot.keyboards import make_keyboard
from soso.bot.limits import Window
from soso.bot.screen import Screen
from soso.bot.showing import Showing
from soso.bot.state import Sealer
from soso.i18n.language import Language, match_language
from soso.i18n.speaker import Speaker
from soso.model.errors import SosoError
from soso.model.value import Value
from soso.ports.bot_kept import BotChat

if TYPE_CHECKING:
    from soso.bootstrap import App

P = ParamSpec("P")
T = TypeVar("T")

THREADS: Final = 8

_REMEMBERED_S: Final = 10.0
"""What is kept of a chat is read anew after so long: another process may have changed it."""

_REMEMBERED: Final = 10_000
_PICTURES: Final = 2_000


class Reader(Value):
    """Who is asking, and how they are answered.

    person: their id, 0 where Telegram does not say. chat: where; its settings are those that hold.
    """

    person: int
    chat: int
    language: Language
    private: bool
    sensitive: bool = False
    blocked: bool = False


class Talk:
    """The bot as its handlers see it; used in one event loop."""

    def __init__(self, app: "App", *, username: str, number: int) -> None:
        """username, number: the bot's own."""
        self.app = app
        self.username = username
        self.number = number
        self.sealer = Sealer(app.secret_key)
        self.operators = frozenset(app.settings.bot_operators)
        self.people = Window(app.settings.bot_user_rate, 60.0)
        self.groups = Window(app.settings.bot_group_rate, 60.0)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="bot")
        self._chats: OrderedDict[int, tuple[float, BotChat]] = OrderedDict()
        self._pictures: OrderedDict[str, str] = OrderedDict()

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call something of the archive in a thread; it blocks, handlers must not."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: call(*args, **kwargs))

    # Who is asking

    async def get_reader(self, user: User | None, chat: Chat | None) -> Reader:
        """Return who asks. chat: None for inline queries, which are answered to the person."""
        private = chat is None or chat.type == "private"
        number = user.id if chat is None and user else chat.id if chat else 0
        kept = await self._get_chat(number)
        person = user.id if user is not None else 0
        blocked = kept.blocked
        if not private and person:
            blocked = blocked or (await self._get_chat(person)).blocked
        return Reader(
            person=person,
            chat=number,
            language=_choose(kept.language, user.language_code if user else None),
            private=private,
            sensitive=kept.sensitive,
            blocked=blocked and person not in self.operators,
        )

    async def _get_chat(self, number: int) -> BotChat:
        now = time.monotonic()
        found = self._chats.get(number)
        if found is None or found[0] < now:
            found = now + _REMEMBERED_S, await self.run(self.app.get_bot_chat, number)
            self._chats[number] = found
            while len(self._chats) > _REMEMBERED:
                self._chats.popitem(last=False)
        return found[1]

    async def set_chat(self, number: int, **changes: object) -> BotChat:
        """Change what is kept of a chat."""
        changed = await self.run(self.app.set_bot_chat, number, **changes)
        self._chats[number] = time.monotonic() + _REMEMBERED_S, changed
        return changed

    def is_operator(self, user: User | None) -> bool:
        """Whether somebody is on the list of operators."""
        return user is not None and user.id in self.operators

    def show(self, reader: Reader, *, language: Language | None = None) -> Showing:
        """Return what screens for a reader are drawn with. language: a message's own."""
        return Showing(
            speaker=self.speaker(language or reader.language),
            sealer=self.sealer,
            keep=self.app.keep_bot_query,
            username=self.username,
            public_url=self.app.settings.public_url,
            private=reader.private,
            sensitive=reader.sensitive,
        )

    def speaker(self, language: Language) -> Speaker:
        """Return who speaks a language, now."""
        return Speaker(language, self.app.zone, self.app.clock.now())

    # What is sent

    async def answer(self, message: Message, screen: Screen) -> None:
        """Reply to a message with a screen."""
        if message.bot is None:
            return
        # In private only two messages are on the screen: a reply mark would be noise.
        reply = message.message_id if message.chat.type != "private" else None
        topic = message.message_thread_id if message.is_topic_message else None
        await self.send(message.bot, message.chat.id, screen, reply=reply, topic=topic)

    async def send(
        self,
        bot: Bot,
        chat: int,
        screen: Screen,
        *,
        reply: int | None = None,
        topic: int | None = None,
    ) -> Message:
        """Send a screen as a new message."""
        answered = (
            ReplyParameters(message_id=reply, allow_sending_without_reply=True) if reply else None
        )
        picture = await self._picture(screen)
        if picture is not None:
            sent = await bot.send_photo(
                chat,
                picture,
                caption=screen.text.source,
                parse_mode="HTML",
                reply_parameters=answered,
                message_thread_id=topic,
                reply_markup=make_keyboard(screen.rows),
            )
            self._remember_picture(screen, sent)
            return sent
        return await bot.send_message(
            chat,
            screen.text.source,
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=answered,
            message_thread_id=topic,
            reply_markup=make_keyboard(screen.rows),
        )

    async def edit(self, pressed: CallbackQuery, screen: Screen) -> None:
        """Show a screen in the message whose button was pressed, or below where it can't be.

        A message with a picture can't become one without, nor the other way round.
        """
        message = pressed.message
        if not isinstance(message, Message) or message.bot is None:
            return  # too old for Telegram to show us; the press was answered
        has_picture = bool(message.photo)
        if has_picture != (screen.picture is not None):
            await self.answer(message, screen)
            return
        try:
            if has_picture:
                await self._edit_picture(message, screen)
            else:
                await message.edit_text(
                    screen.text.source,
                    parse_mode="HTML",
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                    reply_markup=make_keyboard(screen.rows),
                )
        except TelegramBadRequest as error:
            if "message is not modified" not in error.message:
                raise

    async def _edit_picture(self, message: Message, screen: Screen) -> None:
        picture = await self._picture(screen)
        if picture is None:
            return
        media = InputMediaPhoto(media=picture, caption=screen.text.source, parse_mode="HTML")
        edited = await message.edit_media(media, reply_markup=make_keyboard(screen.rows))
        if isinstance(edited, Message):
            self._remember_picture(screen, edited)

    async def _picture(self, screen: Screen) -> str | BufferedInputFile | None:
        """Return Telegram's own copy of a picture if it has one, else the bytes."""
        if screen.picture is None:
            return None
        if screen.picture in self._pictures:
            return self._pictures[screen.picture]
        try:
            content = await self.run(self.app.get_blob, screen.picture)
        except SosoError:
            return None  # gone since: the text says enough
        return BufferedInputFile(content, filename="cover.jpg")

    def _remember_picture(self, screen: Screen, sent: Message) -> None:
        if screen.picture is not None and sent.photo:
            self._pictures[screen.picture] = sent.photo[-1].file_id
            while len(self._pictures) > _PICTURES:
                self._pictures.popitem(last=False)


def _choose(kept: str | None, told: str | None) -> Language:
    """Return the language that was chosen, else that of the person's Telegram."""
    if kept and (known := match_language(kept)):
        return known
    if not told:
        return Language.SIMPLIFIED
    return match_language(told) or Language.ENGLISH
