"""The whole conversation as one router: gate, handlers in their order, what runs beside them.

aiogram asks the routers from the first to the last; the first handler whose filters fit takes the
update. Commands come before searches, since every other text is one.
"""

from typing import Final

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from soso.bot.background import Background
from soso.bot.commands import announce
from soso.bot.gate import Gate
from soso.bot.lists import render_help
from soso.bot.operating import make_operating_router
from soso.bot.outgoing import Outgoing
from soso.bot.part import make_part_router
from soso.bot.reading import make_reading_router
from soso.bot.searching import answer_search, make_searching_router
from soso.bot.settling import make_settling_router
from soso.bot.talk import Reader, Talk
from soso.bot.watching import make_watching_router

_ORDER: Final = (
    make_operating_router,
    make_reading_router,
    make_settling_router,
    make_part_router,
    make_watching_router,
    make_searching_router,
)


def make_conversation(talk: Talk) -> Router:
    """Return the conversation; it announces itself and runs its background with the dispatcher."""
    router = Router(name="conversation")
    gate = Gate(talk)
    for observer in (router.message, router.callback_query, router.inline_query):
        observer.middleware(gate)
    for make_router in _ORDER:
        router.include_router(make_router(talk))
    router.include_router(_make_last_router(talk))
    running: list[Background] = []

    @router.startup()
    async def begin(bot: Bot, outgoing: Outgoing) -> None:
        background = Background(talk, bot, outgoing)
        background.start()
        running.append(background)
        await announce(talk, bot)

    @router.shutdown()
    async def end() -> None:
        while running:
            await running.pop().stop()

    return router


def _make_last_router(talk: Talk) -> Router:
    """Return the handlers of what nobody else took."""
    router = Router(name="last")

    @router.message(F.chat.type == "private", F.text.startswith("/"))
    async def unknown_command(message: Message, reader: Reader) -> None:
        await talk.answer(message, render_help(talk.show(reader)))

    @router.message(F.chat.type == "private", ~F.text)
    async def no_words(message: Message, reader: Reader) -> None:
        caption = message.caption or ""
        if caption.strip():
            await answer_search(talk, message, caption, reader)

    @router.callback_query()
    async def old_button(pressed: CallbackQuery, reader: Reader) -> None:
        text = talk.speaker(reader.language).text("bot.not_mine")
        await pressed.answer(text, show_alert=True)

    return router
