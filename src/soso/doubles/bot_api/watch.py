"""What people see in the double, and what goes wrong in it.

Knows waiting. Must not know HTTP.
"""

from collections.abc import Callable, Collection
from typing import Any, Final

from soso.doubles.bot_api.api import Asked
from soso.doubles.bot_api.cast import Cast
from soso.doubles.bot_api.limits import Failure, lower_all
from soso.doubles.bot_api.world import Raw

WAIT_S: Final = 10.0


class Watch(Cast):
    """Reads what was sent, waits for it, and lets calls fail."""

    def transcript(self, chat: int) -> list[Raw]:
        """Return the messages of a chat, oldest first, as they are now."""
        with self.api.lock:
            return list(self.room(chat).messages.values())

    def sent(self, chat: int) -> list[Raw]:
        """Return what the bot sent into a chat."""
        return [one for one in self.transcript(chat) if self.api.world.is_own(one)]

    def wait_for(self, done: Callable[[], Any], *, timeout_s: float = WAIT_S) -> Any:
        """Wait until something is so and return it. Raises TimeoutError."""
        with self.api.changed:
            found = self.api.changed.wait_for(lambda: self.api.is_closing or done(), timeout_s)
        if self.api.is_closing:
            raise TimeoutError("the double was closed")
        if not found:
            raise TimeoutError("the bot did not do it in time")
        return found

    def wait_sent(self, chat: int, count: int = 1, *, timeout_s: float = WAIT_S) -> list[Raw]:
        """Wait until the bot has sent so many messages into a chat and return them."""
        return list(
            self.wait_for(
                lambda: sent if len(sent := self.sent(chat)) >= count else None,
                timeout_s=timeout_s,
            )
        )

    def wait_answer(self, query_id: str, *, timeout_s: float = WAIT_S) -> Raw:
        """Wait for the answer to a button press: text, show_alert, url."""
        return self._wait_asked(self.api.callbacks[query_id], timeout_s)

    def wait_inline(self, query_id: str, *, timeout_s: float = WAIT_S) -> Raw:
        """Wait for the answer to an inline query: results, next_offset, button."""
        asked = self.api.inline[query_id]
        answer = self._wait_asked(asked, timeout_s)
        with self.api.lock:
            if asked.about is not None and answer["cache_time"]:
                user, query, offset = asked.about
                name = (query, offset, user if answer["is_personal"] else None)
                until_s = (asked.answered_s or 0.0) + answer["cache_time"]
                self.api.inline_cache[name] = (until_s, answer)
        return answer

    def _wait_asked(self, asked: Asked, timeout_s: float) -> Raw:
        self.wait_for(lambda: asked.answer is not None, timeout_s=timeout_s)
        return dict(asked.answer or {})

    def wait_confirmed(self, *, timeout_s: float = WAIT_S) -> None:
        """Wait until the bot has confirmed every update."""
        self.wait_for(lambda: not self.api.queue.pending, timeout_s=timeout_s)

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        methods: Collection[str] = (),
        retry_after: int = 1,
        hang_s: float = 0.0,
        done: bool = False,
        html: bool = False,
    ) -> None:
        """Let the next calls fail: 429, 5xx, or 0 for a connection that hangs and drops.

        methods: only these; empty means all. done: the call takes effect, only its answer is lost.
        html: the answer is a proxy's page instead of JSON.
        """
        failure = Failure(status, times, lower_all(methods), retry_after, hang_s, done, html)
        with self.api.lock:
            self.api.script.add(failure)

    def reset(self) -> None:
        """Begin anew: nobody is there but the bot."""
        with self.api.lock:
            self.api.clear()
            self.api.tell()
