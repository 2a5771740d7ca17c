"""Stories and what they are found by, as they are kept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from soso.model.ids import ChatKey, PostKey
from soso.model.value import Value
from soso.similarity.tellings import Counts, Telling


class Told(NamedTuple):
    """A telling as it is kept. story: the number of its story, None while it is alone.

    due_s: from when on stories must be told anew because of it; None where that is done. Earlier
    than the telling where it was moved; later where it was placed in time, and all that may follow
    from it was not. A telling without terms that is due is to be forgotten when it is done.
    """

    telling: Telling
    story: int | None = None
    due_s: int | None = None


class Measure(NamedTuple):
    """What stories are told by, as it was when they were last told from the beginning."""

    counts: Counts
    need: float


class StoryRow(Value):
    """A story. posts, chats: how many take part, copies too; heat: see ranking/heat.py.

    moved_to: the story that took in its posts; its address leads there. Without it a story of no
    posts is gone.
    """

    number: int
    first_s: int = 0
    last_s: int = 0
    posts: int = 0
    chats: int = 0
    heat: float = 0.0
    moved_to: int | None = None


class Part(NamedTuple):
    """A post of a story that readers may be shown. sensitive: by itself; its chat is not asked."""

    story: int
    key: PostKey
    chat: ChatKey
    at_s: int
    cluster: int
    terms: bytes
    sensitive: bool


class Stories(Protocol):
    """Readers are given shown posts of listed chats only, whatever was told.

    One process may tell at a time: whoever works out a change reads `stories_turn` first and hands
    it on; a turn that has passed is refused with Busy, and nothing is written.
    """

    def stories_turn(self) -> int:
        """Return a number that every writing raises."""
        ...

    def put_tellings(
        self,
        turn: int,
        tellings: Sequence[Told],
        *,
        gone: Collection[PostKey] = (),
        lost: Collection[int] = (),
        done: tuple[str, int] | None = None,
    ) -> int:
        """Write tellings as they are; those of gone posts lose their terms and become due.

        lost: stories that lost a post to another time: all that is of them becomes due.
        done: a consumer of the change log and the seq it has done with this. Returns the new turn.
        """
        ...

    def put_stories(
        self,
        turn: int,
        *,
        placed: Mapping[PostKey, int | None],
        gone: Collection[PostKey],
        rows: Sequence[StoryRow],
        lost: Collection[int] = (),
        behind_s: int = 0,
        covered_s: int = -(2**62),
        due: Mapping[PostKey, int] = {},
    ) -> int:
        """Write where tellings are now, which are due no more; forget those of gone posts.

        A telling that was emptied meanwhile stays due.

        rows: one of no posts is left out while some of its posts are still to be placed. lost:
        stories that lost a post: what of them was published from behind_s on is due too.
        covered_s: of those published from behind_s on, what was due from then or before is now due
        from its own time. due: tellings that stay due, and from when on.
        Returns the new turn.
        """
        ...

    def take_story_numbers(self, count: int) -> int:
        """Return the first of so many numbers never used before."""
        ...

    def tell_all_anew(self, measure: Measure) -> None:
        """Keep another measure and make every telling due."""
        ...

    def load_measure(self) -> Measure | None:
        """Return what stories were told by."""
        ...

    def first_due(self) -> int | None:
        """Return from when on stories must be told anew, None if there is nothing to do."""
        ...

    def find_told_of(self, numbers: Collection[int], before_s: int) -> set[int]:
        """Return those of the stories of which something was published before a time."""
        ...

    def find_told(self, keys: Collection[PostKey]) -> dict[PostKey, Told]:
        """Return the tellings there are of posts."""
        ...

    def list_told(
        self, *, from_s: int, after: tuple[int, int, int] | None = None, limit: int = 2000
    ) -> list[Told]:
        """Return tellings published from a time on, behind a rank, in order of their ranks."""
        ...

    def iter_terms(self) -> Iterator[tuple[int, bytes]]:
        """Yield when posts were published and their terms, in order of time, in bounded memory."""
        ...

    def count_tellings(self) -> int:
        """Return how many there are."""
        ...

    def find_story(self, number: int) -> StoryRow | None:
        """Return a story's row, as it is: moved and gone ones too."""
        ...

    def find_story_of(self, key: PostKey) -> int | None:
        """Return the number of the story a post is in."""
        ...

    def list_hot(self, *, limit: int, offset: int = 0) -> list[StoryRow]:
        """Return stories of two chats and more, the warmest first."""
        ...

    def list_stories(self, *, after: int = 0, limit: int = 1000) -> list[StoryRow]:
        """Return the same stories by rising number, those above one."""
        ...

    def list_parts(self, numbers: Collection[int]) -> list[Part]:
        """Return the posts of stories that readers may be shown, by time."""
        ...
