"""Where the vocabulary that was learned from the archive is kept."""

from datetime import datetime
from typing import Protocol

from soso.spelling.propose import Speller


class Lexicon(Protocol):
    """One vocabulary, disposable: whoever finds none learns it anew. Asked by many threads."""

    def find(self) -> Speller | None:
        """Return the newest speller, also one that another process has kept just now.

        None where there is none, or one of another version, or a damaged one. Raises nothing.
        Costs a look at the file when nothing has changed.
        """
        ...

    def keep(self, content: bytes) -> None:
        """Put a packed vocabulary in place of the one before, at once for all. Raises Unavailable."""
        ...

    def forget(self) -> None:
        """Take it away: what it was learned from is no longer there. Raises Unavailable."""
        ...

    def kept_at(self) -> datetime | None:
        """Return when it was kept, None where there is none."""
        ...
