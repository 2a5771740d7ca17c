"""Stories told anew from a time on, a slice in a transaction, until nothing differs any more.

Knows the order of steps: which rows are placed, which stories that touches, which numbers they keep.
Must not know what makes a story (similarity/stories.py).
"""

from collections.abc import Iterable
from typing import Final

from soso.model.ids import PostKey
from soso.ports.store import Store
from soso.ports.stories import Measure, StoryRow, Told
from soso.ranking.heat import heat
from soso.similarity.naming import keep_numbers
from soso.similarity.stories import LONGEST_S, QUIET_S, Story, Teller
from soso.similarity.tellings import DAY_S

SLICE: Final = 2_000
"""Tellings placed in one transaction."""

HELD_S: Final = QUIET_S + DAY_S
"""What is held of the past: stories that may still grow, and a day more for posts that come late."""


class Retelling:
    """Places tellings from where they are due; goes on from slice to slice and from run to run.

    A placement differs if it was due, or stands beside others than before. What differs, and what
    joins a story that does, can touch others for as long as that story is open; behind that all is
    as it was.
    """

    def __init__(self, store: Store, measure: Measure) -> None:
        self._store = store
        self._measure = measure
        self._teller: Teller | None = None
        self._stored: dict[PostKey, int | None] = {}  # of what is held: the number in the store
        self._owners: dict[int, int] = {}  # that number -> the teller's
        self._touched: set[int] = set()  # stories, by the teller's numbers
        self._lost: set[int] = set()  # numbers that lost a post
        self._until_s = -(2**62)
        self.is_done = False
        """Whether this one is of no more use: what follows is not held."""

    def can_begin(self, first_s: int) -> bool:
        """Whether all is held that matters from a time on."""
        return self._teller is None or self._teller.can_rewind(first_s)

    def tell(self, first_s: int, turn: int) -> tuple[int, int]:
        """Place a slice of tellings from a time on; return how many, and the turn after it.

        Raises Busy, Unavailable; then this one must not be used again.
        """
        if self._teller is None:
            self._teller = self._load(first_s)
        teller = self._teller
        teller.rewind((first_s, -(2**62), 0))
        self._until_s = max(self._until_s, first_s + QUIET_S)
        rows, following = self._read(first_s)
        last_s = rows[-1].telling.at_s if rows else first_s
        placed: list[Told] = []
        gone: list[PostKey] = []
        for told in rows:
            if told.due_s is None and told.telling.at_s > self._until_s:
                following, last_s, self.is_done = None, told.telling.at_s - 1, True
                break
            if told.telling.terms:
                placed.append(told)
                self._place(teller, told)
            else:
                gone.append(told.telling.key)
                self._lose(told)
        due = (following.telling.key, following.telling.at_s) if following is not None else None
        now, changed = self._name(teller, placed)
        turn = self._store.put_stories(
            turn,
            placed=now,
            gone=gone,
            rows=changed,
            lost=sorted(self._lost),
            behind_s=following.telling.at_s if following is not None else last_s + 1,
            due=due,
        )
        self._lost.clear()
        self._let_go(teller, last_s, more=due is not None)
        return len(placed) + len(gone), turn

    def _load(self, first_s: int) -> Teller:
        """Return a teller with the stories that were open at a time."""
        teller = Teller(self._measure.counts, need=self._measure.need, since_s=first_s - QUIET_S)
        after = None
        while rows := self._store.list_told(from_s=first_s - QUIET_S - LONGEST_S, after=after):
            for told in rows:
                if told.telling.at_s >= first_s:
                    break
                owner = self._owners.get(told.story) if told.story is not None else None
                beside = teller.find(owner) if owner is not None else None
                story = teller.restore(told.telling, beside)
                self._stored[told.telling.key] = told.story
                if told.story is not None:
                    self._owners[told.story] = story.number
            if rows[-1].telling.at_s >= first_s:
                break
            after = rows[-1].telling.rank
        teller.forget(first_s - QUIET_S)
        return teller

    def _read(self, first_s: int) -> tuple[list[Told], Told | None]:
        """Return a slice of whole seconds, and the telling that follows it."""
        rows = self._store.list_told(from_s=first_s, limit=SLICE)
        more = rows
        while len(more) == SLICE and more[-1].telling.at_s == first_s:
            more = self._store.list_told(from_s=first_s, after=more[-1].telling.rank, limit=SLICE)
            rows += more
        if len(more) < SLICE:
            return rows, None
        last_s = rows[-1].telling.at_s
        cut = next(place for place, told in enumerate(rows) if told.telling.at_s == last_s)
        return rows[:cut], rows[cut]

    def _place(self, teller: Teller, told: Told) -> None:
        story = teller.place(told.telling)
        self._stored[told.telling.key] = told.story
        if told.story is None:
            differs = len(story.members) > 1
        else:
            if len(story.members) == 1 and teller.find(self._owners.get(told.story, -1)) is None:
                self._owners[told.story] = story.number
            owner = self._owners.get(told.story)
            differs = owner != story.number
            if differs:
                self._lost.add(told.story)
                if owner is not None and teller.find(owner) is not None:
                    self._touched.add(owner)
        if differs or told.due_s is not None or told.story in self._lost:
            self._touched.add(story.number)
        if story.number in self._touched:
            self._until_s = max(self._until_s, told.telling.at_s + QUIET_S)

    def _lose(self, told: Told) -> None:
        self._until_s = max(self._until_s, told.telling.at_s + QUIET_S)
        if told.story is not None:
            self._lost.add(told.story)
            owner = self._owners.get(told.story)
            if owner is not None:
                self._touched.add(owner)

    def _name(
        self, teller: Teller, placed: Iterable[Told]
    ) -> tuple[dict[PostKey, int | None], list[StoryRow]]:
        """Return the numbers of what was placed or touched, and the rows of stories that changed."""
        held = [story for number in sorted(self._touched) if (story := teller.find(number))]
        groups = [story for story in held if len(story.members) > 1]
        keys = [[member.telling.key for member in story.members] for story in groups]
        before = {key: number for key, number in self._stored.items() if number is not None}
        kept, moved = keep_numbers(keys, before)
        new = kept.count(None)
        following = self._store.take_story_numbers(new) if new else 0
        numbers: list[int] = []
        for number in kept:
            numbers.append(following if number is None else number)
            following += number is None
        now: dict[PostKey, int | None] = {
            told.telling.key: told.story for told in placed if told.due_s is not None
        }
        alone = [story.members[0].telling.key for story in held if len(story.members) == 1]
        now |= {key: None for key in alone if key in now or self._stored[key] is not None}
        for number, story, members in zip(numbers, groups, keys, strict=True):
            self._owners[number] = story.number
            now |= {key: number for key in members if self._stored[key] != number or key in now}
        prior = {key: self._stored[key] for key in now}
        self._stored.update(now)
        self._lost |= {old for key, old in prior.items() if old is not None and old != now[key]}
        rows = [_row_of(number, story) for number, story in zip(numbers, groups, strict=True)]
        rows += [StoryRow(number=old, moved_to=numbers[place]) for old, place in moved.items()]
        known = {row.number for row in rows}
        rows += [StoryRow(number=old) for old in sorted(self._lost - known) if not self._holds(old)]
        return now, rows

    def _holds(self, number: int) -> bool:
        """Whether a post that is held is of that story."""
        return any(story == number for story in self._stored.values())

    def _let_go(self, teller: Teller, at_s: int, *, more: bool) -> None:
        """Forget what is over."""
        teller.forget(at_s - HELD_S)
        self._touched = {number for number in self._touched if teller.find(number)}
        self._owners = {old: own for old, own in self._owners.items() if teller.find(own)}
        held = {member.telling.key for story in teller.held() for member in story.members}
        self._stored = {key: number for key, number in self._stored.items() if key in held}
        if not more:
            self._touched.clear()
            self._until_s = -(2**62)


def _row_of(number: int, story: Story) -> StoryRow:
    joined: dict[int, int] = {}
    for telling, is_copy in story.members:
        if not is_copy:
            joined.setdefault(telling.chat, telling.at_s)
    return StoryRow(
        number=number,
        first_s=story.first_s,
        last_s=story.last_s,
        posts=len(story.members),
        chats=len(joined),
        heat=heat(joined.values()),
    )
