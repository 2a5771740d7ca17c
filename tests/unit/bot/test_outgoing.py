"""The queue between aiogram and Telegram: its limits are not broken, and its refusals obeyed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import Message

from soso.bot import outgoing as outgoing_room
from soso.bot.outgoing import Outgoing, calmly
from soso.bot.pace import Pace
from soso.bot.session import BotSession
from soso.doubles.bot_api import BotApiDouble, Limits

Act = Callable[[Bot, Outgoing], Awaitable[None]]
FREE = Pace(per_chat_s=0.0, group_count=1000, overall_count=1000)


@asynccontextmanager
async def sending(double: BotApiDouble, pace: Pace | None) -> AsyncIterator[tuple[Bot, Outgoing]]:
    session = BotSession(api=TelegramAPIServer.from_base(double.url), timeout=20)
    bot, outgoing = Bot(double.token, session=session), Outgoing(pace)
    session.middleware(outgoing)
    running = asyncio.create_task(outgoing.run())
    try:
        yield bot, outgoing
    finally:
        running.cancel()
        await bot.session.close()


def run(double: BotApiDouble, act: Act, *, pace: Pace | None = None) -> None:
    async def main() -> None:
        async with sending(double, pace) as (bot, outgoing):
            await act(bot, outgoing)

    asyncio.run(main())


def calls(double: BotApiDouble, method: str) -> list[float]:
    return [at for at, name, _ in double.api.calls if name == method.lower()]


def test_a_burst_keeps_the_limits() -> None:
    with BotApiDouble(limits=Limits()) as double:
        people = [double.add_user(f"{n}", started=True) for n in range(50)]

        async def act(bot: Bot, outgoing: Outgoing) -> None:
            asked = [asyncio.create_task(bot.send_message(chat, "x")) for chat in people]
            asked += [asyncio.create_task(bot.send_message(people[0], str(n))) for n in range(2)]
            await asyncio.sleep(0.3)
            told = outgoing.report()
            assert told.waiting > 0
            assert 0.2 < told.longest_wait_s < 1.0
            await asyncio.gather(*asked)
            assert outgoing.report().waiting == 0
            assert outgoing.report().refused == 0

        run(double, act)
        assert double.api.brake.refused == []
        assert all(double.sent(chat) for chat in people)
        assert [one["text"] for one in double.sent(people[0])] == ["x", "0", "1"]


def test_a_refusal_is_obeyed_and_the_message_comes_after_it() -> None:
    with BotApiDouble() as double:
        chat, other = (double.add_user(name, started=True) for name in "ab")
        double.fail(429, retry_after=1, methods=["sendMessage"])

        async def act(bot: Bot, outgoing: Outgoing) -> None:
            late = asyncio.create_task(bot.send_message(chat, "x"))
            await asyncio.sleep(0.2)
            await bot.send_message(other, "y")  # others do not wait for it
            assert not late.done()
            await late
            assert outgoing.report().refused == 1

        run(double, act)
        assert len(double.sent(chat)) == len(double.sent(other)) == 1
        first, last = calls(double, "sendMessage")
        assert last - first > 0.5


def test_refusals_in_several_chats_stop_everybody() -> None:
    with BotApiDouble() as double:
        chats = [double.add_user(str(n), started=True) for n in range(4)]
        double.fail(429, times=3, retry_after=1, methods=["sendMessage"])

        async def act(bot: Bot, _: Outgoing) -> None:
            refused = [asyncio.create_task(bot.send_message(chat, "x")) for chat in chats[:3]]
            await asyncio.sleep(0.3)
            waits = asyncio.create_task(bot.send_message(chats[3], "x"))
            await asyncio.sleep(0.3)
            assert not waits.done()
            await asyncio.gather(*refused, waits)

        run(double, act)


def test_nobody_waits_for_minutes() -> None:
    with BotApiDouble() as double:
        chat = double.add_user("a", started=True)
        double.fail(429, retry_after=1000)

        async def act(bot: Bot, _: Outgoing) -> None:
            with pytest.raises(TelegramRetryAfter):
                await bot.send_message(chat, "x")

        run(double, act)


def test_answers_to_buttons_do_not_wait() -> None:
    with BotApiDouble(limits=Limits(enforced=False)) as double:
        chat = double.add_user("a", started=True)

        async def act(bot: Bot, _: Outgoing) -> None:
            waiting = [asyncio.create_task(bot.send_message(chat, str(n))) for n in range(3)]
            await asyncio.sleep(0.1)
            query = double.ask_inline(chat, "x")
            await asyncio.wait_for(bot.answer_inline_query(query, []), 1)
            assert not all(one.done() for one in waiting)
            await asyncio.gather(*waiting)

        run(double, act)


def test_edits_that_wait_become_one() -> None:
    with BotApiDouble() as double:
        chat = double.add_user("a", started=True)

        async def act(bot: Bot, _: Outgoing) -> None:
            sent = await bot.send_message(chat, "0")
            edits = [
                bot.edit_message_text(str(n), chat_id=chat, message_id=sent.message_id)
                for n in range(1, 6)
            ]
            done = await asyncio.gather(*edits)
            assert {one.text for one in done if isinstance(one, Message)} == {"5"}

        run(double, act)
        assert len(calls(double, "editMessageText")) == 1
        assert double.sent(chat)[0]["text"] == "5"


def test_what_goes_wrong_is_raised_to_everybody_who_waits() -> None:
    with BotApiDouble() as double:
        chat = double.add_user("a", started=True)

        async def act(bot: Bot, _: Outgoing) -> None:
            await bot.send_message(chat, "0")
            edits = [bot.edit_message_text(str(n), chat_id=chat, message_id=77) for n in range(3)]
            done = await asyncio.gather(*edits, return_exceptions=True)
            assert all(isinstance(one, TelegramBadRequest) for one in done)

        run(double, act)


def test_an_edit_is_made_again_and_a_message_is_not() -> None:
    with BotApiDouble(limits=Limits(enforced=False)) as double:
        chat = double.add_user("a", started=True)

        async def act(bot: Bot, _: Outgoing) -> None:
            sent = await bot.send_message(chat, "0")
            double.fail(502, methods=["editMessageText"])
            await bot.edit_message_text("1", chat_id=chat, message_id=sent.message_id)
            double.fail(502, methods=["sendMessage"])
            with pytest.raises(TelegramServerError):
                await bot.send_message(chat, "2")

        run(double, act, pace=FREE)
        assert [one["text"] for one in double.sent(chat)] == ["1"]


def test_a_page_instead_of_an_answer_leaves_the_outcome_open() -> None:
    with BotApiDouble(limits=Limits(enforced=False)) as double:
        chat = double.add_user("a", started=True)
        double.fail(502, methods=["sendMessage"], html=True, done=True)

        async def act(bot: Bot, _: Outgoing) -> None:
            with calmly() as departures, pytest.raises(TelegramNetworkError, match="HTTP 502"):
                await bot.send_message(chat, "1")
            assert departures.count == 1
            await bot.send_message(chat, "2")

        run(double, act, pace=FREE)
        assert [one["text"] for one in double.sent(chat)] == ["1", "2"]


def test_an_error_in_the_queue_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_room, "_FAILED_PAUSE_S", 0.01)
    with BotApiDouble() as double:
        chat = double.add_user("a", started=True)

        async def act(bot: Bot, outgoing: Outgoing) -> None:
            give, errors = outgoing._give_turn, [RuntimeError("x")]

            async def fail_once() -> None:
                if errors:
                    raise errors.pop()
                await give()

            monkeypatch.setattr(outgoing, "_give_turn", fail_once)
            await asyncio.wait_for(bot.send_message(chat, "1"), 5)
            assert not errors

        run(double, act)


def test_who_gives_up_is_not_sent_to() -> None:
    with BotApiDouble() as double:
        chat = double.add_user("a", started=True)

        async def act(bot: Bot, _: Outgoing) -> None:
            await bot.send_message(chat, "0")
            gone = asyncio.create_task(bot.send_message(chat, "1"))
            await asyncio.sleep(0.1)
            gone.cancel()
            await bot.send_message(chat, "2")

        run(double, act)
        assert [one["text"] for one in double.sent(chat)] == ["0", "2"]


def test_alerts_go_behind_answers() -> None:
    with BotApiDouble(limits=Limits(enforced=False)) as double:
        people = [double.add_user(str(n), started=True) for n in range(60)]

        async def act(bot: Bot, _: Outgoing) -> None:
            async def alert(chat: int) -> None:
                with calmly():
                    await bot.send_message(chat, "alert")

            alerts = [asyncio.create_task(alert(chat)) for chat in people]
            await asyncio.sleep(0.3)
            await asyncio.wait_for(bot.send_message(people[-1], "answer"), 1.6)
            assert not all(one.done() for one in alerts)
            await asyncio.gather(*alerts)

        run(double, act)
        assert [one["text"] for one in double.sent(people[-1])] == ["answer", "alert"]
