"""The operator's desk: removal requests, blocks, decisions, settings."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from soso.model.batch import Block
from soso.model.value import Value


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class RemovalRequest(Value):
    """Someone asks that a post or chat be removed.

    role: owner | named | rights | other. door: web | bot | cli. contact: as typed, may be empty.
    """

    chat: str
    role: str
    reason: str
    at: datetime
    number: int = 0  # given by add_request
    post_id: int | None = None
    contact: str = ""
    door: str = "web"
    state: RequestState = RequestState.OPEN
    decided_at: datetime | None = None
    note: str = ""


class Decision(Value):
    """A line of the log of what an operator did; never changed, never erased by a purge."""

    at: datetime
    who: str
    what: str
    subject: str
    note: str = ""


class Desk(Protocol):
    """Numbers rise and are never used twice. Unknown numbers raise NotFound."""

    def add_request(self, request: RemovalRequest) -> int: ...

    def get_request(self, number: int) -> RemovalRequest: ...

    def list_requests(
        self, *, state: RequestState | None = None, limit: int = 100, offset: int = 0
    ) -> list[RemovalRequest]:
        """Newest first."""
        ...

    def close_request(
        self, number: int, state: RequestState, *, at: datetime, note: str
    ) -> None: ...

    def add_block(self, block: Block) -> None:
        """Keep out what the block names from now on; adding it again changes nothing."""
        ...

    def remove_block(self, block: Block) -> None:
        """Forget the block with the same chat, post_id, author and word."""
        ...

    def list_blocks(self) -> Sequence[Block]: ...

    def log_decision(self, decision: Decision) -> None: ...

    def list_decisions(self, *, limit: int = 100) -> list[Decision]:
        """Newest first."""
        ...

    def restore_desk(self, rows: Sequence[RemovalRequest | Decision]) -> None:
        """Add the rows of a dump that are not here yet. Requests keep their number if it is free;
        one that asks the same at the same time is here, whatever was decided about it."""
        ...

    def get_setting(self, name: str) -> str | None:
        """Return a value kept for all processes (a secret key, the operator's password hash)."""
        ...

    def set_setting(self, name: str, value: str) -> None: ...

    def add_setting(self, name: str, value: str) -> str:
        """Keep a value unless there is one, and return the one that is kept: of many processes that
        make one at once, all get the same."""
        ...
