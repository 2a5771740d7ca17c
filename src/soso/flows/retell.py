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

_END: Final = 2**62


class Retelling:
    """Places tellings from where they are due; goes on from slice to slice and from run to run.

    A placement differs if it was due, or stands beside others than before. What differs, and what
    joins a story that does, can touch others for as long as that story is open; behind that all is
    as it was. Where a slice ends before, a telling just before is left due from there on: who goes
    on without having seen the slice takes all stories that are open there for touched.
    """

    def __init__(self, store: Store, measure: Measure) -> None:
        self._store = store
        self._measure = measure
        self._teller: Teller | None = None
        self._stored: dict[PostKey, int | None] = {}  # of what is held: the number in the store
        self._owners: dict[int, int] = {}  # that number -> the teller's, of stories that are held
        self._over: set[int] = set()  # numbers in a slice whose stories are not held any more
        self._touched: set[int] = set()  # stories, by the teller's numbers
        self._lost: set[int] = set()  # numbers that lost a post
        self._until_s = -(2**62)
        self._left: dict[PostKey, int] = {}  # tellings left due, and from when on
        self._own: PostKey | None = None  # the one among them that this run left
        self._settled: list[PostKey] = []  # those among them that were reached
        self._next_s: int | None = None  # where this run goes on by itself
        self.is_done = False
        """Whether this one is of no more use: what follows is not held."""

    def can_begin(self, first_s: int) -> bool:
        """Whether all is held that matters from a time on."""
        if self._teller is None or first_s == self._next_s:
            return True
        is_behind = self._next_s is not None and first_s > self._next_s
        return not is_behind and not self._left and self._teller.can_rewind(first_s)

    def tell(self, first_s: int, turn: int) -> tuple[int, int]:
        """Place a slice of tellings from a time on; return how many, and the turn after it.

        Raises Busy, Unavailable; then this one must not be used again.
        """
        if self._teller is None:
            self._teller = self._load(first_s)
        teller = self._teller
        if first_s != self._next_s:
            self._until_s = max(self._until_s, first_s + QUIET_S)
        teller.rewind((first_s, -(2**62), 0))
        rows, following = self._read(first_s)
        unknown = {told.story for told in rows if told.story is not None} - self._owners.keys()
        self._over = self._store.find_told_of(unknown, first_s)
        behind_s = following.telling.at_s if following is not None else _END
        placed: list[Told] = []
        gone: list[PostKey] = []
        for told in rows:
            self._reach(teller, told.telling.at_s)
            if told.telling.at_s > self._until_s and not _is_due(told):
                following, behind_s, self.is_done = None, told.telling.at_s, True
                break
            if told.telling.terms:
                placed.append(told)
                self._place(teller, told)
            else:
                gone.append(told.telling.key)
                self._lose(teller, told)
        self._reach(teller, behind_s - 1)
        now, changed = self._name(teller, placed)
        turn = self._store.put_stories(
            turn,
            placed=now,
            gone=gone,
            rows=changed,
            lost=sorted(self._lost),
            behind_s=behind_s,
            covered_s=min(self._until_s - QUIET_S, behind_s - 1),
            due=self._leave(teller, following),
        )
        self._lost.clear()
        last_s = rows[-1].telling.at_s if rows else first_s
        self._let_go(teller, min(last_s, behind_s - 1), more=following is not None)
        return len(placed) + len(gone), turn

    def _reach(self, teller: Teller, at_s: int) -> None:
        """Take for touched what is open where another run ended; forget where this one did."""
        for key, from_s in [*self._left.items()]:
            if from_s <= at_s:
                del self._left[key]
                self._settled.append(key)
                if key != self._own:
                    self._until_s = max(self._until_s, from_s + QUIET_S)
                    self._touched |= {one.number for one in teller.held() if one.is_open(from_s)}

    def _leave(self, teller: Teller, following: Told | None) -> dict[PostKey, int]:
        """Return the tellings to be left due, so that this is gone on with, and from when on."""
        due = dict(self._left)
        self._own = self._next_s = None
        if following is None:
            return due
        from_s = following.telling.at_s
        touched = [story for number in self._touched if (story := teller.find(number))]
        lasts = [story.members[-1].telling for story in touched if story.is_open(from_s)]
        free = [telling for telling in lasts if telling.key not in self._left]
        if free:
            self._own = max(free, key=lambda telling: telling.rank).key
            self._left[self._own] = due[self._own] = from_s
        elif lasts or self._until_s >= from_s:
            due[following.telling.key] = from_s
        elif not _is_due(following):
            self.is_done = True
        self._next_s = from_s
        return due

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
                if told.due_s is not None:
                    self._left[told.telling.key] = told.due_s
                    self._touched.add(story.number)
                if told.story is not None:
                    self._owners[told.story] = story.number
            if rows[-1].telling.at_s >= first_s:
                break
            after = rows[-1].telling.rank
        self._forget(teller, first_s - QUIET_S)
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
        key, number = told.telling.key, told.story
        self._stored[key] = number
        if told.due_s is not None and not _is_due(told):
            self._left[key] = told.due_s
        if number is None:
            differs = len(story.members) > 1
        else:
            owner = self._owner(teller, number)
            if owner is None and len(story.members) == 1 and number not in self._over:
                self._owners[number] = owner = story.number
            differs = owner != story.number
            if differs:
                self._lost.add(number)
                if owner is not None:
                    self._touched.add(owner)
        if differs or _is_due(told) or number in self._lost:
            self._touched.add(story.number)
        if story.number in self._touched:
            self._until_s = max(self._until_s, told.telling.at_s + QUIET_S)

    def _lose(self, teller: Teller, told: Told) -> None:
        self._until_s = max(self._until_s, told.telling.at_s + QUIET_S)
        self._stored.pop(told.telling.key, None)
        if told.story is not None:
            self._lost.add(told.story)
            owner = self._owner(teller, told.story)
            if owner is not None:
                self._touched.add(owner)

    def _owner(self, teller: Teller, number: int) -> int | None:
        """Return the story that is held under a number in the store."""
        owner = self._owners.get(number)
        return owner if owner is not None and teller.find(owner) is not None else None

    def _name(
        self, teller: Teller, placed: Iterable[Told]
    ) -> tuple[dict[PostKey, int | None], list[StoryRow]]:
        """Return the numbers of what was placed or touched, and the rows of stories that changed."""
        held = [story for number in sorted(self._touched) if (story := teller.find(number))]
        groups = [story for story in held if len(story.members) > 1]
        keys = [[member.telling.key for member in story.members] for story in groups]
        before = {
            key: number
            for key, number in self._stored.items()
            if number is not None and number not in self._over
        }
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
        now |= {key: self._stored[key] for key in self._settled if key in self._stored}
        self._settled.clear()
        alone = [story.members[0].telling.key for story in held if len(story.members) == 1]
        now |= {key: None for key in alone if key in now or self._stored[key] is not None}
        held_anew = {story.number for story in held}
        self._owners = {old: own for old, own in self._owners.items() if own not in held_anew}
        for number, story, members in zip(numbers, groups, keys, strict=True):
            self._owners[number] = story.number
            now |= {key: number for key in members if self._stored[key] != number or key in now}
        prior = {key: self._stored[key] for key in now}
        self._stored.update(now)
        self._lost |= {old for key, old in prior.items() if old is not None and old != now[key]}
        rows = [_row_of(number, story) for number, story in zip(numbers, groups, strict=True)]
        rows += [StoryRow(number=old, moved_to=numbers[place]) for old, place in moved.items()]
        known = {row.number for row in rows}
        rows += [StoryRow(number=old) for old in sorted(self._lost - known)]
        return now, rows

    def _let_go(self, teller: Teller, at_s: int, *, more: bool) -> None:
        """Forget what is over."""
        self._forget(teller, at_s - HELD_S)
        if not more:
            self._touched.clear()
            self._until_s = -(2**62)

    def _forget(self, teller: Teller, before_s: int) -> None:
        teller.forget(before_s)
        self._touched = {number for number in self._touched if teller.find(number)}
        self._owners = {old: own for old, own in self._owners.items() if teller.find(own)}
        held = {member.telling.key for story in teller.held() for member in story.members}
        self._stored = {key: number for key, number in self._stored.items() if key in held}


def _is_due(told: Told) -> bool:
    """Whether it is to be placed anew itself; not, if only what follows is to be looked at."""
    return told.due_s is not None and told.due_s <= told.telling.at_s


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
