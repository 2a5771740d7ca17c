"""What the bot keeps: the chats it talks in, queries too long for a button, submissions, broadcasts.

A chat here is a Telegram chat with the bot, by the Bot API's own number (a person's is positive, a
group's negative): nothing of the archive. What a person asked for is never kept with who asked.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from soso.model.value import Value


class BotChat(Value):
    """A person or group that the bot talks with.

    language: the tag of the language it wants; None: whatever Telegram says. sensitive: asked to see
    sensitive content. blocked: may not use the bot. reachable: False once the person has stopped the
    bot or the group has thrown it out; it is not written to unasked then.
    """

    number: int
    language: str | None = None
    sensitive: bool = False
    blocked: bool = False
    reachable: bool = True


class SubmissionState(StrEnum):
    """Where a submission stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Submission(Value):
    """Somebody asks that a chat be followed.

    name: a username, without @, as typed. chat: whom to tell the result; language: in which.
    title, members: what was known of it when it was asked for. note: of the operator. told: whether
    the submitter has heard the decision.
    """

    name: str
    chat: int
    at: datetime
    number: int = 0  # given by add_submission
    language: str = ""
    title: str = ""
    members: int | None = None
    state: SubmissionState = SubmissionState.OPEN
    decided_at: datetime | None = None
    note: str = ""
    told: bool = False


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    WAITING = "waiting"  # for the operator's word
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Broadcast(Value):
    """A text for everybody who talks with the bot in private.

    after: the last chat that it was sent to, in rising order of numbers; written before the sending,
    so that nobody gets it twice. told: chat that hears how it goes.
    """

    text: str
    told: int
    at: datetime
    number: int = 0  # given by add_broadcast
    state: BroadcastState = BroadcastState.WAITING
    after: int = 0
    sent: int = 0
    failed: int = 0


class BotKept(Protocol):
    """Numbers rise and are never used twice. Unknown numbers raise NotFound."""

    def find_bot_chat(self, number: int) -> BotChat | None: ...

    def keep_bot_chat(self, chat: BotChat) -> None:
        """Keep a chat; it replaces what was kept of it."""
        ...

    def list_bot_people(self, *, after: int = 0, limit: int = 100) -> list[BotChat]:
        """Return people that can be written to, those behind a number first, rising."""
        ...

    def count_bot_people(self) -> int: ...

    def keep_bot_query(self, token: str, text: str, *, now: datetime) -> None:
        """Keep a query under a token; keeping it again only says that it is still wanted."""
        ...

    def find_bot_query(self, token: str) -> str | None: ...

    def forget_bot_queries(self, *, before: datetime) -> int:
        """Forget those that were kept before a time and not again since; return how many."""
        ...

    def add_submission(self, submission: Submission) -> int:
        """Keep it under a new number and return that; one that is open for the same name (without
        regard to case) by the same chat keeps its number and is returned instead."""
        ...

    def get_submission(self, number: int) -> Submission: ...

    def list_submissions(
        self, *, state: SubmissionState | None = None, limit: int = 100, offset: int = 0
    ) -> list[Submission]:
        """Newest first."""
        ...

    def close_submissions(
        self, number: int, state: SubmissionState, *, at: datetime, note: str
    ) -> Sequence[Submission]:
        """Close an open one and all others that are open for the same name; return them as closed.

        Empty if it was closed before: of two operators who decide at once, one does.
        """
        ...

    def list_untold_submissions(self, *, limit: int = 100) -> list[Submission]:
        """Return those that were decided and whose submitters have not heard it, oldest first."""
        ...

    def mark_submission_told(self, number: int) -> None: ...

    def add_broadcast(self, broadcast: Broadcast) -> int: ...

    def get_broadcast(self, number: int) -> Broadcast: ...

    def list_broadcasts(self, *, state: BroadcastState) -> list[Broadcast]:
        """Newest first."""
        ...

    def move_broadcast(
        self, number: int, state: BroadcastState, *, when: Sequence[BroadcastState]
    ) -> bool:
        """Change its state if it is one of when; return whether it was."""
        ...

    def advance_broadcast(
        self, number: int, *, after: int, sent: int, failed: int, before: int | None = None
    ) -> bool:
        """Add to what was sent and failed, and note up to which chat; whether it was noted.

        before: it is noted only if this is the place that is noted now; None: in any case.
        """
        ...
