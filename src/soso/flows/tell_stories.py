"""From the change log into stories, behind the clusters of copies; resumes where it was stopped.

Two halves. Taking in: what changed becomes tellings, rows that say from when on stories must be
told anew because of them. Telling: from the earliest of those on, tellings are placed in order of
publication until what follows can't be touched any more (similarity/stories.py). So a post that
comes years late is put into the story of its day, and only that time is told anew. Once nothing is
due, stories follow from the posts, the counts of terms and the vectors alone, whatever the order
they came in; the counts are made anew, and everything told anew, when the archive has doubled.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from soso.flows.cluster import CONSUMER as CLUSTER
from soso.flows.cluster import MADE as CLUSTERED
from soso.flows.gist import take_gists
from soso.flows.measure import take_measure
from soso.flows.retell import Retelling
from soso.model.errors import Busy
from soso.model.ids import PostKey, doc_key, is_chat_doc
from soso.model.value import Value
from soso.ports.store import Store
from soso.ports.stories import Told
from soso.similarity.fingerprint import VERSION as COPIES
from soso.similarity.tellings import VERSION, Telling
from soso.text.analyzers import Analyzers

CONSUMER: Final = "stories"
STEP: Final = 1_000
WALKED: Final = "stories-walked"
"""A setting: what tellings are made by, and the last document the first walk has done, or end."""

VECTORS: Final = "stories-vectors"
"""A setting: the model whose vectors tellings have, and up to which seq."""

Model = Callable[[], tuple[str, int] | None]

_END: Final = "end"


class StoryReport(Value):
    """What a step did: posts taken in, and tellings placed."""

    taken: int = 0
    placed: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not self.taken and not self.placed


class StoryTeller:
    """Keeps stories up to the archive a step at a time. For one thread; others may do the same
    elsewhere, then one of them gets Busy."""

    def __init__(self, store: Store, analyzers: Analyzers, model: Model) -> None:
        """model: whose vectors are to be looked at, and how many numbers each has."""
        self._store = store
        self._analyzers = analyzers
        self._model = model
        self._run: Retelling | None = None
        self._turn = -1
        self._walking: Iterator[PostKey] | None = None

    def step(self, *, vectors: bool = True) -> StoryReport:
        """Do a step of half a second or so. Raises Busy, Unavailable; it is done again then.

        vectors: whether to look for vectors made since; each of them lets some days be told anew.
        """
        try:
            taken = self._take_in()
            if not taken and vectors:
                taken = self._take_vectors()
            if taken:
                return StoryReport(taken=taken)
            return StoryReport(placed=self._tell())
        except Busy:
            self._run = None
            raise

    def tell_anew(self) -> None:
        """Have all posts read anew and all stories told anew, by the steps that follow.

        Addresses stay. Then stories follow from the posts alone: what chats put under their posts
        and how common terms are is as it is known now.
        """
        self._walking = None
        self._store.set_setting(WALKED, "anew:0")

    def _measure(self) -> None:
        """Count terms anew, and have all tellings placed anew."""
        self._run = None
        self._turn = -1
        self._store.tell_all_anew(take_measure(self._store))

    # Taking in

    def _take_in(self) -> int:
        """Take in posts of the first walk, or changes; return how many documents there were."""
        store = self._store
        made_by = f"{VERSION}.{COPIES}.{self._analyzers.fingerprint}"
        version, _, done = (store.get_setting(WALKED) or "").partition(":")
        if store.get_setting(CLUSTERED) != str(COPIES):
            return 0  # copies come first
        if not version:
            store.changes(CONSUMER, limit=1)  # from now on no change is trimmed unseen
            store.reset(CONSUMER, store.last_seq())
        if version != made_by:
            done = "0"
        if done != _END:
            return self._walk(made_by, int(done))
        room = store.lag(CONSUMER) - store.lag(CLUSTER)
        changes = store.changes(CONSUMER, limit=min(STEP, room)) if room > 0 else []
        if changes:
            docs = dict.fromkeys(one.doc for one in changes)
            keys = [PostKey(doc_key(doc)) for doc in docs if not is_chat_doc(doc)]
            self._put(keys, (CONSUMER, changes[-1].seq))
        return len(changes)

    def _walk(self, made_by: str, last: int) -> int:
        store = self._store
        self._walking = self._walking or _posts_after(store, last)
        keys = [*islice(self._walking, STEP)]
        if keys:
            self._put(keys)
        else:
            self._walking = None
            self._measure()
        store.set_setting(WALKED, f"{made_by}:{keys[-1] if keys else _END}")
        return max(len(keys), 1)

    def _put(self, keys: Sequence[PostKey], done: tuple[str, int] | None = None) -> None:
        turn = self._store.stories_turn()
        found = take_gists(self._store, self._analyzers, keys)
        before = self._store.find_told(keys)
        changed, gone, lost = compare(found, before)
        if changed or gone or done is not None:
            following = self._store.put_tellings(turn, changed, gone=gone, lost=lost, done=done)
            self._turn = following if turn == self._turn else -1

    def _take_vectors(self) -> int:
        serving = self._model()
        if serving is None:
            return 0
        model, dimension = serving
        store = self._store
        known, _, seq = (store.get_setting(VECTORS) or "").rpartition(":")
        rows = store.list_vectors(model, after=int(seq) if known == model else 0, limit=STEP)
        if not rows:
            return 0
        turn = store.stories_turn()
        first = {
            PostKey(doc_key(row.doc)): row.packed[:dimension]
            for row in rows
            if not is_chat_doc(row.doc)
        }
        changed = [
            Told(
                told.telling._replace(vector=first[key]),
                told.story,
                _earliest(told.due_s, told.telling.at_s),
            )
            for key, told in store.find_told(first.keys()).items()
            if told.telling.terms and told.telling.vector != first[key]
        ]
        if changed:
            following = store.put_tellings(turn, changed)
            self._turn = following if turn == self._turn else -1
        store.set_setting(VECTORS, f"{model}:{rows[-1].seq}")
        return len(rows)

    # Telling

    def _tell(self) -> int:
        store = self._store
        turn, first = store.stories_turn(), store.first_due()
        if first is None:
            return 0
        if self._run is not None and (self._turn != turn or not self._run.can_begin(first)):
            self._run = None
        if self._run is None:
            measure = store.load_measure()
            if measure is None or store.count_tellings() > 2 * measure.counts.posts:
                self._measure()
                return 1
            self._run = Retelling(store, measure)
        placed, self._turn = self._run.tell(first, turn)
        if self._run.is_done:
            self._run = None
        return max(placed, 1)


class Changes(NamedTuple):
    """What is to be written of posts: their rows, which are gone, which stories lost one in time."""

    changed: list[Told]
    gone: list[PostKey]
    lost: set[int]


def compare(found: Mapping[PostKey, Telling], before: Mapping[PostKey, Told]) -> Changes:
    """Return what changed between the rows of posts and the tellings they have now. Pure."""
    changed = [
        told
        for key, telling in found.items()
        if (told := _changed(telling, before.get(key))) is not None
    ]
    gone = [key for key, was in before.items() if key not in found and was.telling.terms]
    lost = {
        told.story
        for told in changed
        if told.story is not None and before[told.telling.key].telling.at_s != told.telling.at_s
    }
    return Changes(changed, gone, lost)


def _changed(telling: Telling, before: Told | None) -> Told | None:
    """Return the row of a post that says something else than before."""
    if before is None:
        return Told(telling, due_s=telling.at_s)
    was = before.telling
    # A vector made of other words is of no use; the one of the new words comes by itself.
    now = telling._replace(vector=was.vector) if telling.terms == was.terms else telling
    if now == was:
        return None
    return Told(now, before.story, _earliest(before.due_s, was.at_s, now.at_s))


def _earliest(due_s: int | None, *at_s: int) -> int:
    return min(at_s) if due_s is None else min(due_s, *at_s)


def _posts_after(store: Store, last: int) -> Iterator[PostKey]:
    for docs in store.iter_docs():
        yield from (
            PostKey(doc_key(doc)) for doc in docs if not is_chat_doc(doc) and doc_key(doc) > last
        )
