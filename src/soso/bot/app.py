"""The bot of one archive, from settings to a running loop.

Knows how its parts are put together and how it is started. Must not know what is said.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramUnauthorizedError
from aiogram.types import User
from aiogram.utils.token import TokenValidationError

from soso.abilities.updating import HOOK_PATH
from soso.bootstrap import App
from soso.bot.errors import kind_of
from soso.bot.intake import ARCHIVED, BOTH, Intake
from soso.bot.outgoing import Outgoing
from soso.bot.polling import poll
from soso.bot.routers import hang_routers
from soso.bot.session import BotSession
from soso.bot.talk import Talk
from soso.model.errors import BadInput, Unavailable

log = logging.getLogger(__name__)

_LONGEST_PAUSE_S: Final = 60.0
_ANSWER_S: Final = 30.0


def make_bot(app: App) -> Bot:
    """Return the client of the Bot API. Raises BadInput for a token that can't be one."""
    settings = app.settings
    server = TelegramAPIServer.from_base(settings.bot_api_url)
    session = BotSession(api=server, timeout=_ANSWER_S)
    try:
        return Bot(settings.bot_token.get_secret_value(), session=session)
    except TokenValidationError:
        raise BadInput("setting bot_token: this is no token; BotFather gives one") from None


class BotLoop:
    """One bot, running in the event loop it was made in until it is told to stop."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.bot = make_bot(app)
        self.outgoing = Outgoing(store=app.store)
        self.bot.session.middleware(self.outgoing)
        self.talk: Talk | None = None
        self._intake: Intake | None = None
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Say who we are, then take updates, until stop().

        Raises BadInput when Telegram does not know the token.
        """
        sender = asyncio.create_task(self.outgoing.run())
        try:
            me = await self._meet()
            if me is None:
                return
            await self._serve(me)
        except TelegramUnauthorizedError:
            raise BadInput("setting bot_token: Telegram does not know this token") from None
        finally:
            self.app.listen_to_updates(None)
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
            if self.talk is not None:
                self.talk.close()
            await self.bot.session.close()

    def stop(self) -> None:
        """Let it end; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def _serve(self, me: User) -> None:
        self.talk = Talk(self.app, username=me.username or "", number=me.id)
        dispatcher = Dispatcher(disable_fsm=True)
        hang_routers(dispatcher, self.talk)
        self._intake = intake = Intake(dispatcher, self.bot, self.talk)
        await dispatcher.emit_startup(bot=self.bot, talk=self.talk, outgoing=self.outgoing)
        try:
            if self.app.settings.has_webhook:
                self.app.listen_to_updates(self._take_from_web)
                await self._hook(intake)
                await self._stopping.wait()
            else:
                await self._unhook()
                log.info("the bot @%s asks for updates", me.username)
                await poll(self.bot, intake, self._stopping, leads=lambda: self.outgoing.leads)
            await intake.finish()
        finally:
            await dispatcher.emit_shutdown(bot=self.bot, talk=self.talk)

    async def _meet(self) -> User | None:
        """Ask Telegram who we are until it answers; None if it is time to stop."""
        me: User | None = await self._until_answered("getMe", self.bot.get_me)
        return me

    async def _hook(self, intake: Intake) -> None:
        settings = self.app.settings
        address = f"{settings.public_url.rstrip('/')}{HOOK_PATH}"
        await self._until_answered(
            "setWebhook",
            lambda: self.bot.set_webhook(
                address,
                secret_token=settings.bot_webhook_secret.get_secret_value(),
                allowed_updates=intake.kinds,
            ),
        )
        log.info("updates come to %s", address)

    async def _unhook(self) -> None:
        await self._until_answered("deleteWebhook", self.bot.delete_webhook)

    async def _until_answered(self, what: str, ask: Any) -> Any:
        pause_s = 1.0
        while not self._stopping.is_set():
            try:
                return await ask()
            except TelegramUnauthorizedError:
                raise
            except TelegramAPIError as error:
                told = kind_of(error) if isinstance(error, TelegramNetworkError) else error.message
                log.warning("%s: Telegram does not answer: %s", what, told)
            try:
                await asyncio.wait_for(self._stopping.wait(), pause_s)
            except TimeoutError:
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        return None

    def _take_from_web(self, raw: Mapping[str, Any]) -> None:
        """Take an update from a thread of the web's hook. Raises Unavailable."""
        intake = self._intake
        if intake is None or self._stopping.is_set():
            raise Unavailable("the bot is not running")
        if ARCHIVED & raw.keys() or BOTH & raw.keys():
            self.app.apply_update(raw)  # what can't be stored is not taken: it comes again
        if not ARCHIVED & raw.keys():
            self._loop.call_soon_threadsafe(intake.hand, raw)
