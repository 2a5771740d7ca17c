"""The HTTP session of the bot: whatever comes back is an answer or an error of the Bot API.

A proxy on the way may answer with a page of its own (502 in HTML). aiogram raises something then that
is no TelegramAPIError, and that holds the whole body.
"""

from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class BotSession(AiohttpSession):
    """Raises nothing but TelegramAPIError for what comes back.

    An answer that can't be read is a TelegramNetworkError: nobody knows whether the call was done.
    """

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """Make a call."""
        try:
            return await super().make_request(bot, method, timeout)
        except UnicodeDecodeError:
            raise _unread(method, "not UTF-8") from None

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer."""
        try:
            return super().check_response(bot, method, status_code, content)
        except (ClientDecodeError, TypeError):  # TypeError: a refusal without a description
            raise _unread(method, f"HTTP {status_code}") from None


def _unread(method: TelegramMethod[Any], what: str) -> TelegramNetworkError:
    return TelegramNetworkError(method=method, message=f"an answer that can't be read ({what})")
