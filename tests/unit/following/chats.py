"""A chat as the preview site would show it, for tests of what is asked and what is made of it."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta

from soso.following.pages import Ask, Purpose, Reading, Shown
from soso.model.following import Followed, Route
from soso.model.post import Post

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEWEST = Ask(purpose=Purpose.NEWEST)


def later(**units: float) -> datetime:
    return NOW + timedelta(**units)


def post(number: int, album: tuple[int, ...] = (), **fields: object) -> Post:
    at = NOW - timedelta(hours=1) + timedelta(seconds=number)
    told: dict[str, object] = {"id": number, "at": at, "text": f"第 {number} 条", "views": 7}
    return Post(album=album, **(told | fields))  # type: ignore[arg-type]


def source(**fields: object) -> Followed:
    told: dict[str, object] = {
        "route": Route.PREVIEW,
        "name": "ming",
        "added_at": NOW,
        "added_by": "test",
        "number": 1,
    }
    return Followed(**(told | fields))  # type: ignore[arg-type]


def page(*posts: Post, at: datetime = NOW, **fields: object) -> Reading:
    return Reading(shown=Shown.POSTS, at=at, posts=posts, **fields)  # type: ignore[arg-type]


class Site:
    """A chat of single messages and albums; cuts pages by ids, through albums too.

    parts: show only the part of an album that the page holds; else the album comes whole.
    """

    def __init__(self, *, size: int = 5, parts: bool = True) -> None:
        self.size = size
        self.parts = parts
        self.blocks: list[tuple[int, ...]] = []
        self.last_id = 0
        self.asked = 0

    def add(self, count: int = 1) -> None:
        ids = tuple(range(self.last_id + 1, self.last_id + count + 1))
        self.blocks.append(ids)
        self.last_id = ids[-1]

    def skip(self, count: int) -> None:
        """Numbers that no message has."""
        self.last_id += count

    def delete(self, number: int) -> None:
        blocks = [tuple(i for i in ids if i != number) for ids in self.blocks]
        self.blocks = [ids for ids in blocks if ids]

    def ids(self) -> set[int]:
        return {number for ids in self.blocks for number in ids}

    def show(self, ask: Ask, at: datetime = NOW) -> Reading:
        self.asked += 1
        ids = sorted(self.ids())
        if ask.post_id is not None:
            if ask.post_id in ids:
                return page(post(ask.post_id), at=at)
            return Reading(shown=Shown.NO_POST, at=at)
        end = len(ids) if ask.before is None else bisect_left(ids, ask.before)
        held = set(ids[max(end - self.size, 0) : end])
        posts = []
        for block in self.blocks:
            seen = tuple(number for number in block if number in held)
            if seen:
                shown = seen if self.parts else block
                posts.append(post(shown[0], album=shown if len(shown) > 1 else ()))
        return page(*posts, at=at)
