"""What becomes of a handler that fails: a line in the log, a kind word to whoever waits.

Neither texts of people nor tokens get into the log: of an error only its kind and where it arose.
"""

import logging
import traceback
from typing import Final

from aiogram import Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ErrorEvent, Update, User

from soso.bot.talk import Talk

log = logging.getLogger(__name__)

_HARMLESS: Final = (
    "message is not modified",
    "query is too old",
    "message to edit not found",
    "message to delete not found",
    "message to be replied not found",
    "message can't be edited",
)


def make_error_router(talk: Talk) -> Router:
    """Return the router that takes the failures of all others."""
    router = Router(name="errors")

    async def answer(event: ErrorEvent) -> bool:
        return await answer_failure(event.exception, event.update, talk)

    router.error.register(answer)
    return router


async def answer_failure(error: BaseException, update: Update, talk: Talk) -> bool:
    """Log a failure and tell whoever waits; nothing more can be done about it."""
    if is_harmless(error):
        log.debug("update %d: %s", update.update_id, kind_of(error))
        return True
    log.error("update %d (%s) failed: %s", update.update_id, update.event_type, kind_of(error))
    try:
        await _tell(update, talk)
    except TelegramAPIError as again:
        log.warning("update %d: nor could that be said: %s", update.update_id, kind_of(again))
    return True


def is_harmless(error: BaseException) -> bool:
    """Whether nothing is wrong: a button pressed twice, a message that is gone, a bot blocked."""
    if isinstance(error, TelegramForbiddenError):
        return True
    return isinstance(error, TelegramBadRequest) and any(
        text in error.message for text in _HARMLESS
    )


def kind_of(error: BaseException) -> str:
    """Return what an error is and where it arose, without what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/soso/" in frame.filename] or frames[-1:]
    where = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(own[-4:])
    )
    cause = f" (of {type(error.__cause__).__name__})" if error.__cause__ is not None else ""
    return f"{type(error).__name__}{cause} at {where or 'an unknown place'}"


async def _tell(update: Update, talk: Talk) -> None:
    if update.callback_query is not None:
        pressed = update.callback_query
        await pressed.answer(await _sorry(talk, pressed.from_user), cache_time=0)
    elif update.message is not None and update.message.chat.type == "private":
        await update.message.answer(await _sorry(talk, update.message.from_user))


async def _sorry(talk: Talk, user: User | None) -> str:
    reader = await talk.get_reader(user, None)
    return talk.speaker(reader.language).text("bot.failed")
