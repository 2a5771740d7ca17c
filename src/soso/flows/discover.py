"""Which chats do posts speak of that are not followed? A consumer of the change log.

Begins with the whole archive, since older changes are forgotten. Must not know how a name is
followed (flows/add_source.py).
"""

from collections.abc import Collection, Iterable
from typing import Final

from soso.model.following import Route
from soso.model.ids import ChatKey, DocId, PostKey, doc_key, is_chat_doc
from soso.model.post import StoredPost
from soso.ports.discovery import Meeting, Met
from soso.ports.store import Store
from soso.schema.bonds import BondKind, find_bonds

CONSUMER: Final = "discover"
WALKED: Final = "discover-walked"
STEP: Final = 1_000

_TELLING: Final = frozenset((BondKind.NAME, BondKind.SOURCE, BondKind.POST))
_LISTED_AT_ONCE: Final = 200


def discover_step(store: Store) -> int:
    """Note the names in new posts; return how many documents were looked at, 0 when up to date.

    A step that was cut off is done again and changes nothing. Raises Unavailable.
    """
    if store.get_setting(WALKED) is None:
        return _walk(store)
    changes = store.changes(CONSUMER, limit=STEP)
    if changes:
        _note(store, (change.doc for change in changes))
        store.ack(CONSUMER, changes[-1].seq)
    return len(changes)


def list_proposed(store: Store, *, limit: int = 50) -> list[Met]:
    """Return names that posts speak of most and that are no chat of the archive."""
    known: set[str] = set()
    found: list[Met] = []
    while len(found) < limit:
        met = store.list_met(without=known, limit=_LISTED_AT_ONCE)
        if not met:
            break
        found += [one for one in met if store.find_chat_by_username(one.name) is None]
        known |= {one.name for one in met}
    return found[:limit]


def choose_found(store: Store, *, depth: int, enough: int, room: int) -> list[tuple[str, int]]:
    """Return names to follow without asking, each with its depth, the most met first.

    depth: how many steps from what the operator chose; 0 is none. enough: so many chats must speak
    of a name. room: how many at most. A name's depth is one more than that of the nearest source
    that speaks of it; posts of imported chats are no step away.
    """
    if depth < 1 or room < 1:
        return []
    chosen: list[tuple[str, int]] = []
    for one in list_proposed(store, limit=room * 4):
        if one.chats < enough or len(chosen) >= room:
            break
        if store.find_followed(Route.PREVIEW, one.name) is not None:
            continue  # looked at before, and it was no channel or is not here yet
        near = min((_depth_of(store, chat) for chat in store.list_met_in(one.name)), default=0)
        if near + 1 <= depth:
            chosen.append((one.name, near + 1))
    return chosen


def _depth_of(store: Store, chat: ChatKey) -> int:
    return min((one.depth for one in store.find_followed_of(chat)), default=0)


def names_in(stored: StoredPost) -> Collection[str]:
    """Return the usernames that a post mentions, links to or was forwarded from, folded."""
    found: dict[str, None] = {}
    for bond in find_bonds(stored.post):
        if bond.kind in _TELLING and bond.value.startswith("@"):
            found[bond.value[1:].partition("/")[0]] = None
    return found.keys()


def _walk(store: Store) -> int:
    store.changes(CONSUMER, limit=1)  # from now on no change is trimmed unseen
    begun_at, looked = store.last_seq(), 0
    for run in store.iter_docs():
        _note(store, run)
        looked += len(run)
    store.reset(CONSUMER, begun_at)
    store.set_setting(WALKED, "yes")
    return max(looked, 1)


def _note(store: Store, docs: Iterable[DocId]) -> None:
    keys = dict.fromkeys(PostKey(doc_key(doc)) for doc in docs if not is_chat_doc(doc))
    shown = [
        stored
        for stored in store.get_posts(list(keys))
        if not stored.hidden and stored.buried_at is None
    ]
    store.note_met(
        [
            Meeting(name=name, chat=stored.chat, post=stored.key, at=stored.post.at)
            for stored in shown
            for name in names_in(stored)
        ]
    )
