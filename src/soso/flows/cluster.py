"""From the change log into the clusters of copies; resumes where it was stopped.

Knows the order of steps. What is a copy of what is similarity/settle.py; what posts are compared by,
flows/sight.py. Once all changes are done, and what was learnt of chats by then has been applied to
their older posts, the clusters follow from the posts alone, whatever the order they came in.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar

import msgspec

from soso.flows.sight import (
    Sighter,
    anchors_of,
    cut_posts,
    identity_of,
    is_seen,
    learn_dressings,
    origin_of,
    renamed,
)
from soso.model.chat import Chat
from soso.model.ids import ChatKey, DocId, PostKey, doc_key, is_chat_doc
from soso.model.post import StoredPost
from soso.model.value import Value
from soso.ports.clusters import Dressing
from soso.ports.store import Store
from soso.similarity.clusters import Row, Settled, Sighting
from soso.similarity.copies import Print, overlap, print_of
from soso.similarity.fingerprint import VERSION
from soso.similarity.segments import own_letters
from soso.similarity.settle import settle

T = TypeVar("T")

CONSUMER: Final = "cluster"
STEP: Final = 1_000
LONG_STEP: Final = 8_000
"""A commit writes every page it touches, and features lie all over their table: the first walk
takes long steps."""

MADE: Final = "copies-made"
WALKED: Final = "copies-walked"
"""Settings: the version of fingerprints that all posts have, and the last post the walk has done."""

PRINTS: Final = 512
LETTERS: Final = 2_048
"""How many texts compared lately are kept at hand, with their runs (about 35 KB
each) and without."""


class ClusterReport(Value):
    """How many posts were looked at, and in how many of them the cluster or its reason changed."""

    seen: int = 0
    changed: int = 0


Stopped = Callable[[], bool]


def _never() -> bool:
    return False


def cluster_changes(store: Store, *, stopped: Stopped = _never) -> ClusterReport:
    """Bring the clusters up to the store, or as far as it gets until it is stopped.

    Raises Busy if another process does the same, Unavailable. What was done is kept.
    """
    return _Clustering(store, stopped).run()


class _Clustering:
    """One run: the texts compared lately, and how far it has come."""

    def __init__(self, store: Store, stopped: Stopped) -> None:
        self._store = store
        self._stopped = stopped
        self._texts = Texts(store)
        self._seen = 0
        self._changed = 0

    def run(self) -> ClusterReport:
        store = self._store
        if store.get_setting(MADE) != str(VERSION) and not self._walk():
            return self._report()
        while not self._stopped():
            turn = store.copies_turn()
            changes = store.changes(CONSUMER, limit=STEP)
            if changes:
                self._take_docs(turn, [one.doc for one in changes], (CONSUMER, changes[-1].seq))
            elif stale := store.list_stale_chats():
                self._see_anew(stale[0])
            else:
                break
        return self._report()

    def _report(self) -> ClusterReport:
        return ClusterReport(seen=self._seen, changed=self._changed)

    def _walk(self) -> bool:
        """Take in all posts there are; changes made meanwhile wait. Whether it came to the end."""
        store = self._store
        version, _, done = (store.get_setting(WALKED) or "").partition(":")
        if version != str(VERSION):
            store.drop_copies()
            store.reset(CONSUMER, store.last_seq())
            done = "0"
            store.set_setting(WALKED, f"{VERSION}:0")
        for docs in _runs(_posts_after(store, int(done)), LONG_STEP):
            if self._stopped():
                return False
            self._take_docs(store.copies_turn(), docs, None)
            store.set_setting(WALKED, f"{VERSION}:{docs[-1]}")
        store.set_setting(MADE, str(VERSION))
        return True

    def _take_docs(self, turn: int, docs: Sequence[DocId], done: tuple[str, int] | None) -> None:
        keys = list(dict.fromkeys(PostKey(doc_key(doc)) for doc in docs if not is_chat_doc(doc)))
        named = {ChatKey(doc_key(doc)) for doc in docs if is_chat_doc(doc)}
        self._take(turn, keys, self._store.get_posts(keys), named=named, done=done)

    def _see_anew(self, key: ChatKey) -> None:
        """See all posts of a chat with what is learnt of it by now."""
        begun = self._store.find_dressings([key]).get(key)
        for posts in _runs(self._store.iter_posts(key), STEP):
            if self._stopped():
                return
            self._take(self._store.copies_turn(), [one.key for one in posts], posts)
        turn = self._store.copies_turn()
        ended = self._store.find_dressings([key]).get(key)
        if ended is not None and begun is not None and _is_same(begun, ended):
            fresh = msgspec.structs.replace(ended, stale=False)
            self._store.put_copies(turn, Settled([], [], [], []), dressings=[(fresh, None)])

    def _take(
        self,
        turn: int,
        keys: Sequence[PostKey],
        posts: Sequence[StoredPost],
        *,
        named: Collection[ChatKey] = (),
        done: tuple[str, int] | None = None,
    ) -> None:
        """Put changed posts into clusters, in one transaction."""
        store = self._store
        posts = [stored for stored in posts if is_seen(stored)]
        before = store.find_rows(keys)
        chats = store.get_chats(list({stored.chat for stored in posts}.union(named)))
        known = store.find_dressings({row.seen.chat for row in before.values()} | chats.keys())
        where = {stored.key: stored.chat for stored in posts}
        lost = [row for key, row in before.items() if where.get(key) != row.seen.chat]
        cut = cut_posts(posts)
        learnt = learn_dressings(store, posts, lost, known, chats, cut)
        for key in named:
            if key in known and key in chats and known[key].identity != identity_of(chats[key]):
                sample = learnt[key][1] if key in learnt else tuple(store.find_sample(key))
                dressing = learnt[key][0] if key in learnt else known[key]
                learnt[key] = renamed(dressing, chats[key]), sample
        present = known | {key: dressing for key, (dressing, _) in learnt.items()}
        if any(key in known and known[key].marks != present[key].marks for key in learnt):
            self._texts.forget()
        forwards = self._find_forwards(posts, chats, before)
        sighter = Sighter(store, chats | store.get_chats([one.chat for one in forwards]))
        present |= store.find_dressings({one.chat for one in forwards} - present.keys())
        seen = sighter.see([*posts, *forwards], present, cut | cut_posts(forwards))
        self._texts.put({key: letters for key, (_, letters) in seen.items()}, present)
        changed = _changed(keys, seen, before, {one.key for one in forwards})
        settled = settle(KnownRows(store, self._texts), changed) if changed else _NOTHING
        if settled != _NOTHING or learnt or done is not None:
            store.put_copies(turn, settled, dressings=list(learnt.values()), done=done)
        self._seen += len(keys)
        self._changed += len(settled.rows) + len(settled.gone)

    def _find_forwards(
        self,
        posts: Iterable[StoredPost],
        chats: Mapping[ChatKey, Chat],
        before: Mapping[PostKey, Row],
    ) -> list[StoredPost]:
        """Return the forwards whose source came, or is none any more, with these posts."""
        anchors = {
            anchor: stored for stored in posts for anchor in anchors_of(stored, chats[stored.chat])
        }
        here = {stored.key for stored in posts}
        touched: list[PostKey] = []
        for anchor, rows in self._store.find_by_origin(anchors.keys()).items():
            stored = anchors[anchor]
            source = stored.key if origin_of(stored.post) is None else None
            touched += [
                row.seen.key
                for row in rows
                if row.seen.key not in here
                and (stored.key not in before or row.seen.source != source)
            ]
        return self._store.get_posts(touched) if touched else []


_NOTHING: Final = Settled([], [], [], [])


def _changed(
    keys: Sequence[PostKey],
    seen: Mapping[PostKey, tuple[Sighting, str]],
    before: Mapping[PostKey, Row],
    forwards: Collection[PostKey],
) -> dict[PostKey, Sighting | None]:
    changed: dict[PostKey, Sighting | None] = {
        key: sighting
        for key, (sighting, _) in seen.items()
        if key in forwards or key not in before or before[key].seen != sighting
    }
    return changed | {key: None for key in keys if key not in seen and key in before}


class Texts:
    """The letters of posts: of those seen lately, or from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._letters: OrderedDict[PostKey, str] = OrderedDict()
        self._prints: OrderedDict[PostKey, Print] = OrderedDict()
        self._step: dict[PostKey, str] = {}
        self._dressings: Mapping[ChatKey, Dressing] = {}
        self._shares: dict[tuple[PostKey, PostKey], float] = {}

    def put(self, letters: Mapping[PostKey, str], dressings: Mapping[ChatKey, Dressing]) -> None:
        """Take in the texts of a step, which may have been others before."""
        for key in letters:
            self._letters.pop(key, None)
            self._prints.pop(key, None)
        self._step = dict(letters)
        self._dressings = dressings
        self._shares.clear()

    def forget(self) -> None:
        """Forget all: something else is left out of them now."""
        self._letters.clear()
        self._prints.clear()

    def read(self, keys: Collection[PostKey]) -> None:
        """Read the texts that are not at hand; they stay for the step."""
        missing = [key for key in keys if key not in self._step]
        self._step |= {key: self._letters[key] for key in missing if key in self._letters}
        wanted = [key for key in missing if key not in self._letters]
        posts = self._store.get_posts(wanted) if wanted else []
        unknown = {stored.chat for stored in posts} - self._dressings.keys()
        if unknown:
            self._dressings = {**self._dressings, **self._store.find_dressings(unknown)}
        for stored in posts:
            dressing = self._dressings.get(stored.chat)
            marks = dressing.marks if dressing is not None else ()
            letters = own_letters(stored.post, marks)
            self._step[stored.key] = self._letters[stored.key] = letters
        while len(self._letters) > LETTERS:
            self._letters.popitem(last=False)

    def compare(self, one: PostKey, others: Collection[PostKey]) -> dict[PostKey, float]:
        """Return the overlap of one with others, where there is any. A purged text has none."""
        if not others:
            return {}
        self.read((one, *others))
        shares = {key: self._share(min(one, key), max(one, key)) for key in others}
        return {key: share for key, share in shares.items() if share}

    def _share(self, one: PostKey, other: PostKey) -> float:
        share = self._shares.get((one, other))
        if share is None:
            share = overlap(self._print(one), self._print(other))
            self._shares[one, other] = share
        return share

    def _print(self, key: PostKey) -> Print:
        made = self._prints.get(key)
        if made is None:
            made = self._prints[key] = print_of(self._step.get(key) or f"\0{key}")
            if len(self._prints) > PRINTS:
                self._prints.popitem(last=False)
        else:
            self._prints.move_to_end(key)
        return made


class KnownRows:
    """Fills similarity.clusters.Known from the store."""

    def __init__(self, store: Store, texts: Texts) -> None:
        self.find_rows = store.find_rows
        self.find_by_text = store.find_by_text
        self.find_by_features = store.find_by_features
        self.find_by_origin = store.find_by_origin
        self.find_members = store.find_members
        self.read_texts = texts.read
        self.compare = texts.compare


def _is_same(one: Dressing, other: Dressing) -> bool:
    return (one.marks, one.identity) == (other.marks, other.identity)


def _posts_after(store: Store, last: int) -> Iterator[DocId]:
    for docs in store.iter_docs():
        yield from (doc for doc in docs if not is_chat_doc(doc) and doc > last)


def _runs(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while run := list(islice(iterator, size)):
        yield run
