"""What the doors are given of stories. No wording, no HTML."""

from datetime import date, datetime

from soso.model.chat import Chat
from soso.model.value import Value
from soso.query.results import Card


class StoryCard(Value):
    """A story as lists show it.

    card: its most central post, whose title is the story's. chats: who took part independently,
    in order of time; never fewer than two. posts: how many, one for each cluster of copies.
    """

    number: int
    card: Card
    chats: tuple[Chat, ...]
    posts: int
    first_at: datetime
    last_at: datetime


class StoryPost(Value):
    """A post of a story. copies: how many more posts say the same."""

    card: Card
    copies: int = 0


class StoryDay(Value):
    """What was published on a day, in order of time."""

    day: date
    posts: tuple[StoryPost, ...]


class StoryPage(Value):
    """All that a story's page shows. copying: chats that only copied.

    left_out: how many posts of a very long story are not shown, the middle of it.
    """

    story: StoryCard
    days: tuple[StoryDay, ...]
    copying: tuple[Chat, ...] = ()
    left_out: int = 0
