"""All that the double holds, behind one lock that also tells of changes.

Knows what there is. Must not know how it is asked for.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from soso.doubles.bot_api.clock import VirtualClock
from soso.doubles.bot_api.limits import Brake, Limits, Script
from soso.doubles.bot_api.updates import UpdateQueue
from soso.doubles.bot_api.world import Raw, Room, World

MOST_CALLS: Final = 100_000
BOT_ID: Final = 110_201_543
TOKEN: Final = f"{BOT_ID}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
"""A made-up token in the real shape; bots of the double have no other."""


class Asked:
    """A button press or an inline query that waits for its answer."""

    def __init__(self, number: str, user: Raw, at_s: float) -> None:
        self.id = number
        self.user = user
        self.at_s = at_s
        self.answer: Raw | None = None
        self.answered_s: float | None = None
        self.about: tuple[int, str, str] | None = None  # who asked what inline, for the cache


class Api:
    """The state of one double.

    callback_life_s, inline_life_s: how long a press or an inline query may be answered.
    calls: every call that reached a method, with its arguments, the newest 100,000.
    """

    def __init__(
        self,
        *,
        clock: VirtualClock | None = None,
        limits: Limits | None = None,
        privacy: bool = True,
        callback_life_s: float = 60.0,
        inline_life_s: float = 30.0,
    ) -> None:
        self.clock = clock or VirtualClock()
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.callback_life_s = callback_life_s
        self.inline_life_s = inline_life_s
        self._privacy = privacy
        self._limits = limits or Limits()
        self._listeners: list[Callable[[], None]] = []
        self.queue = UpdateQueue(self.clock)
        self.is_closing = False
        self.polls = 0  # long polls that wait now
        self.script = Script()
        self.clear()

    def clear(self) -> None:
        """Begin anew: nobody is there but the bot."""
        bot: Raw = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Soso",
            "username": "soso_local_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": not self._privacy,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.world = World(self.clock, bot, privacy=self._privacy)
        self.brake = Brake(self._limits)
        self.queue.clear()
        self.queue.ask_for([])
        self.script.clear()
        self.callbacks: dict[str, Asked] = {}
        self.inline: dict[str, Asked] = {}
        self.inline_cache: dict[tuple[object, ...], tuple[float, Raw]] = {}
        self.commands: dict[tuple[str, str], list[Raw]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.webhook: Raw = {}
        self.calls: deque[tuple[float, str, dict[str, Any]]] = deque(maxlen=MOST_CALLS)
        self.slips: list[str] = []
        self.typing: dict[int, float] = {}

    def tell(self, room: Room | None = None) -> None:
        """Say that something changed; the lock is held."""
        if room is not None:
            room.revision += 1
        self.changed.notify_all()

    def brake_for(self, room: Room) -> None:
        """Count one message into a chat. Raises ApiError 429."""
        self.brake.take(room.id, is_group=room.is_group, now_s=self.clock.now_s())
