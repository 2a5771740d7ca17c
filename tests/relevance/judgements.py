"""The judged queries of judged.toml, and how well a ranking does on them."""

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from soso.model.value import Value
from soso.query.results import Card

FILE = Path(__file__).with_name("judged.toml")
DEPTH = 10


class Judged(Value):
    """A query and its grades: document -> 0 to 3."""

    topic: str
    text: str
    grades: dict[str, int]


class Judgements:
    """All queries by topic, and the names that the file calls chats and posts by."""

    def __init__(self, file: Path = FILE) -> None:
        read = tomllib.loads(file.read_text("utf-8"))
        self.chats: dict[str, str] = read.pop("chats")
        self.copies: dict[str, str] = read.pop("copies")
        self._names = {ref: name for name, ref in self.chats.items()}
        self.queries = [
            Judged(topic=topic, text=text, grades=_grades(by_grade))
            for topic, asked in read.items()
            for text, by_grade in asked.items()
        ]

    @property
    def topics(self) -> list[str]:
        return list(dict.fromkeys(query.topic for query in self.queries))

    def chat_of(self, ref: str) -> str:
        return self._names.get(ref, ref)

    def name_of(self, card: Card) -> str:
        chat = self.chat_of(card.chat.ref)
        return chat if card.stored is None else f"{chat}/{card.stored.post.id}"

    def ranking(self, cards: Iterable[Card]) -> list[str]:
        """The documents in their order; copies are what they are copies of, the first one counts."""
        names = (self.name_of(card) for card in cards)
        return list(dict.fromkeys(self.copies.get(name, name) for name in names))[:DEPTH]


@cache
def load_judgements() -> Judgements:
    return Judgements()


def _grades(by_grade: Mapping[str, str]) -> dict[str, int]:
    return {ref: int(grade) for grade, refs in by_grade.items() for ref in refs.split()}


def ndcg(grades: Mapping[str, int], ranking: Sequence[str]) -> float:
    """nDCG@10 with the grade as gain, as `soso eval` and trec_eval have it."""
    best = sorted(grades.values(), reverse=True)
    return _gain([grades.get(ref, 0) for ref in ranking]) / _gain(best)


def reciprocal_rank(grades: Mapping[str, int], ranking: Sequence[str]) -> float:
    """One by the place of the first document with a grade above 0 among the first ten."""
    places = (place for place, ref in enumerate(ranking[:DEPTH], 1) if grades.get(ref, 0))
    return 1 / next(places, math.inf)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades[:DEPTH]))
