"""Which processes send for the bot, and whose turn it is: Telegram counts what all of them send."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from soso.ports.hosts import Turn


class Sent(NamedTuple):
    """A message that left. chat: a number or a name."""

    chat: str
    ago_s: float


class Met(NamedTuple):
    """Who else sends. is_first: nobody that lives was there before us. was_known: we were there."""

    others: int
    is_first: bool
    was_known: bool


class Senders(Protocol):
    """Among what may be lost. Time is the store's, so that machines whose clocks differ agree."""

    def meet_senders(self, me: str, *, for_s: float, sent: Sequence[Sent] = ()) -> Met:
        """Be one of the senders for so long, note what was sent, and look who else is there."""
        ...

    def leave_senders(self, me: str, *, sent: Sequence[Sent] = ()) -> None:
        """Be none any more; nothing happens to who was none."""
        ...

    def take_sending_turn(
        self, chat: str, *, chat_every_s: float, chat_most: int, most: int, within_s: float
    ) -> Turn:
        """Take the next turn of all senders, wait_s from now, and count it as sent then.

        At most `most` turns of all chats are given in within_s, one after another in even steps;
        each chat has one in chat_every_s, and if chat_most is not 0 so many in 61 s. A chat that is
        not due within a tenth of a second gets no turn: not taken, and how long it must wait.
        """
        ...

    def list_sent(self) -> list[Sent]:
        """Return what was sent in the last 61 seconds, oldest first."""
        ...
