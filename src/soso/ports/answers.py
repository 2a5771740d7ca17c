"""Things kept for a short while, good in every process: the pages of an answer."""

from datetime import datetime
from typing import Protocol


class Answers(Protocol):
    """Losing these in a crash loses no data, only a reader's place."""

    def keep_answer(self, token: str, content: bytes, *, expires_at: datetime) -> None:
        """Keep content (at most 64 KiB) under a token; keeping it again replaces it."""
        ...

    def find_answer(self, token: str, *, now: datetime) -> bytes | None:
        """Return what is kept, unless it has expired."""
        ...

    def drop_expired(self, *, now: datetime) -> int:
        """Forget what has expired; return how many."""
        ...
