"""What operators do from the chat: sources, the queue, blocks, the index, broadcasts.

Every handler is for people on the list bot_operators alone, in private. Decisions are logged by the
archive. Must not know what a decision brings about.
"""

import re
from typing import Final
from unicodedata import category

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from soso.bot.filters import FromOperator, Pressed
from soso.bot.render import Html, fill, join, ours, paragraphs, plain
from soso.bot.screen import Button, Rows, Screen
from soso.bot.showing import Showing, heading, read_words
from soso.bot.talk import Reader, Talk
from soso.model.batch import Block
from soso.model.errors import BadInput, NotFound, SosoError
from soso.ports.bot_kept import SubmissionState
from soso.ports.desk import RemovalRequest, RequestState
from soso.text.foreign import clip

DECIDE: Final = "d"
CAST: Final = "b"
SUBMISSION: Final = "s"
REMOVAL: Final = "r"
SHOWN: Final = 5
_SOURCES: Final = 20
_MOST_ADDED: Final = 50
_DECISION: Final = re.compile(r"([sr])([0-9]{1,15})(?:\s+(.*))?", re.DOTALL)


def make_operating_router(talk: Talk) -> Router:
    """Return the handlers of operators; others' commands pass it by."""
    router = Router(name="operating")
    router.message.filter(FromOperator(talk.operators))
    router.callback_query.filter(FromOperator(talk.operators))
    _add_sources(router, talk)
    _add_queue(router, talk)
    _add_blocks(router, talk)
    _add_broadcasts(router, talk)

    @router.message(Command("stats", ignore_case=True))
    async def show_stats(message: Message, reader: Reader) -> None:
        await talk.answer(message, await talk.run(_stats, talk, reader))

    @router.message(Command("reindex", ignore_case=True))
    async def rebuild(message: Message, reader: Reader) -> None:
        say = talk.speaker(reader.language)
        await talk.answer(message, _say(say.text("bot.reindex_begun")))
        report = await talk.run(talk.app.reindex)
        await talk.answer(message, _say(say.text("bot.reindex_done", n=report.indexed)))

    return router


def _who(reader: Reader) -> str:
    return f"bot operator {reader.person}"


def _say(text: str) -> Screen:
    return Screen(text=ours(text))


# Sources


def _add_sources(router: Router, talk: Talk) -> None:
    @router.message(Command("add", ignore_case=True))
    async def add(message: Message, command: CommandObject, reader: Reader) -> None:
        names = (command.args or "").split()[:_MOST_ADDED]
        if not names:
            usage = talk.speaker(reader.language).text("bot.add_usage")
            await talk.answer(message, _say(usage))
            return
        lines = await talk.run(_add, talk, names, reader)
        await talk.answer(message, Screen(text=fill(lines)))

    @router.message(Command("drop", ignore_case=True))
    async def drop(message: Message, command: CommandObject, reader: Reader) -> None:
        name = (command.args or "").strip()
        say = talk.speaker(reader.language)
        if not name:
            await talk.answer(message, _say(say.text("bot.drop_usage")))
            return
        dropped = await talk.run(talk.app.remove_source, name, who=_who(reader))
        name = clip(dropped.shown_name or dropped.name, 64)
        await talk.answer(message, Screen(text=plain(say.text("bot.dropped", name=name))))

    @router.message(Command("sources", ignore_case=True))
    async def show_sources(message: Message, command: CommandObject, reader: Reader) -> None:
        after = (command.args or "").strip()
        start = int(after) if after.isdecimal() and len(after) < 16 else 0
        await talk.answer(message, await talk.run(_sources, talk, start, reader))


def _add(talk: Talk, names: list[str], reader: Reader) -> list[Html]:
    """Follow names one after another; what can't be followed says so and stops nothing."""
    say = talk.speaker(reader.language)
    lines = []
    for name in names:
        try:
            found = talk.app.add_source(name, who=_who(reader), look=len(names) == 1)
            shown = clip(found.shown_name or found.name, 64)
            state = found.state.value
            lines.append(plain(say.text("bot.added", name=shown, state=state)))
        except SosoError as error:
            lines.append(plain(f"⚠️ {clip(name, 64)}: {clip(str(error), 200)}"))
    return lines


def _sources(talk: Talk, after: int, reader: Reader) -> Screen:
    say = talk.speaker(reader.language)
    found = talk.app.list_sources(after=after, limit=_SOURCES + 1)
    lines = [heading(say.text("bot.sources"))]
    for one in found[:_SOURCES]:
        when = say.moment(one.last_success_at).short if one.last_success_at else "–"
        name = clip(one.shown_name or one.name, 40)
        lines.append(plain(f"#{one.number} {name} · {one.state.value} · {when}"))
    if len(found) > _SOURCES:
        lines.append(ours(say.text("bot.sources_more", after=found[_SOURCES - 1].number)))
    if len(lines) == 1:
        lines.append(plain(say.text("bot.sources_none")))
    return Screen(text=fill(lines))


def _stats(talk: Talk, reader: Reader) -> Screen:
    say = talk.speaker(reader.language)
    status = talk.app.status()
    facts = (
        (say.text("admin.fact_posts"), say.number(status.posts)),
        (say.text("admin.fact_chats"), say.number(status.chats)),
        (say.text("admin.fact_documents"), say.number(status.documents)),
        (say.text("admin.fact_lag"), say.number(status.lag)),
        (say.text("admin.fact_store_bytes"), say.size(status.store_bytes)),
        (say.text("admin.fact_index_bytes"), say.size(status.index_bytes)),
        (say.text("admin.fact_blob_bytes"), say.size(status.blob_bytes)),
        (say.text("bot.fact_people"), say.number(talk.app.count_bot_people())),
        (say.text("admin.fact_version"), status.version),
    )
    return Screen(text=fill([plain(f"{name}: {value}") for name, value in facts]))


# The queue


def _add_queue(router: Router, talk: Talk) -> None:
    @router.message(Command("queue", ignore_case=True))
    async def show_queue(message: Message, reader: Reader) -> None:
        await talk.answer(message, await talk.run(_queue, talk, talk.show(reader)))

    @router.message(Command("accept", "refuse", ignore_case=True))
    async def decide_in_words(message: Message, command: CommandObject, reader: Reader) -> None:
        found = _DECISION.fullmatch((command.args or "").strip())
        say = talk.speaker(reader.language)
        if found is None:
            await talk.answer(message, _say(say.text("bot.decide_usage")))
            return
        accept = command.command.lower() == "accept"
        note = " ".join((found[3] or "").split())[:500]
        done = await _decide(talk, found[1], int(found[2]), accept=accept, note=note, who=reader)
        text = say.text("bot.decided") if done else say.text("bot.decided_before")
        await talk.answer(message, _say(text))

    @router.callback_query(Pressed(talk.sealer, DECIDE))
    async def decide(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        _, words = read_words(rest)
        kind, number, verb = words[0], int(words[1]), words[2]
        say = talk.speaker(reader.language)
        done = await _decide(talk, kind, number, accept=verb == "a", note="", who=reader)
        await pressed.answer(say.text("bot.decided") if done else say.text("bot.decided_before"))
        await talk.edit(pressed, await talk.run(_queue, talk, talk.show(reader)))


async def _decide(
    talk: Talk, kind: str, number: int, *, accept: bool, note: str, who: Reader
) -> bool:
    """Decide something of the queue; whether it was still open."""
    if kind == SUBMISSION:
        closed = await talk.run(
            talk.app.decide_submission, number, accept=accept, who=_who(who), note=note
        )
        return bool(closed)  # background.py tells those who asked
    try:
        await talk.run(talk.app.decide_request, number, accept=accept, who=_who(who), note=note)
    except NotFound:
        raise
    except BadInput:
        return False  # decided before
    return True


def _queue(talk: Talk, show: Showing) -> Screen:
    """Return what waits for a decision, the oldest of each kind first."""
    say = show.speaker
    submissions = talk.app.list_submissions(SubmissionState.OPEN)[::-1]
    requests = talk.app.list_requests(RequestState.OPEN)[::-1]
    if not submissions and not requests:
        return Screen(text=plain(say.text("bot.queue_empty")))
    lines: list[Html] = []
    rows: list[tuple[Button, ...]] = []
    if submissions:
        lines.append(heading(say.text("bot.queue_submissions", n=len(submissions))))
    for one in submissions[:SHOWN]:
        members = f" · {say.count(one.members)}" if one.members is not None else ""
        known = f" {clip(one.title, 60)}" if one.title else ""
        when = say.moment(one.at).short
        lines.append(
            join(
                (
                    plain(f"s{one.number}."),
                    ours(f"@{one.name}"),
                    plain(f"{known}{members} · {when}"),
                ),
                " ",
            )
        )
        rows.append(_decision_row(SUBMISSION, one.number, show))
    if requests:
        lines.append(heading(say.text("bot.queue_requests", n=len(requests))))
    for request in requests[:SHOWN]:
        lines.append(plain(_request_line(request, show)))
        rows.append(_decision_row(REMOVAL, request.number, show))
    lines.append(ours(say.text("bot.decide_usage")))
    return Screen(text=fill(lines), rows=tuple(rows))


def _request_line(request: RemovalRequest, show: Showing) -> str:
    subject = request.chat if request.post_id is None else f"{request.chat}/{request.post_id}"
    role = show.speaker.pick("report", f"role_{request.role}")
    reason = clip(request.reason, 160)
    return f"r{request.number}. {subject} · {request.door} · {role} · {reason}"


def _decision_row(kind: str, number: int, show: Showing) -> tuple[Button, ...]:
    return (
        show.button(f"✅ {kind}{number}", DECIDE, kind, number, "a"),
        show.button(f"❌ {kind}{number}", DECIDE, kind, number, "r"),
    )


# Blocks


def _add_blocks(router: Router, talk: Talk) -> None:
    @router.message(Command("block", "unblock", ignore_case=True))
    async def block(message: Message, command: CommandObject, reader: Reader) -> None:
        what, _, value = (command.args or "").strip().partition(" ")
        say = talk.speaker(reader.language)
        value = " ".join(value.split())
        if what not in ("chat", "word", "link", "user") or not value:
            await talk.answer(message, _say(say.text("bot.block_usage")))
            return
        on = command.command.lower() == "block"
        if what == "user":
            await _block_person(talk, value, on=on)
            hidden = 0
        else:
            hidden = await talk.run(_block, talk, what, value, on, reader)
        text = say.text("bot.blocked", n=hidden) if on else say.text("bot.unblocked")
        await talk.answer(message, _say(text))


async def _block_person(talk: Talk, value: str, *, on: bool) -> None:
    if not value.isdecimal() or len(value) > 18:
        raise BadInput("a person is named by a number; /id tells it")
    await talk.set_chat(int(value), blocked=on)


def _block(talk: Talk, what: str, value: str, on: bool, reader: Reader) -> int:
    """Keep something out or let it in again; return how many posts that hid."""
    at = talk.app.clock.now()
    if what == "chat":
        name = value.removeprefix("https://").removeprefix("t.me/").strip("/")
        is_ref = name.lstrip("gux").isdecimal()
        wanted = Block(at=at, chat=name if is_ref else f"@{name.removeprefix('@')}")
    else:
        # A link is kept out however it is written: with its scheme or without.
        word = value.split("://")[-1].removeprefix("www.") if what == "link" else value
        wanted = Block(at=at, word=word[:100])
    if not on:
        talk.app.remove_block(wanted, who=_who(reader))
        return 0
    try:
        return talk.app.add_block(wanted, who=_who(reader))
    except NotFound:
        return 0  # not here yet; it is kept out from now on


# Broadcasts


def _add_broadcasts(router: Router, talk: Talk) -> None:
    @router.message(Command("broadcast", ignore_case=True))
    async def plan(message: Message, command: CommandObject, reader: Reader) -> None:
        text = (command.args or "").strip()
        show = talk.show(reader)
        say = show.speaker
        if _is_blank(paragraphs(text, most=4000)):  # as it would be sent
            await talk.answer(message, _say(say.text("bot.broadcast_usage")))
            return
        number, people = await talk.run(talk.app.plan_broadcast, text, told=reader.chat)
        lines = (
            heading(say.text("bot.broadcast_sure", n=people)),
            plain(clip(text, 1000)),
        )
        await talk.answer(
            message, Screen(text=join(lines, "\n\n"), rows=_brake(number, show, is_new=True))
        )

    @router.callback_query(Pressed(talk.sealer, CAST))
    async def brake(pressed: CallbackQuery, rest: str, reader: Reader) -> None:
        _, words = read_words(rest)
        screen = await talk.run(_move, talk, int(words[0]), words[1], talk.show(reader))
        await pressed.answer()
        await talk.edit(pressed, screen)


def _is_blank(text: Html) -> bool:
    """Whether Telegram would see nothing in it."""
    return all(one.isspace() or category(one) in ("Cc", "Cf") for one in text.source)


def _move(talk: Talk, number: int, what: str, show: Showing) -> Screen:
    """Start, pause or stop a broadcast; show how far it is."""
    match what:
        case "go":
            talk.app.start_broadcast(number)
        case "pause":
            talk.app.pause_broadcast(number)
        case "stop":
            talk.app.stop_broadcast(number)
    found = talk.app.get_broadcast(number)
    say = show.speaker
    state = say.pick("bot_broadcast", found.state)
    text = say.text("bot.broadcast_state", state=state, n=found.sent, failed=found.failed)
    is_over = found.state.value in ("done", "stopped")
    return Screen(text=plain(text), rows=() if is_over else _brake(number, show))


def _brake(number: int, show: Showing, *, is_new: bool = False) -> Rows:
    say = show.speaker
    first = show.button(say.text("bot.broadcast_go"), CAST, number, "go")
    stop = show.button(say.text("bot.broadcast_stop"), CAST, number, "stop")
    if is_new:
        return ((first, stop),)
    pause = show.button(say.text("bot.broadcast_pause"), CAST, number, "pause")
    look = show.button("🔄", CAST, number, "look")
    return ((first, pause, stop), (look,))
