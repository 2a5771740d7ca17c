"""Posts told by different chats within days of one another about one event form a story.

Knows tellings and how alike they must be. Must not know text, the store or who may see what. Pure.

Tellings are taken in order of publication. Each joins the open story it is most like on average,
its last few days ago at most, or begins one. On average: a story is as like a telling as the mean
of its tellings is, one for each cluster of copies, so that a chain of posts, each a little like
the one before, does not become one story. What was placed can be taken back from the end, exactly,
since weights are whole numbers; so a telling that comes late is put where it belongs by placing
what follows once more.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from soso.model.ids import ChatKey, PostKey
from soso.similarity.gauge import USUAL
from soso.similarity.tellings import DAY_S, SCALE, Counts, Telling, Weights, weigh

QUIET_S: Final = 3 * DAY_S
"""A story that nobody has told of for so long is over."""

LONGEST_S: Final = 14 * DAY_S
"""What goes on longer is told in another story."""

NEED_A_DAY: Final = 0.02
"""How much more like its story a telling must be for each day since the last one."""

NEED_OF_ONE_CHAT: Final = 0.08
"""More is needed while a story has only tellings of the same chat: a column looks like itself."""

MEANING: Final = 1.0
MEANT_ALIKE: Final = 0.92
"""Where both have vectors, their cosine over this adds to what their words have in common."""

LOOKED_AT: Final = 14
"""Stories are looked for by so many of the weightiest terms."""

COMMONEST: Final = 400
"""A term that more open stories have finds none of them."""

CANDIDATES: Final = 8

_SQUARE: Final = SCALE * SCALE


class Member(NamedTuple):
    """A telling in its story. is_copy: an earlier one of the story is of the same cluster."""

    telling: Telling
    is_copy: bool


class Story:
    """Tellings about one event, in order of time."""

    __slots__ = ("chat", "count", "indexed", "meant", "members", "number", "sums", "vectors")

    def __init__(self, number: int) -> None:
        self.number = number  # the teller's own
        self.members: list[Member] = []
        self.count = 0  # without copies
        self.sums: Weights = {}
        self.indexed: dict[int, int] = {}
        self.meant: NDArray[np.float64] | None = None
        self.vectors = 0
        self.chat: ChatKey | None = None  # while there is only one

    @property
    def first_s(self) -> int:
        """When its first telling was published."""
        return self.members[0].telling.at_s

    @property
    def last_s(self) -> int:
        """When its last telling was published."""
        return self.members[-1].telling.at_s

    def is_open(self, at_s: int) -> bool:
        """Whether something published then may still join."""
        return at_s - self.last_s <= QUIET_S and at_s - self.first_s <= LONGEST_S

    def likeness(self, weights: Weights, vector: NDArray[np.float64] | None) -> float:
        """Return how like the mean of the story a telling is: about 0 to 1."""
        sums = self.sums
        common = sum(weight * sums[term] for term, weight in weights.items() if term in sums)
        alike = common / (_SQUARE * self.count)
        if vector is not None and self.meant is not None:
            alike += MEANING * (float(vector @ self.meant) / self.vectors - MEANT_ALIKE)
        return alike


class Teller:
    """Tells stories from tellings in order of time. Holds those of the last days only."""

    def __init__(self, counts: Counts, *, need: float = USUAL, since_s: int | None = None) -> None:
        """counts: how common terms are; need: how like its story a telling must be, see gauge.py.
        Both are the same for as long as stories are to be comparable.

        since_s: stories whose last telling was published before are not restored; None: all are.
        """
        self._counts = counts
        self._need = need
        self._stories: dict[int, Story] = {}
        self._by_term: dict[int, dict[int, None]] = {}
        self._by_cluster: dict[int, list[int]] = {}
        self._placed: list[tuple[tuple[int, int, int], int]] = []
        self._next = 0
        self._since_s = since_s

    def __len__(self) -> int:
        """How many stories are held, those of one telling too."""
        return len(self._stories)

    def place(self, telling: Telling) -> Story:
        """Put a telling into its story. Its rank must be above all that were placed before."""
        weights = weigh(telling.terms, self._counts)
        number = self._of_cluster(telling)
        if number is None:
            number = self._find(telling, weights)
        return self._join(number, telling, weights)

    def restore(self, telling: Telling, beside: Story | None) -> Story:
        """Put a telling where it was when it was placed: beside another, or alone."""
        weights = weigh(telling.terms, self._counts)
        return self._join(beside.number if beside is not None else None, telling, weights)

    def can_rewind(self, at_s: int) -> bool:
        """Whether all is still held that matters for what was published then and later."""
        return self._since_s is None or at_s - QUIET_S >= self._since_s

    def rewind(self, rank: tuple[int, int, int]) -> None:
        """Take back all tellings from a rank on."""
        while self._placed and self._placed[-1][0] >= rank:
            _, number = self._placed.pop()
            self._leave(number)

    def forget(self, before_s: int) -> None:
        """Let go of the stories whose last telling was published before."""
        for number in [n for n, story in self._stories.items() if story.last_s < before_s]:
            story = self._stories.pop(number)
            for term in story.indexed:
                self._drop_term(term, number)
            for cluster in {member.telling.cluster for member in story.members}:
                self._drop_cluster(cluster, number)
        self._placed = [row for row in self._placed if row[1] in self._stories]
        self._since_s = before_s if self._since_s is None else max(self._since_s, before_s)

    def held(self) -> Iterable[Story]:
        """Return the stories that are held."""
        return self._stories.values()

    def find(self, number: int) -> Story | None:
        """Return a story that is held by the teller's own number."""
        return self._stories.get(number)

    # Finding

    def _of_cluster(self, telling: Telling) -> int | None:
        """Return the open story that has a copy already."""
        for number in reversed(self._by_cluster.get(telling.cluster, ())):
            if self._stories[number].is_open(telling.at_s):
                return number
        return None

    def _find(self, telling: Telling, weights: Weights) -> int | None:
        best: tuple[float, int] | None = None
        vector = _unit(telling.vector)
        for number in self._candidates(telling, weights):
            story = self._stories[number]
            need = self._need + NEED_A_DAY * (telling.at_s - story.last_s) / DAY_S
            need += NEED_OF_ONE_CHAT if story.chat == telling.chat else 0.0
            alike = story.likeness(weights, vector) - need
            if alike >= 0 and (best is None or alike > best[0]):
                best = (alike, number)
        return best[1] if best is not None else None

    def _candidates(self, telling: Telling, weights: Weights) -> list[int]:
        """Return the open stories that share most by their weightiest terms, older ones first."""
        shared: dict[int, float] = {}
        for place, (term, weight) in enumerate(weights.items()):
            if place == LOOKED_AT:
                break
            having = self._by_term.get(term, {})
            if len(having) > COMMONEST:
                continue
            for number in having:
                story = self._stories[number]
                if story.is_open(telling.at_s):
                    share = weight * story.sums[term] / story.count
                    shared[number] = shared.get(number, 0.0) + share
        best = sorted(shared, key=lambda number: (-shared[number], *self._born(number)))
        return sorted(best[:CANDIDATES], key=self._born)

    def _born(self, number: int) -> tuple[int, int, int]:
        return self._stories[number].members[0].telling.rank

    # Joining and leaving

    def _join(self, number: int | None, telling: Telling, weights: Weights) -> Story:
        if number is None:
            number, self._next = self._next, self._next + 1
            self._stories[number] = Story(number)
        story = self._stories[number]
        is_copy = any(one.telling.cluster == telling.cluster for one in story.members)
        story.members.append(Member(telling, is_copy))
        self._placed.append((telling.rank, number))
        if not is_copy:
            self._by_cluster.setdefault(telling.cluster, []).append(number)
            self._add(number, story, telling, weights)
        story.chat = telling.chat if len(story.members) == 1 else story.chat
        if story.chat != telling.chat:
            story.chat = None
        return story

    def _add(self, number: int, story: Story, telling: Telling, weights: Weights) -> None:
        story.count += 1
        for place, (term, weight) in enumerate(weights.items()):
            story.sums[term] = story.sums.get(term, 0) + weight
            if place < LOOKED_AT:
                story.indexed[term] = story.indexed.get(term, 0) + 1
                self._by_term.setdefault(term, {})[number] = None
        vector = _unit(telling.vector)
        if vector is not None:
            story.meant = vector if story.meant is None else story.meant + vector
            story.vectors += 1

    def _leave(self, number: int) -> None:
        story = self._stories[number]
        telling, is_copy = story.members.pop()
        if not is_copy:
            self._drop_cluster(telling.cluster, number)
            story.count -= 1
            weights = weigh(telling.terms, self._counts)
            for place, (term, weight) in enumerate(weights.items()):
                story.sums[term] -= weight
                if not story.sums[term]:
                    del story.sums[term]
                if place < LOOKED_AT:
                    story.indexed[term] -= 1
                    if not story.indexed[term]:
                        del story.indexed[term]
                        self._drop_term(term, number)
            if telling.vector:
                story.vectors -= 1
                story.meant = _sum_of(story.members)
        if not story.members:
            del self._stories[number]
            return
        chats = {member.telling.chat for member in story.members}
        story.chat = next(iter(chats)) if len(chats) == 1 else None

    def _drop_term(self, term: int, number: int) -> None:
        having = self._by_term[term]
        having.pop(number, None)
        if not having:
            del self._by_term[term]

    def _drop_cluster(self, cluster: int, number: int) -> None:
        numbers = self._by_cluster.get(cluster, [])
        if number in numbers:
            numbers.remove(number)
        if not numbers:
            self._by_cluster.pop(cluster, None)


def tell(
    tellings: Iterable[Telling], counts: Counts, *, need: float = USUAL
) -> list[list[PostKey]]:
    """Return the stories among tellings, each by time, those of one telling too; any order will do."""
    teller = Teller(counts, need=need)
    found: list[Story] = []
    for telling in sorted(tellings, key=lambda one: one.rank):
        story = teller.place(telling)
        if len(story.members) == 1:
            found.append(story)
    return [[member.telling.key for member in story.members] for story in found]


def _unit(vector: bytes) -> NDArray[np.float64] | None:
    """Return a packed vector (similarity/vectors.py) at unit length."""
    if not vector:
        return None
    wide = np.frombuffer(vector, np.int8).astype(np.float64)
    length = float(np.sqrt(wide @ wide))
    return wide / length if length else None


def _sum_of(members: Iterable[Member]) -> NDArray[np.float64] | None:
    """Return the sum of vectors, added in order, so that it is the same as before a later one."""
    total: NDArray[np.float64] | None = None
    for member in members:
        if not member.is_copy and (vector := _unit(member.telling.vector)) is not None:
            total = vector if total is None else total + vector
    return total
