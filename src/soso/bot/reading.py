"""Reading in the chat: /start with what it leads to, posts and what is related, lists.

Knows which screen each command and link shows. Must not know how screens are laid out.
"""

import base64
import binascii
import re
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from soso.bot.filters import Pressed
from soso.bot.lists import render_help, render_hot, render_new, render_start
from soso.bot.posts import render_chat, render_post, render_story
from soso.bot.render import ours, plain
from soso.bot.screen import Screen
from soso.bot.searching import answer_search
from soso.bot.showing import CHAT, POST, STORY, read_words
from soso.bot.talk import Reader, Talk
from soso.i18n.language import Language
from soso.model.errors import NotFound

NEWEST: Final = 10
HOT_QUERIES: Final = 8
HOT_STORIES: Final = 6
CHAT_POSTS: Final = 5
RELATED: Final = 6
_REF: Final = re.compile(r"[gux]?[0-9]{1,19}")
_ID: Final = re.compile(r"-?[0-9]{1,15}")


def make_reading_router(talk: Talk) -> Router:
    """Return the handlers of what is read."""
    router = Router(name="reading")

    @router.message(CommandStart())
    async def start(message: Message, command: CommandObject, reader: Reader) -> None:
        payload = (command.args or "").strip()
        if payload.startswith("s_"):
            text = read_query(payload.removeprefix("s_"))
            if text:
                await answer_search(talk, message, text, reader)
                return
        screen = await talk.run(_started, talk, payload, reader) if payload else None
        if screen is None:
            screen = await talk.run(_greeting, talk, reader)
        await talk.answer(message, screen)

    @router.message(Command("help", ignore_case=True))
    async def show_help(message: Message, reader: Reader) -> None:
        await talk.answer(message, render_help(talk.show(reader)))

    @router.message(Command("hot", ignore_case=True))
    async def show_hot(message: Message, reader: Reader) -> None:
        await talk.answer(message, await talk.run(_hot, talk, reader))

    @router.message(Command("new", ignore_case=True))
    async def show_new(message: Message, reader: Reader) -> None:
        cards = await talk.run(talk.app.list_newest, limit=NEWEST)
        await talk.answer(message, render_new(cards, talk.show(reader)))

    @router.message(Command("random", ignore_case=True))
    async def show_random(message: Message, reader: Reader) -> None:
        await talk.answer(message, await talk.run(_random, talk, reader))

    @router.message(Command("id", ignore_case=True))
    async def show_id(message: Message, reader: Reader) -> None:
        say = talk.speaker(reader.language)
        lines = [say.text("bot.id_person", id=reader.person)]
        if not reader.private:
            lines.append(say.text("bot.id_chat", id=message.chat.id))
        await talk.answer(message, Screen(text=ours("\n".join(lines))))

    @router.callback_query(Pressed(talk.sealer, POST))
    async def go_to_post(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        language, words = read_words(rest)
        sure = len(words) > 2 and words[2] == "1"
        await _go(talk, pressed, "p_" + "_".join(words[:2]), reader, language, sure=sure)

    @router.callback_query(Pressed(talk.sealer, CHAT))
    async def go_to_chat(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        language, words = read_words(rest)
        await _go(talk, pressed, "c_" + "_".join(words[:1]), reader, language)

    @router.callback_query(Pressed(talk.sealer, STORY))
    async def go_to_story(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        language, words = read_words(rest)
        await _go(talk, pressed, "e_" + "_".join(words[:1]), reader, language)

    return router


def write_query(text: str) -> str | None:
    """Return what /start is given to search for a text; None for one that is too long."""
    payload = "s_" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return payload if len(payload) <= 64 else None


def read_query(payload: str) -> str:
    """Return the text of such a payload; empty for what is none."""
    try:
        return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    except (ValueError, binascii.Error):
        return ""


async def _go(
    talk: Talk,
    pressed: CallbackQuery,
    payload: str,
    reader: Reader,
    language: Language,
    *,
    sure: bool = False,
) -> None:
    """Show something in the message whose button was pressed."""
    screen = await talk.run(_started, talk, payload, reader, language, sure)
    await pressed.answer()
    if screen is not None:
        await talk.edit(pressed, screen)


def _started(
    talk: Talk,
    payload: str,
    reader: Reader,
    language: Language | None = None,
    sure: bool = False,
) -> Screen | None:
    """Return what a link leads to: p_REF_ID, c_REF, e_NUMBER; None for nothing of ours."""
    what, _, rest = payload.partition("_")
    show = talk.show(reader, language=language)
    say = show.speaker
    app, sensitive = talk.app, reader.sensitive
    ref, _, number = rest.partition("_")
    try:
        match what:
            case "p" if _REF.fullmatch(ref) and _ID.fullmatch(number):
                found = app.get_post_page(
                    ref, int(number), sensitive=sensitive or sure, related=RELATED
                )
                story = app.find_story_of(ref, int(number), sensitive=sensitive)
                return render_post(found, show, story=story, sure=sure)
            case "c" if _REF.fullmatch(ref):
                page = app.get_chat_page(ref, sensitive=sensitive, limit=CHAT_POSTS)
                related = app.get_related_chats(ref, limit=RELATED, sensitive=sensitive)
                return render_chat(page, related, show)
            case "e" if rest.isdecimal() and len(rest) < 18:
                return render_story(app.get_story(int(rest), sensitive=sensitive), show)
    except NotFound:
        return Screen(text=plain(say.text("bot.gone")))
    return None


def _greeting(talk: Talk, reader: Reader) -> Screen:
    return render_start(talk.app.list_popular(limit=3), talk.show(reader))


def _hot(talk: Talk, reader: Reader) -> Screen:
    queries = talk.app.list_popular(limit=HOT_QUERIES)
    stories = talk.app.list_stories(limit=HOT_STORIES, sensitive=reader.sensitive)
    return render_hot(queries, stories, talk.show(reader))


def _random(talk: Talk, reader: Reader) -> Screen:
    card = talk.app.pick_random(sensitive=reader.sensitive)
    screen = None
    if card is not None and card.stored is not None:
        screen = _started(talk, f"p_{card.chat.ref}_{card.stored.post.id}", reader)
    return screen or Screen(text=plain(talk.speaker(reader.language).text("bot.nothing_yet")))
