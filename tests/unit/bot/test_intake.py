"""Which update goes where: posts into the archive before they are forgotten, the rest to handlers."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.types import InlineQuery, Message

from soso.bot import intake as intake_module
from soso.bot.intake import Intake, line_of
from soso.model.errors import BadInput, Unavailable

TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
PERSON = {"id": 7, "is_bot": False, "first_name": "小雨"}
CHAT = {"id": 7, "type": "private"}
POST = {"update_id": 1, "channel_post": {"message_id": 1}}


class Archive:
    def __init__(self) -> None:
        self.applied: list[Mapping[str, Any]] = []
        self.errors: list[Exception] = []

    def apply_update(self, raw: Mapping[str, Any]) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.applied.append(raw)


class Talk:
    def __init__(self) -> None:
        self.app = Archive()

    async def run(self, call: Callable[..., Any], *args: Any) -> Any:
        return call(*args)


def said(number: int, text: str, person: int = 7) -> dict[str, Any]:
    sender = {**PERSON, "id": person}
    message = {"message_id": number, "date": 1, "chat": {**CHAT, "id": person}, "from": sender}
    return {"update_id": number, "message": {**message, "text": text}}


class Handlers:
    """Remembers what was said; 慢 takes a while, 坏 fails."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self.router = Router()
        self.router.message.register(self.take)
        self.router.inline_query.register(self.take_inline)

    async def take(self, message: Message) -> None:
        text = message.text or ""
        self.begun.append(text)
        await asyncio.sleep(0.1 if "慢" in text else 0)
        if "坏" in text:
            raise RuntimeError(f"a mistake of ours with {text}")
        self.done.append(text)

    async def take_inline(self, query: InlineQuery) -> None:
        self.begun.append(query.query)
        await asyncio.sleep(0.1 if "慢" in query.query else 0)
        self.done.append(query.query)


def make() -> tuple[Intake, Talk, Handlers]:
    talk, handlers, dispatcher = Talk(), Handlers(), Dispatcher(disable_fsm=True)
    dispatcher.include_router(handlers.router)
    taken: Any = talk
    return Intake(dispatcher, Bot(TOKEN), taken), talk, handlers


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "_FIRST_PAUSE_S", 0.01)


def test_a_post_is_in_the_archive_when_it_was_taken() -> None:
    async def main() -> None:
        intake, talk, handlers = make()
        talk.app.errors = [Unavailable("the disk is full"), Unavailable("still")]
        await intake.take(POST)
        assert talk.app.applied == [POST]
        await intake.finish()
        assert handlers.begun == []

    asyncio.run(main())


def test_a_post_that_cannot_be_used_keeps_no_other_away() -> None:
    async def main() -> None:
        intake, talk, _ = make()
        talk.app.errors = [BadInput("nonsense")]
        await intake.take(POST)
        await intake.take(POST)
        assert talk.app.applied == [POST]

    asyncio.run(main())


def test_one_person_is_answered_in_order_and_others_do_not_wait() -> None:
    async def main() -> None:
        intake, _, handlers = make()
        for number, (text, person) in enumerate([("慢一", 7), ("二", 7), ("三", 8)]):
            await intake.take(said(number, text, person))
        await intake.finish()
        assert handlers.done == ["三", "慢一", "二"]

    asyncio.run(main())


def test_inline_queries_do_not_wait_for_what_was_typed_before() -> None:
    async def main() -> None:
        intake, _, handlers = make()
        for number, text in enumerate(["慢", "快"]):
            query = {"id": str(number), "from": PERSON, "query": text, "offset": ""}
            await intake.take({"update_id": number, "inline_query": query})
        await intake.finish()
        assert handlers.done == ["快", "慢"]

    asyncio.run(main())


def test_a_failure_is_logged_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        intake, _, handlers = make()
        await intake.take(said(1, "坏话"))
        await intake.take(said(2, "好话"))
        await intake.take({"update_id": 3, "message": {"text": "坏话", "chat": 7}})
        await intake.finish()
        assert handlers.done == ["好话"]

    caplog.set_level(logging.DEBUG)
    asyncio.run(main())
    assert "RuntimeError at intake.py" in caplog.text
    assert "坏话" not in caplog.text


def test_which_updates_are_asked_for() -> None:
    async def main() -> None:
        intake, _, _ = make()
        assert intake.kinds == [
            *("channel_post", "edited_channel_post", "inline_query", "message", "my_chat_member"),
        ]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (said(1, "x"), (7, 7)),
        ({"callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}}}, (7, -5)),
        ({"inline_query": {"from": {"id": 7}}}, None),
        ({"message": 7, "update_id": 1}, None),
        ({"message": {"from": {"id": [7]}, "chat": "x"}}, None),
    ],
)
def test_whose_line_it_is(raw: Mapping[str, Any], line: object) -> None:
    assert line_of(raw) == line
