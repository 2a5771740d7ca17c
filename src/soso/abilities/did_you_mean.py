"""The part of App that guesses what was meant, and learns the words for it. Mixed into App."""

import socket
from functools import cached_property
from typing import Final

from soso.flows import did_you_mean, learn_spelling
from soso.spelling.pack import Breathe
from soso.stores.lexicon import LexiconFile
from soso.wiring import Adapters

FILE: Final = "spelling.bin"


class DidYouMeanApp(Adapters):
    """Guesses what readers meant. Methods may be called from many threads."""

    @cached_property
    def lexicon(self) -> LexiconFile:
        """The vocabulary in the data folder."""
        return LexiconFile(self.data / FILE)

    def did_you_mean(self, text: str) -> tuple[str, ...]:
        """See flows/did_you_mean.py."""
        needs = did_you_mean.Guessing(
            self.lexicon, self.engine, self.analyzers, self.clock, self.zone
        )
        return did_you_mean.did_you_mean(text, needs)

    @property
    def learning_turn(self) -> str:
        """The name of the turn of those who keep the vocabulary in one folder."""
        return f"learn/{socket.gethostname()}/{self.data}"

    def is_spelling_due(self) -> bool:
        """Whether the vocabulary is to be learned anew. Raises Unavailable."""
        return learn_spelling.is_due(self.store, self.lexicon, self.clock)

    def learn_spelling(
        self, rest: learn_spelling.Rest = lambda: True, breathe: Breathe = lambda: None
    ) -> learn_spelling.LearnReport:
        """See flows/learn_spelling.py. Raises Unavailable."""
        return learn_spelling.learn_spelling(self.store, self.lexicon, rest=rest, breathe=breathe)
