"""The real bot on the local Bot API, over a small archive."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from soso.bootstrap import App
from soso.bot.running import running_bot
from soso.doubles.bot_api import TOKEN, BotApiDouble, Limits
from tests.e2e.bot.archive import open_archive

FREE = Limits(enforced=False)


class World:
    """A running bot, the double it talks to, and the archive behind it."""

    def __init__(self, app: App, double: BotApiDouble) -> None:
        self.app = app
        self.double = double

    def person(self, name: str = "小明", **more: Any) -> int:
        """A person who has opened the bot."""
        return self.double.add_user(name, started=True, **more)

    def ask(self, person: int, text: str, *, chat: int | None = None) -> dict[str, Any]:
        """Send a text and return the bot's next message."""
        where = person if chat is None else chat
        before = len(self.double.sent(where))
        self.double.send(person, text, chat=chat)
        return dict(self.double.wait_sent(where, before + 1)[before])

    def press(self, message: dict[str, Any], label: str, *, user: int) -> dict[str, Any]:
        """Press the button whose text has the label; return the bot's answer to the press."""
        chat = message["chat"]["id"]
        data = find_button(self.now(message), label)["callback_data"]
        query = self.double.press(chat, message["message_id"], user=user, data=data)
        return self.double.wait_answer(query)

    def press_and_see(self, message: dict[str, Any], label: str, *, user: int) -> dict[str, Any]:
        """Press it and return the message once it has changed."""
        before = self.now(message)
        self.press(message, label, user=user)
        self.double.wait_for(lambda: self.now(message) != before)
        return self.now(message)

    def now(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message as it is now."""
        chat, number = message["chat"]["id"], message["message_id"]
        return next(
            dict(one) for one in self.double.transcript(chat) if one["message_id"] == number
        )


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """All buttons of a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def labels(message: dict[str, Any]) -> list[str]:
    """What stands on the buttons."""
    return [button["text"] for button in buttons(message)]


def find_button(message: dict[str, Any], label: str) -> dict[str, Any]:
    """The first button whose text has the label."""
    found = [button for button in buttons(message) if label in button["text"]]
    assert found, f"no button {label!r} among {labels(message)}"
    return found[0]


def links(message: dict[str, Any]) -> list[str]:
    """The addresses that the text links to."""
    entities = message.get("entities", message.get("caption_entities", []))
    return [one["url"] for one in entities if one["type"] == "text_link"]


@contextmanager
def run_bot(folder: Path, double: BotApiDouble, **settings: Any) -> Iterator[App]:
    """The bot over an archive in a folder; the archive is made when there is none."""
    asked = {
        "bot_token": TOKEN,
        "bot_api_url": double.url,
        "bot_user_rate": 0,
        "bot_group_rate": 0,
        **settings,
    }
    with open_archive(folder, **asked) as app, running_bot(app):
        yield app


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Start a bot with settings; limits of sending are off unless they are asked for."""
    with ExitStack() as stack:

        def begin(*, limits: Limits = FREE, privacy: bool = True, **settings: Any) -> World:
            double = stack.enter_context(BotApiDouble(limits=limits, privacy=privacy))
            app = stack.enter_context(run_bot(tmp_path, double, **settings))
            return World(app, double)

        yield begin


@pytest.fixture
def world(start: Callable[..., World]) -> World:
    """A bot with its usual settings."""
    return start()
