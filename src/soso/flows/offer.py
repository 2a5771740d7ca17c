"""From the change log into the suggestions, as a consumer of its own that the index never waits for.

Begins by walking over the whole archive, since older changes are forgotten; what is there already
and has not changed costs reads alone, so a walk that was cut short simply begins again.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from soso.model.chat import Chat
from soso.model.ids import ChatKey, DocId, PostKey, chat_doc, doc_key, is_chat_doc, post_doc
from soso.model.post import StoredPost
from soso.ports.store import Store
from soso.ports.suggestions import Offered
from soso.ranking.suggesting import weigh_chat, weigh_post
from soso.schema.offers import TAG, VERSION, Offer, list_keys, offer_chat, offer_post
from soso.text.analyzers import Analyzers

CONSUMER: Final = "suggest"
STEP: Final = 5_000
"""Documents written in one transaction. Keys fall all over the store, so a page is written for
nearly every key of a small step and for several of a large one: 202,000 changed posts wrote 2,045
MiB at 1,000 a step, 906 MiB at this size."""

_MOST_REMEMBERED: Final = 20_000


class Follower:
    """Brings the suggestions up to the archive a step at a time. For one thread."""

    def __init__(self, store: Store, analyzers: Analyzers) -> None:
        self._store = store
        self._analyzers = analyzers
        self._walk: Iterator[Sequence[DocId]] | None = None
        self._run: Sequence[DocId] = ()  # of the walk, at hand
        self._begun_at = 0
        self._keys_of_tags: dict[str, tuple[str, ...]] = {}

    def step(self) -> int:
        """Do a step; return how many documents it looked at, 0 when there is nothing to do.

        Raises Unavailable; the step is then done again.
        """
        if self._walk is None and self._store.find_walk() != self._version:
            self._store.changes(CONSUMER, limit=1)  # from now on no change is trimmed unseen
            self._begun_at = self._store.last_seq()
            self._walk = _in_steps(self._store.iter_docs())
        if self._walk is not None:
            return self._step_of_walk(self._walk)
        changes = self._store.changes(CONSUMER, limit=STEP)
        if changes:
            self._put(change.doc for change in changes)
            self._store.ack(CONSUMER, changes[-1].seq)
        return len(changes)

    @property
    def _version(self) -> str:
        return f"{VERSION} {self._analyzers.fingerprint}"

    def _step_of_walk(self, walk: Iterator[Sequence[DocId]]) -> int:
        self._run = self._run or next(walk, ())
        if self._run:
            self._put(self._run)
            done, self._run = len(self._run), ()
            return done
        self._store.reset(CONSUMER, self._begun_at)
        self._store.keep_walk(self._version)
        self._walk = None
        return 1

    def _put(self, docs: Iterable[DocId]) -> None:
        wanted = dict.fromkeys(docs)
        offers: dict[DocId, Sequence[Offered]] = dict.fromkeys(wanted, ())
        posts = [PostKey(doc_key(doc)) for doc in wanted if not is_chat_doc(doc)]
        stored = self._store.get_posts(posts)
        own = [ChatKey(doc_key(doc)) for doc in wanted if is_chat_doc(doc)]
        chats = self._store.get_chats([*{*own, *(post.chat for post in stored)}])
        for post in stored:
            chat = chats.get(post.chat)
            if chat is not None:
                offers[post_doc(post.key)] = self._of_post(post, chat)
        for key in own:
            if key in chats:
                offers[chat_doc(key)] = self._of_chat(chats[key])
        self._store.put_offers(offers)

    def _of_post(self, stored: StoredPost, chat: Chat) -> list[Offered]:
        post = stored.post
        at = min(post.at, stored.first_seen_at)  # a date in the future must not win
        weight = weigh_post(views=post.views or 0, at_s=int(at.timestamp()))
        return [
            self._offered(offer, self._keys(offer), weight)
            for offer in offer_post(stored, chat, self._analyzers)
        ]

    def _of_chat(self, chat: Chat) -> list[Offered]:
        offer = offer_chat(chat, self._analyzers)
        if offer is None:
            return []
        posts = self._store.count_posts(chat.key)
        keys = tuple(list_keys(offer, self._analyzers, username=chat.username))
        return [self._offered(offer, keys, weigh_chat(members=chat.members or 0, posts=posts))]

    def _keys(self, offer: Offer) -> tuple[str, ...]:
        """The keys of an offer; those of tags, which come again and again, are remembered."""
        if offer.kind != TAG:
            return tuple(list_keys(offer, self._analyzers))
        keys = self._keys_of_tags.get(offer.text)
        if keys is None:
            if len(self._keys_of_tags) >= _MOST_REMEMBERED:
                self._keys_of_tags.clear()
            keys = self._keys_of_tags[offer.text] = tuple(list_keys(offer, self._analyzers))
        return keys

    def _offered(self, offer: Offer, keys: tuple[str, ...], weight: int) -> Offered:
        return Offered(entry=offer.entry, kind=offer.kind, keys=keys, weight=weight)


def _in_steps(runs: Iterable[Sequence[DocId]]) -> Iterator[Sequence[DocId]]:
    step: list[DocId] = []
    for run in runs:
        step += run
        if len(step) >= STEP:
            yield step
            step = []
    if step:
        yield step
