"""Searching: a text comes, one message answers, its buttons edit it; and searches in other chats.

Knows when somebody is asking the bot. Must not know how answers are laid out.
"""

import threading
import time
from collections import OrderedDict
from typing import Final

import msgspec
from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    CallbackQuery,
    InlineQuery,
    InlineQueryResultsButton,
    InlineQueryResultUnion,
    Message,
)

from soso.bot.filters import Pressed
from soso.bot.inline import MOST, make_article
from soso.bot.lists import render_start
from soso.bot.results import ROWS, render_gone, render_results
from soso.bot.screen import Screen
from soso.bot.showing import NOTHING
from soso.bot.state import SEARCH, SearchState, unpack_search
from soso.bot.talk import Reader, Talk
from soso.flows.turn_pages import Turned
from soso.query.ast import MAX_CHARACTERS
from soso.query.results import Card, SearchRequest

_CACHED_S: Final = 60
_INLINE_CACHED_S: Final = 30
"""Telegram may give the same person the same answer again for so long, whatever is taken down."""

_RECENT_S: Final = 30.0
_MOST_RECENT: Final = 500

Made = tuple[list[InlineQueryResultUnion], str]


def make_searching_router(talk: Talk) -> Router:
    """Return the handlers of searches; to be asked after all commands."""
    router = Router(name="searching")
    recent = _RecentCards(talk)

    @router.message(Command("s", "search", ignore_case=True))
    async def take_command(message: Message, command: CommandObject, reader: Reader) -> None:
        if command.args:
            await _answer(talk, message, command.args, reader)
        elif message.reply_to_message is not None and message.reply_to_message.text:
            await _answer(talk, message, message.reply_to_message.text, reader)
        else:
            await talk.answer(message, _usage(talk, reader))

    @router.message(F.chat.type == "private", F.text, ~F.text.startswith("/"))
    async def take_text(message: Message, reader: Reader) -> None:
        await _answer(talk, message, message.text or "", reader)

    @router.message(F.chat.type != "private", F.text, ~F.text.startswith("/"))
    async def take_group_text(message: Message, reader: Reader) -> None:
        asked = _addressed(message, talk)
        if asked:
            await _answer(talk, message, asked, reader)

    @router.callback_query(Pressed(talk.sealer, SEARCH))
    async def turn(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        state = unpack_search(rest)
        if state is None:
            await pressed.answer()
            return
        screen = await talk.run(_look_again, talk, state, reader)
        await pressed.answer(cache_time=0)
        await talk.edit(pressed, screen)

    @router.callback_query(Pressed(talk.sealer, NOTHING))
    async def do_nothing(pressed: CallbackQuery) -> None:
        await pressed.answer(cache_time=_CACHED_S)

    @router.inline_query()
    async def take_inline(asked: InlineQuery, reader: Reader) -> None:
        results, following = await talk.run(recent.find, asked.query, asked.offset, reader)
        say = talk.speaker(reader.language)
        hint = say.text("bot.inline_more" if results else "bot.inline_none")
        await asked.answer(
            results,
            cache_time=_INLINE_CACHED_S,
            is_personal=True,  # in the reader's language, with what they asked to see
            next_offset=following,
            button=InlineQueryResultsButton(text=hint, start_parameter="inline"),
        )

    return router


async def answer_search(talk: Talk, message: Message, text: str, reader: Reader) -> None:
    """Answer a search with a new message."""
    await _answer(talk, message, text, reader)


async def _answer(talk: Talk, message: Message, text: str, reader: Reader) -> None:
    state = SearchState(query=_one_line(text), language=reader.language)
    if not state.query:
        await talk.answer(message, _usage(talk, reader))
        return
    await talk.answer(message, await talk.run(_look, talk, state, reader, True))


def _look(talk: Talk, state: SearchState, reader: Reader, is_new: bool = False) -> Screen:
    request = SearchRequest(
        text=state.query,
        kind=state.kind,
        sort=state.sort,
        limit=ROWS,
        sensitive=reader.sensitive,
        collapse=state.collapse,
    )
    turned: Turned = talk.app.turn_to(request, state.place)
    if is_new:
        talk.app.count_search(state.query, turned.page)
    return render_results(state, turned, talk.show(reader, language=state.language))


def _look_again(talk: Talk, state: SearchState, reader: Reader) -> Screen:
    """Answer a button; its query may be kept in the store."""
    if state.token:
        query = talk.app.find_bot_query(state.token)
        if query is None:
            return render_gone(talk.show(reader, language=state.language))
        state = msgspec.structs.replace(state, query=query, token="")
    return _look(talk, state, reader)


class _RecentCards:
    """Cards for inline queries: many people type the same words, letter by letter.

    What was made is used again for a moment, and only while nothing in the archive has changed: what
    is taken down is gone from the next answer.
    """

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._kept: OrderedDict[tuple[object, ...], tuple[float, Made]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, text: str, offset: str, reader: Reader) -> Made:
        """Return cards, and where the next page begins. Raises Unavailable."""
        talk = self._talk
        now = time.monotonic()
        query = _one_line(text)
        asked = (talk.app.last_change(), query, offset, reader.language, reader.sensitive)
        with self._lock:
            found = self._kept.get(asked)
        if found is not None and found[0] > now:
            return found[1]
        cards, following = _find_cards(talk, query, offset, reader)
        show = talk.show(reader)
        made: Made = [make_article(card, show) for card in cards], following
        with self._lock:
            self._kept[asked] = now + _RECENT_S, made
            while len(self._kept) > _MOST_RECENT:
                self._kept.popitem(last=False)
        return made


def _find_cards(
    talk: Talk, query: str, offset: str, reader: Reader
) -> tuple[tuple[Card, ...], str]:
    """Return a page of hits for an inline query, and where the next begins; "" at the end."""
    if not query:
        return tuple(talk.app.list_newest(limit=MOST)), ""
    request = SearchRequest(
        text=query, limit=MOST, page=offset or None, sensitive=reader.sensitive, facets=False
    )
    page = talk.app.search(request)
    if offset and page.page == 1:  # the answer is forgotten: no page twice
        return (), ""
    seen: dict[int, Card] = {card.doc: card for card in page.rows}
    return tuple(seen.values()), page.next_page or ""


def _addressed(message: Message, talk: Talk) -> str:
    """Return what a message in a group asks the bot: a reply to it, or its name and words."""
    text = message.text or ""
    answered = message.reply_to_message
    name = f"@{talk.username}"
    at = text.casefold().find(name.casefold())
    if at >= 0 and not text[at + len(name) : at + len(name) + 1].isalnum():
        return f"{text[:at]} {text[at + len(name) :]}"
    is_mine = (
        answered is not None
        and answered.from_user is not None
        and answered.from_user.id == talk.number
    )
    return text if is_mine else ""


def _usage(talk: Talk, reader: Reader) -> Screen:
    return render_start((), talk.show(reader))


def _one_line(text: str) -> str:
    cleaned = text.encode("utf-8", "ignore").decode().replace("\0", " ")
    return " ".join(cleaned.split())[:MAX_CHARACTERS]
