"""Taking part: chats are submitted, posts reported, owners take their chats out.

Knows the commands and what proves an owner to Telegram. Must not know what decisions bring about.
"""

import re
from typing import Final

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, MessageOriginChannel, MessageOriginChat

from soso.bot.filters import Pressed
from soso.bot.render import code, join, ours, plain
from soso.bot.screen import Button, Rows, Screen, wrap
from soso.bot.showing import CHAT, REPORT, read_words
from soso.bot.talk import Reader, Talk
from soso.bot.telling import tell_operators
from soso.flows.submit import Outcome, Submitted, parse_name
from soso.i18n.language import Language
from soso.model.chat import Chat
from soso.model.errors import NotFound

REPORTED: Final = "R"
PROVE: Final = "o"
REASONS: Final = ("spam", "scam", "rights", "privacy", "other")
_ADMINS: Final = frozenset({"creator", "administrator"})
_BARE: Final = 1_000_000_000_000
_ADDRESS: Final = re.compile(
    r"(?:https?://[^/\s]+/|t\.me/)?(?:c/|s/)?(?P<chat>@?[A-Za-z0-9_]{1,64})/(?P<id>-?[0-9]{1,15})/?"
)


def make_part_router(talk: Talk) -> Router:
    """Return the handlers of taking part; all in private."""
    router = Router(name="part")
    private = F.chat.type == "private"
    _add_submitting(router, talk)
    _add_removing(router, talk)

    @router.message(Command("report", ignore_case=True), private)
    async def take_report(
        message: Message, command: CommandObject, reader: Reader, bot: Bot
    ) -> None:
        say = talk.speaker(reader.language)
        address, _, reason = (command.args or "").strip().partition(" ")
        found = _ADDRESS.fullmatch(address)
        if found is None:
            await talk.answer(message, Screen(text=ours(say.text("bot.report_usage"))))
        elif reason.strip():
            number = await talk.run(_report, talk, found["chat"], int(found["id"]), reason)
            await _thank(talk, message, number, reader.language)
            await tell_operators(talk, bot, "report", number=number)
        else:
            words = (found["chat"].removeprefix("@"), found["id"])
            await talk.answer(message, _reasons(talk, words, reader.language))

    @router.callback_query(Pressed(talk.sealer, REPORT))
    async def ask_reason(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        language, words = read_words(rest)
        await pressed.answer()
        if isinstance(pressed.message, Message):
            await talk.answer(pressed.message, _reasons(talk, tuple(words), language))

    @router.callback_query(Pressed(talk.sealer, REPORTED))
    async def take_reason(pressed: CallbackQuery, rest: str, bot: Bot) -> None:
        language, words = read_words(rest)
        say = talk.speaker(language)
        reason, chat, *more = words
        if reason not in REASONS:
            return
        post_id = int(more[0]) if more else None
        number = await talk.run(
            _report, talk, chat, post_id, say.pick("bot_reason", reason), reason == "rights"
        )
        await pressed.answer()
        thanks = plain(say.text("bot.report_sent", number=number))
        await talk.edit(pressed, Screen(text=thanks))
        await tell_operators(talk, bot, "report", number=number)

    return router


def _add_submitting(router: Router, talk: Talk) -> None:
    private = F.chat.type == "private"

    @router.message(Command("submit", ignore_case=True), private)
    async def take_name(message: Message, command: CommandObject, reader: Reader, bot: Bot) -> None:
        name = (command.args or "").strip()
        if not name:
            text = ours(talk.speaker(reader.language).text("bot.submit_usage"))
            await talk.answer(message, Screen(text=text))
            return
        await _submit(talk, message, name, reader, bot)

    @router.message(private, F.forward_origin)
    async def take_forward(message: Message, reader: Reader, bot: Bot) -> None:
        origin = message.forward_origin
        username = None
        if isinstance(origin, MessageOriginChannel):
            username = origin.chat.username
        elif isinstance(origin, MessageOriginChat):
            username = origin.sender_chat.username
        if not username:
            text = plain(talk.speaker(reader.language).text("bot.submit_private"))
            await talk.answer(message, Screen(text=text))
            return
        await _submit(talk, message, username, reader, bot)


async def _submit(talk: Talk, message: Message, name: str, reader: Reader, bot: Bot) -> None:
    found = await talk.run(
        talk.app.submit_chat, name, chat=reader.chat, language=reader.language.value
    )
    await talk.answer(message, _render_submitted(talk, found, reader))
    if found.outcome is Outcome.QUEUED:
        await tell_operators(talk, bot, "submission", number=found.number, name=found.name)


def _render_submitted(talk: Talk, found: Submitted, reader: Reader) -> Screen:
    show = talk.show(reader)
    say = show.speaker
    text = say.text(f"bot_submit.{found.outcome}", name=found.name, number=found.number)
    rows: Rows = ()
    if found.chat is not None:
        rows = ((show.button(say.text("bot.look_inside"), CHAT, found.chat.ref),),)
    return Screen(text=ours(text), rows=rows)


# Owners


def _add_removing(router: Router, talk: Talk) -> None:
    private = F.chat.type == "private"

    @router.message(Command("remove", ignore_case=True), private)
    async def ask_proof(message: Message, command: CommandObject, reader: Reader) -> None:
        say = talk.speaker(reader.language)
        name = parse_name(command.args or "")
        if name is None:
            await talk.answer(message, Screen(text=ours(say.text("bot.remove_usage"))))
            return
        await talk.answer(message, _render_proofs(talk, name, reader, reader.language))

    @router.callback_query(Pressed(talk.sealer, PROVE))
    async def check_proof(pressed: CallbackQuery, rest: str, reader: Reader, bot: Bot) -> None:
        language, words = read_words(rest)
        say = talk.speaker(language)
        how, name = words[0], words[1]
        await pressed.answer(say.text("bot.remove_checking"))
        if not await _proves(talk, bot, how, name, reader.person):
            failed = "bot.remove_not_admin" if how == "a" else "bot.remove_no_code"
            screen = _render_proofs(talk, name, reader, language, failed=failed)
            await talk.edit(pressed, screen)
            return
        who = f"owner of @{name}, {reader.person}"
        # Where the bot is an administrator, Telegram has told which chat it is.
        is_sure = how == "a" or await talk.run(talk.app.is_still_its_name, name)
        is_done = await talk.run(talk.app.take_out, name, who=who, is_sure=is_sure)
        key = "bot.remove_done" if is_done else "bot.remove_waits"
        await talk.edit(pressed, Screen(text=ours(say.text(key, name=name))))
        await tell_operators(talk, bot, "removed" if is_done else "doubted", name=name)


def _render_proofs(
    talk: Talk, name: str, reader: Reader, language: Language, *, failed: str = ""
) -> Screen:
    show = talk.show(reader, language=language)
    say = show.speaker
    proof = talk.app.owner_code(name, reader.person)
    lines = [
        ours(say.text("bot.remove_ask", name=name)),
        ours(say.text("bot.remove_by_admin", bot=talk.username)),
        join((ours(say.text("bot.remove_by_code")), code(ours(proof))), "\n"),
    ]
    if failed == "bot.remove_not_admin":
        lines.append(plain(say.text("bot.remove_not_admin")))
    elif failed:
        lines.append(plain(say.text("bot.remove_no_code")))
    buttons = [
        show.button(say.text("bot.remove_check_admin"), PROVE, "a", name),
        show.button(say.text("bot.remove_check_code"), PROVE, "c", name),
        Button(text=say.text("bot.remove_copy"), copy=proof),
    ]
    return Screen(text=join(lines, "\n\n"), rows=wrap(buttons, 1))


async def _proves(talk: Talk, bot: Bot, how: str, name: str, person: int) -> bool:
    """Whether somebody is an administrator of the chat, or has put the code into its description."""
    if how != "a":
        try:
            return await talk.run(talk.app.proves_by_code, name, person)
        except NotFound:
            return False
    try:
        # Telegram tells a bot of members only where it is an administrator itself.
        member = await bot.get_chat_member(f"@{name}", person)
        chat = await bot.get_chat(f"@{name}")
    except TelegramAPIError:
        return False
    known = await talk.run(_find_chat, talk, name)
    # The name may have passed to this chat from the one that the archive has.
    same = known is None or known.peer is None or known.peer.id == abs(chat.id) % _BARE
    return member.status in _ADMINS and same


def _find_chat(talk: Talk, name: str) -> Chat | None:
    return talk.app.store.find_chat_by_username(name)


# Reports


def _reasons(talk: Talk, words: tuple[str, ...], language: Language) -> Screen:
    say = talk.speaker(language)
    number = list(Language).index(language)
    buttons = [
        Button(
            text=say.pick("bot_reason", reason),
            pressed=talk.sealer.seal(REPORTED, " ".join((str(number), reason, *words))),
        )
        for reason in REASONS
    ]
    return Screen(text=plain(say.text("bot.report_why")), rows=wrap(buttons, 1))


def _report(
    talk: Talk, chat: str, post_id: int | None, reason: str, is_rights: bool = False
) -> int:
    """Put a report into the queue; only of what readers can see, as on the pages."""
    if post_id is None:
        talk.app.get_chat_page(chat, limit=1)
    else:
        talk.app.get_post_page(chat, post_id, related=0)
    role = "rights" if is_rights else "other"
    return talk.app.report(chat, post_id, " ".join(reason.split())[:2000], role=role)


async def _thank(talk: Talk, message: Message, number: int, language: Language) -> None:
    text = talk.speaker(language).text("bot.report_sent", number=number)
    await talk.answer(message, Screen(text=plain(text)))
