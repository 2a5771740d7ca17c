"""Stories as readers see them: of shown posts, one for each cluster of copies, two chats at least."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Final, NamedTuple

from soso.flows.lay_out import CardMaker
from soso.model.chat import Chat, ChatKind
from soso.model.errors import Gone, NotFound
from soso.model.ids import ChatKey, DocId, PostKey, post_doc
from soso.model.visibility import is_listed
from soso.ports.store import Store
from soso.ports.stories import Part
from soso.query.results import Card
from soso.query.stories import StoryCard, StoryDay, StoryPage, StoryPost
from soso.ranking.heat import heat
from soso.similarity.central import order_by_centrality
from soso.similarity.tellings import DAY_S

MOST_POSTS: Final = 300
"""Of a longer story the first and the last are shown."""

CURRENT_S: Final = 14 * DAY_S
"""Current is what was told of so long before the last that any story was told of."""

_AT_ONCE: Final = 12
_LOOKED_AT: Final = 40
_TITLES: Final = 4
"""Of a story's first posts so many are looked at for a title, and so many read."""


class StoryReading(NamedTuple):
    """What reading stories needs. sensitive: the reader asked to see sensitive content."""

    store: Store
    cards: CardMaker
    zone: tzinfo
    sensitive: bool


class _Shown(NamedTuple):
    """What a reader may see of a story, by time. firsts: the first of each cluster of copies."""

    number: int
    firsts: list[Part]
    copies: dict[PostKey, int]
    chats: dict[ChatKey, Chat]
    copying: list[Chat]


def list_stories(needs: StoryReading, *, limit: int, offset: int = 0) -> list[StoryCard]:
    """Return current stories, those first that most channels tell now. Raises Unavailable.

    offset: how many stories to pass over; those that this reader may not see are not counted.
    """
    found: list[tuple[float, _Shown]] = []
    passed, latest = 0, None
    while len(found) < offset + limit:
        rows = needs.store.list_hot(limit=_AT_ONCE, offset=passed)
        passed += len(rows)
        latest = max((row.last_s for row in rows), default=0) if latest is None else latest
        current = [row.number for row in rows if row.last_s >= latest - CURRENT_S]
        found += [(_heat(shown), shown) for shown in _show(needs, current)]
        if len(rows) < _AT_ONCE or not current:
            break
    found.sort(key=lambda pair: (-pair[0], -pair[1].number))
    return _cards(needs, [shown for _, shown in found[offset : offset + limit]])


def get_story(number: int, needs: StoryReading) -> StoryPage:
    """Return a story's page; a story that another took in gives that one's.

    Raises NotFound, Gone for one that has no posts of two chats that may be shown any more.
    """
    row = needs.store.find_story(number)
    if row is not None and row.moved_to is not None:
        row = needs.store.find_story(row.moved_to)
    if row is None:
        raise NotFound("there is no such story")
    shown = next(iter(_show(needs, [row.number])), None)
    cards = _cards(needs, [shown] if shown is not None else [])
    if shown is None or not cards:
        raise Gone("what this story was told by is gone")
    return _page(needs, shown, cards[0])


def find_story_of(key: PostKey, needs: StoryReading) -> StoryCard | None:
    """Return the story that a post is in, if readers may see one."""
    number = needs.store.find_story_of(key)
    shown = _show(needs, [number]) if number is not None else []
    return next(iter(_cards(needs, shown)), None)


def _show(needs: StoryReading, numbers: Collection[int]) -> list[_Shown]:
    """Return what may be shown of stories, in their order; those of fewer than two chats not."""
    if not numbers:
        return []
    parts = needs.store.list_parts(numbers)
    chats = needs.store.get_chats([*{part.chat for part in parts}])
    heads = needs.store.clusters_of([post_doc(part.key) for part in parts])
    by_story: dict[int, list[Part]] = {number: [] for number in numbers}
    for part in parts:
        chat = chats.get(part.chat)
        if chat is None or not is_listed(chat):
            continue
        if needs.sensitive or not (part.sensitive or chat.sensitive):
            by_story[part.story].append(part)
    found = [_shown(number, rows, heads, chats) for number, rows in by_story.items()]
    return [shown for shown in found if len(shown.chats) > 1]


def _shown(
    number: int,
    parts: Iterable[Part],
    heads: dict[DocId, DocId],
    chats: dict[ChatKey, Chat],
) -> _Shown:
    firsts: dict[int, Part] = {}
    copies: dict[PostKey, int] = {}
    copying: dict[ChatKey, Chat] = {}
    for part in parts:
        doc = post_doc(part.key)
        first = firsts.setdefault(heads.get(doc, doc), part)
        if first is not part:
            copies[first.key] = copies.get(first.key, 0) + 1
            copying[part.chat] = chats[part.chat]
    telling = {part.chat: chats[part.chat] for part in firsts.values()}
    others = [chat for key, chat in copying.items() if key not in telling]
    return _Shown(number, list(firsts.values()), copies, telling, others)


def _heat(shown: _Shown) -> float:
    joined: dict[ChatKey, int] = {}
    for part in shown.firsts:
        joined.setdefault(part.chat, part.at_s)
    return heat(joined.values())


def _cards(needs: StoryReading, stories: Sequence[_Shown]) -> list[StoryCard]:
    """Return stories as cards, each titled by its most central post that can be shown."""
    central = {shown.number: _central(shown) for shown in stories}
    posts = needs.cards.find_posts([doc for docs in central.values() for doc in docs])
    found: list[StoryCard] = []
    for shown in stories:
        cards = [needs.cards.of_post(*posts[doc]) for doc in central[shown.number] if doc in posts]
        # What a channel publishes is written to be read alone; in a group people answer each other.
        cards.sort(key=lambda one: (not one.title.text, one.chat.kind is not ChatKind.CHANNEL))
        if cards:
            found.append(
                StoryCard(
                    number=shown.number,
                    card=cards[0],
                    chats=tuple(shown.chats.values()),
                    posts=len(shown.firsts),
                    first_at=_at(shown.firsts[0]),
                    last_at=_at(shown.firsts[-1]),
                )
            )
    return found


def _central(shown: _Shown) -> list[DocId]:
    """Return the posts that may title a story, the most central first."""
    order = order_by_centrality([part.terms for part in shown.firsts[:_LOOKED_AT]])
    return [post_doc(shown.firsts[place].key) for place in order[:_TITLES]]


def _page(needs: StoryReading, shown: _Shown, card: StoryCard) -> StoryPage:
    parts = shown.firsts
    left_out = max(len(parts) - MOST_POSTS, 0)
    if left_out:
        parts = [*parts[: MOST_POSTS // 2], *parts[-MOST_POSTS // 2 :]]
    cards = _find_cards(needs, [part.key for part in parts])
    posts = [
        StoryPost(card=one, copies=shown.copies.get(one.stored.key, 0))
        for one in cards
        if one.stored is not None
    ]
    days = groupby(
        posts, lambda post: (post.card.at or card.first_at).astimezone(needs.zone).date()
    )
    return StoryPage(
        story=card,
        days=tuple(StoryDay(day=day, posts=tuple(of_day)) for day, of_day in days),
        copying=tuple(shown.copying),
        left_out=left_out,
    )


def _find_cards(needs: StoryReading, keys: Sequence[PostKey]) -> list[Card]:
    docs = [post_doc(key) for key in keys]
    found = needs.cards.find_posts(docs)
    return [needs.cards.of_post(*found[doc]) for doc in docs if doc in found]


def _at(part: Part) -> datetime:
    return datetime.fromtimestamp(part.at_s, tz=UTC)
