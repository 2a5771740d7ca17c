"""Whether a text has one of the operator's sensitive words."""

from collections.abc import Sequence

from soso.text.analyzers import Analyzers


class SensitiveWords:
    """Words are compared folded, character by character, white space and punctuation aside.

    A word in Latin letters is found inside a longer one too, as Chinese words are.
    """

    def __init__(self, words: Sequence[str], analyzers: Analyzers) -> None:
        self._analyzers = analyzers
        folded = ("".join(analyzers.chars(word)) for word in words)
        self._words = tuple(word for word in folded if word)

    def found_in(self, text: str) -> bool:
        """Whether any of the words stands in the text."""
        if not self._words:
            return False
        folded = "".join(self._analyzers.chars(text))
        return any(word in folded for word in self._words)
