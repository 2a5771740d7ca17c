"""The bot in a thread of its own, beside the web server and the worker's loops."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from soso.bootstrap import App
from soso.bot.app import BotLoop
from soso.bot.errors import kind_of
from soso.model.errors import BadInput

log = logging.getLogger(__name__)


class BotThread:
    """Runs the bot until it is stopped; what goes wrong ends the bot, not the program."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._thread = threading.Thread(target=self._run, name="bot")
        self._loop: BotLoop | None = None
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End when the answers under way are sent, or a few seconds have passed."""
        with self._lock:
            self._stopped.set()
            if self._loop is not None:
                self._loop.stop()
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BadInput as error:
            log.error("the bot has ended: %s", error)
        except Exception as error:  # noqa: BLE001 - the rest of the program goes on
            log.error("the bot has ended: %s", kind_of(error))

    async def _main(self) -> None:
        with self._lock:
            if self._stopped.is_set():
                return
            self._loop = BotLoop(self._app)
        await self._loop.run()


@contextmanager
def running_bot(app: App) -> Iterator[None]:
    """Run the bot for as long as the context lasts, if there is a token for one."""
    if not app.settings.bot_token.get_secret_value():
        yield
        return
    thread = BotThread(app)
    thread.start()
    try:
        yield
    finally:
        thread.stop()
