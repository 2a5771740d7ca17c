"""Text put together block by block, for marks that are counted in it. Knows no wire shape."""

import sys


class Lines:
    """Breaks stand only between words: blocks without words leave no empty lines."""

    def __init__(self, *, limit: int = sys.maxsize) -> None:
        """limit: characters after which nothing more is taken in."""
        self._pieces: list[str] = []
        self._limit = limit
        self._broken = False  # whether the next word begins a line
        self._glued = False
        self.length = 0  # characters so far

    @property
    def next(self) -> int:
        """Where the next word will begin."""
        return self.length + self._broken

    def say(self, text: str) -> None:
        """Put text after what is there."""
        if not text or self.length >= self._limit:
            return
        said = f"\n{text}" if self._broken else text
        self._broken = self._glued = False
        self._pieces.append(said)
        self.length += len(said)

    def new_line(self) -> None:
        """Let the next word begin a line."""
        self._broken = self.length > 0 and not self._glued

    def label(self, text: str) -> None:
        """Put a word before the line that the next block would have begun."""
        self.say(f"{text} ")
        self._glued = True

    def text(self) -> str:
        """Return all that was said."""
        return "".join(self._pieces)
