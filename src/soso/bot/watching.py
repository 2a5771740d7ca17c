"""Alerts: a search is watched, its watches are listed and changed by buttons.

Knows the commands and buttons; what a watch is and when it tells is alerts/ and abilities/alerting.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from soso.alerts.due import is_muted
from soso.alerts.watch import Door, Owner, Quiet, Rhythm, Watch, WatchState
from soso.bot.filters import Pressed, may_set
from soso.bot.render import Html, bold, fill, join, ours, plain
from soso.bot.screen import Button, Rows, Screen
from soso.bot.showing import WATCH, Showing, heading, read_words
from soso.bot.state import unpack_search
from soso.bot.talk import Reader, Talk
from soso.flows.watch import NewWatch
from soso.i18n.language import Language
from soso.model.errors import BadInput, NotFound, Refused
from soso.query.results import Notice
from soso.text.foreign import clip

CHANGE: Final = "W"
LISTED: Final = 30
_QUIET: Final = {"n": None, "a": (22, 8), "b": (23, 7), "c": (0, 9)}
_MUTES_H: Final = (1, 8, 24)
_TOLD_AT: Final = (7, 9, 12, 18, 21)  # hours offered for a daily digest; App.change_watch takes any


def make_watching_router(talk: Talk) -> Router:
    """Return the handlers of alerts; in groups for its admins."""
    router = Router(name="watching")

    @router.message(Command("watch", ignore_case=True))
    async def add(message: Message, command: CommandObject, reader: Reader, bot: Bot) -> None:
        if not await may_set(bot, message):
            return
        text = " ".join((command.args or "").split())
        if not text:
            say = talk.speaker(reader.language)
            await talk.answer(message, Screen(text=ours(say.text("bot.watch_usage"))))
            return
        await talk.answer(message, await talk.run(_add, talk, text, reader, reader.language, ()))

    @router.message(Command("watches", ignore_case=True))
    async def show_all(message: Message, reader: Reader, bot: Bot) -> None:
        if await may_set(bot, message):
            await talk.answer(message, await talk.run(_list, talk, reader, reader.language))

    @router.callback_query(Pressed(talk.sealer, WATCH), F.message.chat.type == "private")
    async def add_search(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        state = unpack_search(rest)
        text = state.query if state is not None else ""
        if state is not None and state.token:
            kept = await talk.run(talk.app.find_bot_query, state.token)
            text = kept or ""
        await pressed.answer()
        if state is None or not text or not isinstance(pressed.message, Message):
            return
        kinds = (state.kind,) if state.kind else ()
        screen = await talk.run(_add, talk, text, reader, state.language, kinds)
        await talk.answer(pressed.message, screen)

    @router.callback_query(Pressed(talk.sealer, CHANGE))
    async def change(pressed: CallbackQuery, rest: str, reader: Reader, bot: Bot) -> None:
        language, words = read_words(rest)
        if not await may_set(bot, pressed):
            text = talk.speaker(language).text("bot.admins_only")
            await pressed.answer(text, show_alert=True)
            return
        screen = await talk.run(_change, talk, words, reader, language)
        await pressed.answer()
        await talk.edit(pressed, screen)

    return router


def owner_of(chat: int) -> Owner:
    """Return whose watches those of a chat are."""
    return Owner(door=Door.BOT, id=str(chat))


def _add(
    talk: Talk, text: str, reader: Reader, language: Language, kinds: tuple[str, ...]
) -> Screen:
    show = talk.show(reader, language=language)
    say = show.speaker
    wanted = NewWatch(
        owner=owner_of(reader.chat),
        text=text,
        zone=talk.app.settings.zone,
        kinds=tuple(kind for kind in kinds if kind not in ("group", "channel", "bot", "post")),
        language=language.value,
    )
    try:
        watch, notices = talk.app.add_watch(wanted)
    except Refused:
        most = talk.app.settings.watches_per_user
        return Screen(text=ours(say.text("bot.watch_too_many", n=most)))
    except BadInput:
        return Screen(text=ours(say.text("bot.watch_unfit")))
    now = talk.app.clock.now()
    return render_watch(watch, show, now, notices=notices, head=say.text("bot.watch_added"))


def _list(talk: Talk, reader: Reader, language: Language) -> Screen:
    show = talk.show(reader, language=language)
    watches = talk.app.list_watches(owner=owner_of(reader.chat), limit=LISTED)
    return render_watches(watches, show, talk.app.clock.now())


def render_watches(watches: Sequence[Watch], show: Showing, now: datetime) -> Screen:
    """Return an owner's watches, a button for each."""
    say = show.speaker
    if not watches:
        return Screen(text=ours(say.text("bot.watch_none")))
    lines = [heading(say.text("bot.watch_list"))]
    lines += [join((plain(_sign(one, now)), plain(clip(one.text, 80))), " ") for one in watches]
    rows = tuple(
        (show.button(f"{_sign(one, now)} {clip(one.text, 36)}", CHANGE, one.number, "show"),)
        for one in watches
    )
    return Screen(text=fill(lines), rows=rows)


def _change(talk: Talk, words: list[str], reader: Reader, language: Language) -> Screen:
    """Do what a button of a watch says. Raises NotFound for somebody else's."""
    show = talk.show(reader, language=language)
    say = show.speaker
    if len(words) < 2 or not words[0].isdecimal():
        return _list(talk, reader, language)
    number, what, value = int(words[0]), words[1], words[2] if len(words) > 2 else ""
    app, owner = talk.app, owner_of(reader.chat)
    try:
        match what:
            case "rhythm" if value in list(Rhythm):
                watch = app.change_watch(number, owner=owner, rhythm=Rhythm(value))
            case "hour" if value.isdecimal() and int(value) in _TOLD_AT:
                watch = app.change_watch(number, owner=owner, hour=int(value))
            case "quiet" if value in _QUIET:
                watch = app.change_watch(number, owner=owner, quiet=_quiet(value))
            case "mute" if value.isdecimal() and len(value) < 4:
                watch = app.change_watch(number, owner=owner, **_muted(talk, int(value)))
            case "stop":
                watch = app.stop_watch(number, owner=owner)
            case "go":
                watch = app.resume_watch(number, owner=owner)
            case "drop":
                app.remove_watch(number, owner=owner)
                return _list(talk, reader, language)
            case "show":
                watch = app.get_watch(number, owner=owner)
            case _:
                return _list(talk, reader, language)
    except NotFound:
        return Screen(text=plain(say.text("bot.watch_gone")))
    return render_watch(watch, show, talk.app.clock.now())


def _quiet(value: str) -> Quiet | None:
    hours = _QUIET[value]
    return Quiet(start=hours[0], end=hours[1]) if hours is not None else None


def _muted(talk: Talk, hours: int) -> dict[str, Any]:
    return {"muted_until": talk.app.clock.now() + timedelta(hours=hours) if hours else None}


def render_watch(
    watch: Watch,
    show: Showing,
    now: datetime,
    *,
    notices: tuple[Notice, ...] = (),
    head: str = "",
) -> Screen:
    """Return a watch and its buttons: how often, when not, and an end to it."""
    say = show.speaker
    lines: list[Html] = [plain(head)] if head else []
    lines.append(join((plain(_sign(watch, now)), bold(plain(clip(watch.text, 200)))), " "))
    lines += [plain(f"ℹ️ {clip(say.notice(notice), 200)}") for notice in notices[:4]]
    if watch.state is not WatchState.ACTIVE:
        lines.append(plain(say.text("bot.watch_stopped")))
    elif watch.muted_until is not None and is_muted(watch, now):
        lines.append(plain(say.text("bot.watch_muted", at=say.moment(watch.muted_until).full)))
    return Screen(text=fill(lines), rows=_rows(watch, show, now))


def _rows(watch: Watch, show: Showing, now: datetime) -> Rows:
    say = show.speaker

    def button(label: str, *words: object, on: bool = False) -> Button:
        return show.button(f"✅ {label}" if on else label, CHANGE, watch.number, *words)

    if watch.state is not WatchState.ACTIVE:
        return (
            (button(say.text("bot.watch_go"), "go"), button(say.text("bot.watch_drop"), "drop")),
            (button(say.text("bot.watch_all"), "list"),),
        )
    rhythms = tuple(
        button(say.pick("bot_rhythm", one), "rhythm", one, on=watch.rhythm is one) for one in Rhythm
    )
    quiets = tuple(
        button(_hours(value, say.text("bot.watch_no_quiet")), "quiet", value, on=_is(watch, value))
        for value in _QUIET
    )
    mutes = tuple(
        button(f"🔕 {say.text('bot.watch_hours', n=hours)}", "mute", hours) for hours in _MUTES_H
    )
    if is_muted(watch, now):
        mutes = (button(say.text("bot.watch_unmute"), "mute", 0),)
    hours = tuple(
        button(f"{hour}:00", "hour", hour, on=watch.hour == hour)
        for hour in (_TOLD_AT if watch.rhythm is Rhythm.DAILY else ())
    )
    return (
        rhythms,
        *((hours,) if hours else ()),
        quiets,
        mutes,
        (
            button(say.text("bot.watch_stop"), "stop"),
            button(say.text("bot.watch_drop"), "drop"),
            button(say.text("bot.watch_all"), "list"),
        ),
    )


def _is(watch: Watch, value: str) -> bool:
    return watch.quiet == _quiet(value)


def _hours(value: str, none: str) -> str:
    hours = _QUIET[value]
    return none if hours is None else f"🌙 {hours[0]}–{hours[1]}"


def _sign(watch: Watch, now: datetime) -> str:
    if watch.state is not WatchState.ACTIVE:
        return "⏹"
    return "🔕" if is_muted(watch, now) else "🔔"
