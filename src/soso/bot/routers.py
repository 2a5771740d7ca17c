"""The routers of the conversation, in the order in which they are asked.

A module of the conversation makes a router and is added to ROUTERS; aiogram asks them from the first
to the last, and the first handler whose filters fit takes the update.
"""

from collections.abc import Callable
from typing import Final

from aiogram import Dispatcher, Router

from soso.bot.conversation import make_conversation
from soso.bot.errors import make_error_router
from soso.bot.talk import Talk

ROUTERS: Final[tuple[Callable[[Talk], Router], ...]] = (make_conversation,)


def hang_routers(dispatcher: Dispatcher, talk: Talk) -> None:
    """Put the whole conversation into a dispatcher. Failures of all handlers end in errors.py."""
    for make_router in ROUTERS:
        dispatcher.include_router(make_router(talk))
    dispatcher.include_router(make_error_router(talk))
