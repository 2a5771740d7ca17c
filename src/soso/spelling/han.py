"""Slips in a run of Chinese characters.

Knows a vocabulary and what slips cost; must not know the grammar of queries.

A noisy channel: of all that may have been meant, the one is taken for which the chance that the
archive says it, times the chance of the slips between it and what was typed, is the highest. A beam
goes from left to right; a character is considered only if it stands beside one of its typed
neighbours somewhere in the archive, so few are left of the hundred that sound or look alike.
"""

from collections.abc import Iterator
from functools import lru_cache
from heapq import nsmallest
from math import log1p
from typing import Final, NamedTuple

from soso.spelling.judge import Change, find_signs, weigh, words_of
from soso.spelling.vocabulary import NONE, Vocabulary
from soso.spelling.weights import COSTS, JUDGEMENT, LONG, SURE, SURE_OF_LONG, Costs, Judgement

LONGEST: Final = 64
SHORT: Final = 5
"""Up to this length, a character too many or too few is looked for. In a whole sentence nearly every
such change gives a sentence as good as the other."""
_BEAM: Final = 6
_MOST_STEPS: Final = 10
_MOST_FOLLOWING: Final = 300


class Correction(NamedTuple):
    """A run as it may have been meant.

    worth: what speaks for the least certain of its changes, above 0. is_sure: whether that is
    enough by itself (weights.py). origins: for each character the place of the typed one that is
    kept there, -1 for a new one.
    """

    text: str
    worth: float
    is_sure: bool
    origins: tuple[int, ...]


class _Step(NamedTuple):
    """A way on: width typed characters become these (number, place of the typed one)."""

    width: int
    cost: float
    chars: tuple[tuple[int, int], ...]


class _Path(NamedTuple):
    cost: float
    before: int
    last: int
    numbers: tuple[int, ...]
    origins: tuple[int, ...]


class HanSpeller:
    """Corrects runs with one vocabulary. Asked by many threads."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        least: int,
        costs: Costs = COSTS,
        judgement: Judgement = JUDGEMENT,
    ) -> None:
        """least: in how many posts two characters stand side by side for that to be offered."""
        self._vocabulary = vocabulary
        self._least = least
        self._costs = costs
        self._judgement = judgement
        self._alternatives = lru_cache(maxsize=1024)(self._find_alternatives)

    def correct(self, run: str) -> list[Correction]:
        """Return what may have been meant instead of a folded run, best first; not run itself.

        Nothing for what the archive may say as it is. Raises nothing; nothing for one character
        and for more than LONGEST.
        """
        if not 1 < len(run) <= LONGEST:
            return []
        numbers = self._numbers(run)
        sure = SURE if len(run) < LONG else SURE_OF_LONG
        found: dict[str, Correction] = {}
        for path in self._paths(run, numbers):
            if path.numbers == numbers:
                break  # what is worse than what was typed
            for needed in (sure,) if len(run) < LONG else (0.0, sure):
                corrected = self._judged(run, path, needed, sure)
                if corrected is not None:
                    found.setdefault(corrected.text, corrected)
        return list(found.values())

    def _judged(self, run: str, path: _Path, needed: float, sure: float) -> Correction | None:
        """Return the path with those of its changes alone that are worth it by themselves."""
        text, origins = self._text(path, run), path.origins
        worth: list[float] = []
        for start, end, until in reversed(_differences(run, text)):
            without = text[:start] + run[start:end] + text[until:]
            signs = find_signs(
                self._change(without, text, start, end), self._vocabulary, least=self._least
            )
            weight = weigh(signs, self._judgement)
            if weight > needed:
                worth.append(weight)
                origins = origins[:start] + (-1,) * (until - start) + origins[until:]
            else:
                text = without
                origins = origins[:start] + tuple(range(start, end)) + origins[until:]
        return Correction(text, min(worth), min(worth) > sure, origins) if worth else None

    def _change(self, typed: str, meant: str, start: int, end: int) -> Change:
        slips = self._slips(typed, meant, start, end)
        gain = self._cost(self._numbers(typed)) - self._cost(self._numbers(meant)) - slips
        return Change(typed, meant, start, end, gain, slips)

    def _numbers(self, run: str) -> tuple[int, ...]:
        return tuple(map(self._vocabulary.number, run))

    def _slips(self, typed: str, meant: str, start: int, end: int) -> float:
        """What the slips from meant to typed cost, without what breaking a word costs."""
        costs = self._costs
        here, there = typed[start:end], meant[start : end + len(meant) - len(typed)]
        if len(here) > len(there):
            beside = typed[start - 1 : start] + typed[end : end + 1]
            return costs.twice if here in beside else costs.extra
        if len(here) < len(there):
            return costs.missing
        if len(here) > 1 and sorted(here) == sorted(there):
            return costs.swapped
        return sum(
            self._alternatives(one).get(other, costs.extra)
            for one, other in zip(self._numbers(here), self._numbers(there), strict=True)
        )

    def _cost(self, numbers: tuple[int, ...]) -> float:
        padded = (NONE, NONE, *numbers)
        return sum(map(self._vocabulary.surprise, padded, padded[1:], numbers))

    def _text(self, path: _Path, run: str) -> str:
        return "".join(
            self._vocabulary.char(number) if number != NONE else run[origin]
            for number, origin in zip(path.numbers, path.origins, strict=True)
        )

    def _paths(self, run: str, numbers: tuple[int, ...]) -> list[_Path]:
        """Return the best ways through the run."""
        in_word = words_of(run)
        ends: list[dict[tuple[int, ...], _Path]] = [{} for _ in range(len(run) + 1)]
        ends[0][()] = _Path(0.0, NONE, NONE, (), ())
        surprise = self._vocabulary.surprise
        for place in range(len(run)):
            steps = list(self._steps(numbers, place, in_word))
            for path in _best(ends[place]):
                for step in steps:
                    cost, before, last = path.cost + step.cost, path.before, path.last
                    for number, _ in step.chars:
                        cost += surprise(before, last, number)
                        before, last = last, number
                    reached = path.numbers + tuple(number for number, _ in step.chars)
                    end = ends[place + step.width]
                    known = end.get(reached)
                    if known is None or known.cost > cost:
                        origins = path.origins + tuple(origin for _, origin in step.chars)
                        end[reached] = _Path(cost, before, last, reached, origins)
        return _best(ends[-1])

    def _steps(
        self, numbers: tuple[int, ...], place: int, in_word: tuple[bool, ...]
    ) -> Iterator[_Step]:
        """Yield the ways on from a place; the first is what was typed."""
        costs, number = self._costs, numbers[place]
        left = numbers[place - 1] if place else NONE
        right = numbers[place + 1] if place + 1 < len(numbers) else NONE
        more = costs.in_word if in_word[place] else 0.0
        yield _Step(1, 0.0, ((number, place),))
        for other, cost in self._likely(left, number, right):
            yield _Step(1, cost + more, ((other, place),))
        if right not in (NONE, number) and self._is_said(right, number):
            yield _Step(2, costs.swapped + more, ((right, place + 1), (number, place)))
        if len(numbers) > 2:
            yield from self._uneven(numbers, place, more)

    def _likely(self, left: int, number: int, right: int) -> list[tuple[int, float]]:
        """Return the alternatives that stand beside a neighbour in the archive, the likeliest."""
        pair, least = self._vocabulary.pair, self._least
        found: list[tuple[float, int, float]] = []
        for other, cost in self._alternatives(number).items():
            before, behind = pair(left, other), pair(other, right)
            if before >= least or behind >= least:
                found.append((cost - log1p(before) - log1p(behind), other, cost))
        return [(other, cost) for _, other, cost in nsmallest(_MOST_STEPS, found)]

    def _uneven(self, numbers: tuple[int, ...], place: int, more: float) -> Iterator[_Step]:
        """A character too many, or one too few before this place."""
        costs, number = self._costs, numbers[place]
        left = numbers[place - 1] if place else NONE
        right = numbers[place + 1] if place + 1 < len(numbers) else NONE
        short = len(numbers) <= SHORT
        if NONE not in (left, right) and self._is_said(left, right):
            if number in (left, right):
                yield _Step(2, costs.twice, ((right, place + 1),))
            elif short:
                yield _Step(2, costs.extra + more, ((right, place + 1),))
        if not short or NONE in (left, number) or self._is_known_at(numbers, place):
            return
        following = self._vocabulary.following(left)
        if len(following) <= _MOST_FOLLOWING:
            for other in following:
                if self._vocabulary.triple(left, other, number) >= self._least:
                    yield _Step(1, costs.missing + more, ((other, -1), (number, place)))

    def _is_known_at(self, numbers: tuple[int, ...], place: int) -> bool:
        """Whether two neighbours are said with what stands before or behind them."""
        triple = self._vocabulary.triple
        before = numbers[place - 2 : place + 1]
        behind = numbers[place - 1 : place + 2]
        return any(len(run) == 3 and triple(*run) for run in (before, behind))

    def _is_said(self, first: int, second: int) -> bool:
        return self._vocabulary.pair(first, second) >= self._least

    def _find_alternatives(self, number: int) -> dict[int, float]:
        """Return characters that may have been meant by a typed one, with what the slip costs."""
        vocabulary, costs = self._vocabulary, self._costs
        found: dict[int, float] = {}
        said = vocabulary.sounds(number)
        for syllable in (near for one in said for near in vocabulary.near(one)):
            found |= dict.fromkeys(vocabulary.spoken(syllable), costs.near_sound)
        for syllable in said:
            found |= dict.fromkeys(vocabulary.spoken(syllable), costs.same_sound)
        for other, rate in vocabulary.alike(number):
            cost = costs.alike + costs.less_alike * (1.0 - rate)
            if other in found:
                cost = min(cost, found[other]) - costs.both * rate
            found[other] = cost
        found.pop(number, None)
        return found


def _best(paths: dict[tuple[int, ...], _Path]) -> list[_Path]:
    return sorted(paths.values(), key=lambda path: path.cost)[:_BEAM]


def _differences(typed: str, meant: str) -> list[tuple[int, int, int]]:
    """Return (start, end in typed, end in meant) of each stretch that differs, from the left.

    Of texts of different lengths, one stretch.
    """
    if len(typed) != len(meant):
        start = _same(typed, meant)
        end = _same(typed[start:][::-1], meant[start:][::-1])
        return [(start, len(typed) - end, len(meant) - end)]
    places = [n for n, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    found: list[tuple[int, int, int]] = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1, place + 1)
        else:
            found.append((place, place + 1, place + 1))
    return found


def _same(one: str, other: str) -> int:
    """How many characters two texts have in common from the left."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))
