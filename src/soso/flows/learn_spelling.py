"""Learning the vocabulary that corrections come from: read the archive, count, keep one file.

Only what every reader may find is counted: shown posts that are not sensitive, of listed chats.
In bounded memory (spelling/count.py); of a large archive, evenly drawn posts are enough.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from soso.model.chat import Chat
from soso.model.post import Post
from soso.model.value import Value
from soso.model.visibility import is_post_shown
from soso.ports.clock import Clock
from soso.ports.lexicon import Lexicon
from soso.ports.store import Store
from soso.spelling.count import RunCounter
from soso.spelling.pack import Breathe, pack

MOST_POSTS: Final = 400_000
GROWTH: Final = 1.2
PAUSE: Final = timedelta(hours=1)
"""At most so often, and only if the archive has grown or shrunk by GROWTH."""
STALE: Final = timedelta(days=1)
"""After so long, if anything at all has changed: what was taken down is to be forgotten."""
NAME_WEIGHT: Final = 3
"""A chat's name is known from one place, and still to be offered: it counts as this many posts."""

_BATCH: Final = 200
_CHATS: Final = 200

Rest = Callable[[], bool]
"""Called between batches, to let others work; False gives up."""


class LearnReport(Value):
    """What was read; bytes: of the file, 0 where it was given up."""

    posts: int = 0
    chats: int = 0
    bytes: int = 0


def is_due(store: Store, lexicon: Lexicon, clock: Clock) -> bool:
    """Whether the vocabulary is to be learned anew. Raises Unavailable."""
    speller, kept_at = lexicon.find(), lexicon.kept_at()
    if speller is None or kept_at is None:
        return store.count_posts(listed=True) > 0 or bool(store.list_chats(limit=1))
    age = clock.now() - kept_at
    if age < PAUSE:
        return False
    posts, change = speller.grown
    if age >= STALE and store.last_seq() != change:
        return True
    now = store.count_posts(listed=True)
    return now > posts * GROWTH or now * GROWTH < posts


def learn_spelling(
    store: Store,
    lexicon: Lexicon,
    *,
    rest: Rest = lambda: True,
    breathe: Breathe = lambda: None,
    most_posts: int = MOST_POSTS,
) -> LearnReport:
    """Read the archive and keep a vocabulary of it. Raises Unavailable.

    breathe: called again and again within a batch and while the file is made.
    """
    grown = store.count_posts(listed=True), store.last_seq()
    counter = RunCounter()
    step = max(1, -(-grown[0] // most_posts))
    posts = chats = 0
    for chat in _listed(store):
        if chat.sensitive:
            continue
        chats += 1
        counter.add(filter(None, (chat.title, chat.username)), NAME_WEIGHT)
        counter.add([chat.description])
        texts = _texts_of(store, chat, step)
        while batch := list(islice(texts, _BATCH)):
            for found in batch:
                counter.add(found)
                breathe()
            posts += len(batch)
            if not rest():
                return LearnReport(posts=posts, chats=chats)
    content = pack(counter.counts(), grown=grown, breathe=breathe)
    lexicon.keep(content)
    return LearnReport(posts=posts, chats=chats, bytes=len(content))


def _listed(store: Store) -> Iterator[Chat]:
    offset = 0
    while rows := store.list_chats(order="title", limit=_CHATS, offset=offset):
        yield from (row.chat for row in rows)
        offset += len(rows)


def _texts_of(store: Store, chat: Chat, step: int) -> Iterator[list[str]]:
    """Every step-th shown post of a chat."""
    shown = (
        stored.post
        for stored in store.iter_posts(chat.key)
        if is_post_shown(stored) and not stored.sensitive and stored.post.service is None
    )
    yield from (_texts(post) for post in islice(shown, 0, None, step))


def _texts(post: Post) -> list[str]:
    names = (name for one in post.media for name in (one.file_name, one.title, one.performer))
    poll = (post.poll.question, *(one.text for one in post.poll.answers)) if post.poll else ()
    return [text for text in (post.text, *names, *poll) if text]
