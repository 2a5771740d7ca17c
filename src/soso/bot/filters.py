"""Which updates concern a handler: pressed buttons that are ours, operators, admins of groups.

Knows aiogram's filters. Must not know what a handler does.
"""

from typing import Any

from aiogram import Bot
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from soso.bot.state import Sealer

_ADMINS = frozenset({"creator", "administrator"})


class Pressed(BaseFilter):
    """A button of ours with this action; gives the handler the rest of what it knows."""

    def __init__(self, sealer: Sealer, action: str) -> None:
        self._sealer = sealer
        self._action = action

    async def __call__(self, pressed: CallbackQuery) -> bool | dict[str, Any]:
        """Return {"rest": …} for a button that this archive signed."""
        data = pressed.data or ""
        if not data.startswith(self._action):
            return False
        opened = self._sealer.unseal(data)
        return {"rest": opened[1]} if opened is not None else False


class FromOperator(BaseFilter):
    """Sent by one of the operators, in private."""

    def __init__(self, operators: frozenset[int]) -> None:
        self._operators = operators

    async def __call__(self, event: TelegramObject, event_from_user: User | None = None) -> bool:
        """Whether it is."""
        if isinstance(event, Message) and event.chat.type != "private":
            return False
        return event_from_user is not None and event_from_user.id in self._operators


async def may_set(bot: Bot, event: Message | CallbackQuery) -> bool:
    """Whether who sent this may change what holds for its chat: in groups only admins."""
    message = event if isinstance(event, Message) else event.message
    if message is None or message.chat.type == "private":
        return True
    if isinstance(event, Message) and event.sender_chat is not None:
        return event.sender_chat.id == event.chat.id  # an admin who stays anonymous
    user = event.from_user
    if user is None:
        return False
    member = await bot.get_chat_member(message.chat.id, user.id)
    return member.status in _ADMINS
