"""What each end of a call says about the message: delivered, certainly not, or nobody knows."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage

from soso.alerts.delivery import DELIVERED, End, Outcome
from soso.alerts.digest import Digest
from soso.alerts.watch import Door, Owner, Watch
from soso.bot import alert_door
from soso.bot.alert_door import BotAlertDoor, outcome_of
from soso.bot.outgoing import Outgoing

AT = datetime(2026, 1, 1, tzinfo=UTC)
CALL = SendMessage(chat_id=1, text="x")


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


def digest(chat: str = "7") -> Digest:
    owner = Owner(door=Door.BOT, id=chat)
    return Digest(
        number=1, watch=Watch(owner=owner, text="台风", created_at=AT, since=AT), cards=()
    )


def door(
    loop: asyncio.AbstractEventLoop, send: Callable[[Digest], Awaitable[object]], **more: Any
) -> BotAlertDoor:
    return BotAlertDoor(send, Outgoing(), loop, **more)


def failing(error: BaseException) -> Callable[[Digest], Awaitable[object]]:
    async def send(_: Digest) -> None:
        raise error

    return send


def network(cause: BaseException) -> TelegramNetworkError:
    error = TelegramNetworkError(method=CALL, message="broken")
    error.__cause__ = cause
    return error


def refused(kind: type[TelegramAPIError], message: str = "no") -> TelegramAPIError:
    return kind(method=CALL, message=message)


@pytest.mark.parametrize(
    ("error", "end", "all_wait"),
    [
        (refused(TelegramForbiddenError, "bot was blocked by the user"), End.GONE, False),
        (refused(TelegramBadRequest, "Bad Request: chat not found"), End.GONE, False),
        (refused(TelegramBadRequest, "Bad Request: message is too long"), End.LATER, False),
        (refused(TelegramUnauthorizedError), End.LATER, True),
        (refused(TelegramServerError), End.LATER, True),
        (network(ConnectionResetError()), End.UNKNOWN, True),
        (network(TimeoutError()), End.UNKNOWN, True),
        (
            network(aiohttp.ClientConnectorError(None, OSError("refused"))),  # type: ignore[arg-type]
            End.LATER,
            True,
        ),
    ],
)
def test_what_an_error_says(
    loop: asyncio.AbstractEventLoop, error: TelegramAPIError, end: End, all_wait: bool
) -> None:
    outcome = outcome_of(error)
    assert (outcome.end, outcome.all_wait) == (end, all_wait)
    assert door(loop, failing(error)).send(digest()) == outcome


def test_a_message_that_went_is_delivered_to_the_owners_chat(
    loop: asyncio.AbstractEventLoop,
) -> None:
    sent: list[str] = []

    async def send(one: Digest) -> None:
        sent.append(one.watch.owner.id)

    assert door(loop, send).send(digest("-1005")) == DELIVERED
    assert sent == ["-1005"]


def test_what_telegram_asks_to_wait_is_passed_on(loop: asyncio.AbstractEventLoop) -> None:
    error = TelegramRetryAfter(method=CALL, message="429", retry_after=37)
    assert door(loop, failing(error)).send(digest()).after_s == 37


def test_a_group_with_another_id_is_moved(loop: asyncio.AbstractEventLoop) -> None:
    moves: list[tuple[int, int]] = []
    error = TelegramMigrateToChat(method=CALL, message="upgraded", migrate_to_chat_id=-100_9)
    one = door(loop, failing(error), moved=lambda old, new: moves.append((old, new)))
    assert one.send(digest("-9")).end is End.LATER
    assert moves == [(-9, -100_9)]


def test_a_full_queue_is_certainly_not_delivered(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = door(loop, failing(AssertionError("nothing is to be sent")))
    monkeypatch.setattr(one._outgoing, "wait_s", lambda _: 500.0)
    assert one.send(digest()) == Outcome(end=End.LATER, reason="the queue is full", after_s=500.0)


@pytest.mark.parametrize("is_paused", [True, False])
def test_no_answer_in_time_is_a_doubt_unless_it_stood_in_the_queue(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch, is_paused: bool
) -> None:
    monkeypatch.setattr(alert_door, "LONGEST_S", 13.0)
    outgoing = Outgoing()
    running = asyncio.run_coroutine_threadsafe(outgoing.run(), loop)

    async def hang(*_: Any) -> Any:
        await asyncio.sleep(60)

    async def send(_: Digest) -> None:
        await outgoing(hang, None, CALL)  # type: ignore[arg-type]

    if is_paused:
        outgoing.turns.pause_all(loop.time() + 40)
    outcome = BotAlertDoor(send, outgoing, loop).send(digest())
    running.cancel()
    if is_paused:
        assert outcome.end is End.LATER
        assert outcome.after_s is not None
        assert 30 < outcome.after_s <= 40
    else:
        assert outcome.end is End.UNKNOWN


def test_what_fails_before_it_is_sent_is_sent_later(loop: asyncio.AbstractEventLoop) -> None:
    assert door(loop, failing(ValueError("x"))).send(digest()).end is End.LATER


def test_a_bot_that_has_stopped_sends_later(loop: asyncio.AbstractEventLoop) -> None:
    closed = asyncio.new_event_loop()
    closed.close()

    async def send(_: Digest) -> None:
        return None

    outcome = door(closed, send).send(digest())
    assert (outcome.end, outcome.all_wait) == (End.LATER, True)
