"""Long polls: nothing is confirmed before it is taken, and trouble is waited out."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramUnauthorizedError

from soso.bot import polling
from soso.bot.session import BotSession
from soso.doubles.bot_api import BotApiDouble


class Basket:
    """Takes updates, and can be made to hesitate."""

    kinds = ["message", "channel_post"]

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.may_take = asyncio.Event()
        self.may_take.set()

    async def take(self, raw: Mapping[str, Any]) -> None:
        await self.may_take.wait()
        self.taken.append(raw["update_id"])


def make_bot(double: BotApiDouble, token: str | None = None) -> Bot:
    session = BotSession(api=TelegramAPIServer.from_base(double.url))
    return Bot(token or double.token, session=session)


async def until(done: Any) -> None:
    for _ in range(500):
        if done():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


def run(double: BotApiDouble, act: Any) -> None:
    async def main() -> None:
        bot, basket, stopping = make_bot(double), Basket(), asyncio.Event()
        task = asyncio.create_task(polling.poll(bot, basket, stopping))  # type: ignore[arg-type]
        try:
            await act(basket)
            stopping.set()
            await asyncio.wait_for(task, 5)
        finally:
            task.cancel()
            await bot.session.close()

    asyncio.run(main())


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_FIRST_PAUSE_S", 0.05)


def test_an_update_is_confirmed_after_it_was_taken() -> None:
    with BotApiDouble() as double:
        user = double.add_user("a")

        async def act(basket: Basket) -> None:
            basket.may_take.clear()
            double.send(user, "x")
            await asyncio.sleep(0.4)
            assert len(double.api.queue.pending) == 1
            basket.may_take.set()
            await until(lambda: not double.api.queue.pending)
            assert len(basket.taken) == 1

        run(double, act)


def test_at_the_end_what_was_taken_is_confirmed() -> None:
    with BotApiDouble() as double:
        user = double.add_user("a")

        async def act(basket: Basket) -> None:
            double.send(user, "x")
            await until(lambda: basket.taken)

        run(double, act)
        assert double.api.queue.pending == []


@pytest.mark.parametrize(
    ("status", "html"),
    [(502, False), (429, False), (409, False), (0, False), (502, True), (200, True)],
)
def test_trouble_is_waited_out(status: int, html: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with BotApiDouble() as double:
        user = double.add_user("a")
        double.fail(status, times=2, methods=["getUpdates"], html=html)

        async def act(basket: Basket) -> None:
            double.send(user, "秘密的话")
            await until(lambda: basket.taken)

        run(double, act)
        assert double.token not in caplog.text
        assert "秘密的话" not in caplog.text


def test_an_update_that_cannot_be_read_hides_no_other() -> None:
    with BotApiDouble() as double:

        async def act(basket: Basket) -> None:
            double.push({"message": {"message_id": "seven", "chat": None}})
            double.push({"something_new": 7})
            await until(lambda: len(basket.taken) == 2)

        run(double, act)


def test_a_token_that_is_not_known_ends_it() -> None:
    async def main(double: BotApiDouble) -> None:
        bot = make_bot(double, "1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        basket: Any = Basket()
        try:
            with pytest.raises(TelegramUnauthorizedError):
                await polling.poll(bot, basket, asyncio.Event())
        finally:
            await bot.session.close()

    with BotApiDouble() as double:
        asyncio.run(main(double))
