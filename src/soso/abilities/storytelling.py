"""The part of App about stories: telling them, and reading them.

Mixed into bootstrap.App. They are kept up by the worker (worker/telling.py).
"""

from functools import cached_property

from soso.flows import read_stories
from soso.flows.browse import find_shown_post
from soso.flows.lay_out import CardMaker
from soso.flows.tell_stories import CONSUMER, StoryReport, StoryTeller
from soso.query.stories import StoryCard, StoryPage
from soso.wiring import Adapters


class StoriesApp(Adapters):
    """Stories. Methods may be called from many threads, tell_stories from one."""

    @cached_property
    def _teller(self) -> StoryTeller:
        return StoryTeller(self.store, self.analyzers, self._serving_model)

    def _serving_model(self) -> tuple[str, int] | None:
        name = self.meaning.model if self.meaning is not None else None
        return (name, self.meaning.dimension) if self.meaning is not None and name else None

    def _reading_stories(self, sensitive: bool) -> read_stories.StoryReading:
        cards = CardMaker(self.store, self.analyzers, sensitive=sensitive)
        return read_stories.StoryReading(self.store, cards, self.zone, sensitive)

    def tell_stories(self, *, vectors: bool = True) -> StoryReport:
        """Bring stories up to the archive by a step; see flows/tell_stories.py. Raises Busy."""
        return self._teller.step(vectors=vectors)

    def tell_stories_anew(self) -> None:
        """Have all stories told anew by the steps that follow. Raises Unavailable."""
        self._teller.tell_anew()

    def stories_behind(self) -> int:
        """Return how many changes wait to be told of."""
        return self.store.lag(CONSUMER)

    def list_stories(
        self, *, limit: int = 20, offset: int = 0, sensitive: bool = False
    ) -> list[StoryCard]:
        """Return current stories, the most told first. Raises Unavailable."""
        needs = self._reading_stories(sensitive)
        return read_stories.list_stories(needs, limit=limit, offset=offset)

    def get_story(self, number: int, *, sensitive: bool = False) -> StoryPage:
        """Return a story's page; see flows/read_stories.py. Raises NotFound, Gone."""
        return read_stories.get_story(number, self._reading_stories(sensitive))

    def find_story_of(self, ref: str, post_id: int, *, sensitive: bool = False) -> StoryCard | None:
        """Return the story that a post is part of. Raises NotFound, Gone as the post's page does."""
        _, stored = find_shown_post(self.store, ref, post_id)
        return read_stories.find_story_of(stored.key, self._reading_stories(sensitive))
