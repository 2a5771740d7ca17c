"""The tokenizer of e5.c once more, in plain Python, to hold ours against."""

import unicodedata
from collections.abc import Mapping

from soso.embedders.e5.weights import Vocabulary

META = "\u2581"
LONGEST_PIECE = 16


class PlainTokenizer:
    """The best way through the pieces; runs of unknown characters are joined, as sentencepiece does
    and e5.c does not."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk}
        self._ids: Mapping[str, int] = {
            piece: number
            for number, piece in enumerate(vocabulary.pieces)
            if number not in special and piece != "<mask>"
        }
        self._scores = vocabulary.scores.tolist()
        self._unknown = vocabulary.unk
        self._replaced = str.maketrans(dict(vocabulary.replaced))
        self._worst = min(self._scores) - 10

    def encode(self, text: str, *, joined: bool = True) -> list[int]:
        """Return the ids without bos and eos. joined: unknown characters side by side are one."""
        text = unicodedata.normalize("NFC", text).translate(self._replaced)
        text = META + META.join(part for part in text.split(" ") if part)
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # score, from where, id
        for end in range(1, len(text) + 1):
            ways = [(best[end - 1][0] + self._worst, end - 1, self._unknown)]
            for start in range(max(0, end - LONGEST_PIECE), end):
                number = self._ids.get(text[start:end])
                if number is not None:
                    ways.append((best[start][0] + self._scores[number], start, number))
            best.append(max(ways))
        ids: list[int] = []
        place = len(text)
        while place:
            _score, place, number = best[place]
            if not (joined and number == self._unknown and ids[-1:] == [self._unknown]):
                ids.append(number)
        return ids[::-1]
