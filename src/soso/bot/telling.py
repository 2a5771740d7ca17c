"""What the bot tells by itself: operators of what waits, submitters of what was decided.

Somebody who can't be reached is no error: nothing more can be done about it.
"""

import logging
from collections.abc import Sequence

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from soso.bot.outgoing import calmly
from soso.bot.render import ours
from soso.bot.screen import Screen
from soso.bot.talk import Talk
from soso.i18n.language import Language, match_language
from soso.ports.bot_kept import Submission, SubmissionState

log = logging.getLogger(__name__)


async def tell_operators(talk: Talk, bot: Bot, what: str, **args: str | int) -> None:
    """Tell all operators something, a wording of the group bot_told, each in their language."""
    for number in sorted(talk.operators):
        kept = await talk.run(talk.app.get_bot_chat, number)
        language = match_language(kept.language or "") or Language.SIMPLIFIED
        words = {name: str(value) for name, value in args.items()}
        text = talk.speaker(language).text(f"bot_told.{what}", n=None, **words)
        await tell(talk, bot, number, text)


async def tell_submitters(talk: Talk, bot: Bot, closed: Sequence[Submission]) -> None:
    """Tell those who submitted a chat what became of it."""
    for one in closed:
        say = talk.speaker(match_language(one.language) or Language.SIMPLIFIED)
        if one.state is SubmissionState.ACCEPTED:
            text = say.text("bot.submission_accepted", name=one.name)
        else:
            text = say.text("bot.submission_refused", name=one.name)
        note = say.text("bot.note", note=one.note) if one.note else ""
        await tell(talk, bot, one.chat, "\n".join(part for part in (text, note) if part))


async def tell(talk: Talk, bot: Bot, chat: int, text: str) -> bool:
    """Send a text; whether it arrived."""
    try:
        with calmly():
            await talk.send(bot, chat, Screen(text=ours(text)))
    except TelegramAPIError as error:
        log.info("could not tell a chat: %s", type(error).__name__)
        return False
    return True
