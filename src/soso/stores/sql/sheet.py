"""The posts of one chat that a transaction touches, in memory, until they are written at once.

Knows which row a sighting belongs to: one id is one row, and rows whose ids meet in an album become
one, which keeps the key of the row already there. What a sighting does to a post is model/merge.py.
Must not know SQL; flush.py writes what stands here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

import msgspec

from soso.model.batch import Archived, Tombstone
from soso.model.ids import ChatKey, PostKey
from soso.model.merge import (
    Bury,
    Insert,
    Keep,
    Outcome,
    Refresh,
    Revise,
    bury,
    decide,
    join,
    without,
)
from soso.model.post import Post, Revision, StoredPost
from soso.model.versions import ids_of

NEW = PostKey(0)
"""The key of a row that is not written yet."""


class Entry:
    """A row as it is to be.

    origin: as it was read, None for a new one. into: the entry that it became a part of.
    revisions: to be written. log: the index must follow.
    """

    __slots__ = ("into", "log", "origin", "revisions", "stored")

    def __init__(self, stored: StoredPost, origin: StoredPost | None) -> None:
        self.stored = stored
        self.origin = origin
        self.into: Entry | None = None
        self.revisions: list[Revision] = []
        self.log = origin is None


class Sheet:
    """Made from the rows whose ids may be met; see(), adopt(), bury() and restore() change it."""

    def __init__(
        self,
        chat: ChatKey,
        rows: Iterable[StoredPost],
        *,
        deaths: Mapping[int, datetime],
        at: datetime,
        is_sensitive: Callable[[Post], bool],
    ) -> None:
        self.chat = chat
        self.entries: list[Entry] = []
        self._at = at
        self._deaths = dict(deaths)
        self._is_sensitive = is_sensitive
        self._by_id: dict[int, Entry] = {}
        for row in rows:
            self.entries.append(Entry(row, row))
            self._hold(self.entries[-1])

    def see(
        self,
        post: Post,
        *,
        observed_at: datetime,
        version_at: datetime | None = None,
        leave_out: Collection[int] = (),
    ) -> type[Outcome]:
        """Take in a sighting and return what became of it: Insert, Revise, Refresh or Keep.

        leave_out: ids of album items whose media must not come in.
        """
        ids = ids_of(post)
        entry, joined = self._unite(self._holders(ids))
        dead = {id_ for id_ in ids if self._died(id_, observed_at)}
        if entry is not None and ids == dead != {entry.stored.post.id}:
            return Refresh if joined else Keep  # nothing of it was alive
        if entry is not None and post.id in dead:
            post = msgspec.structs.replace(post, text="", entities=())  # the first message's own
        post = without(post, {*(dead if dead != ids else ()), *leave_out})
        outcome = decide(
            None if entry is None else entry.stored,
            post,
            observed_at=observed_at,
            version_at=version_at,
        )
        if isinstance(outcome, Insert):
            self._insert(outcome)
        else:
            assert entry is not None
            self._note(entry, outcome)
            self._hold(entry)
        return Refresh if joined and isinstance(outcome, Keep) else type(outcome)

    def adopt(self, row: StoredPost) -> None:
        """Take in a row of another chat that proves to be this one."""
        entry = Entry(msgspec.structs.replace(row, chat=self.chat), row)
        entry.log = True
        self.entries.append(entry)
        ids = ids_of(row.post)
        kept, _ = self._unite([*self._holders(ids), entry])
        self._hold(kept or entry)
        for id_ in ids & self._deaths.keys():
            self.bury(Tombstone(post_id=id_, at=self._deaths[id_]))

    def bury(self, tombstone: Tombstone) -> bool:
        """Take in a deletion; True if it buried a post."""
        known = self._deaths.get(tombstone.post_id, tombstone.at)
        self._deaths[tombstone.post_id] = max(known, tombstone.at)
        entry = self._by_id.get(tombstone.post_id)
        if entry is None:
            return False
        outcome = bury(entry.stored, tombstone)
        self._note(entry, outcome)
        return isinstance(outcome, Bury)

    def restore(self, post_id: int, archived: Archived, known: Collection[Revision]) -> None:
        """Add to a post that was just seen what our own dump knows of it beside the post.

        known: the revisions of the post that are written already.
        """
        entry = self._by_id[post_id]
        before = entry.stored
        heard = [(revision.text, revision.replaced_at) for revision in (*known, *entry.revisions)]
        added = [r for r in archived.revisions if (r.text, r.replaced_at) not in heard]
        entry.revisions += added
        entry.stored = msgspec.structs.replace(
            before,
            first_seen_at=min(before.first_seen_at, archived.first_seen_at),
            revisions=before.revisions + len(added),
            hidden=before.hidden or archived.hidden,
            sensitive=before.sensitive or archived.sensitive,
        )
        entry.log |= entry.stored.hidden != before.hidden
        entry.log |= entry.stored.sensitive != before.sensitive
        if archived.buried_at is not None:
            self.bury(Tombstone(post_id=before.post.id, at=archived.buried_at))

    def find(self, post_id: int) -> StoredPost | None:
        """Return the post that an id leads to now."""
        entry = self._by_id.get(post_id)
        return None if entry is None else entry.stored

    def _died(self, post_id: int, observed_at: datetime) -> bool:
        death = self._deaths.get(post_id)
        return death is not None and observed_at <= death

    def _insert(self, outcome: Insert) -> None:
        entry = Entry(outcome.stored(NEW, self.chat, self._at), None)
        self._note(entry, outcome)
        self.entries.append(entry)
        self._hold(entry)
        lead = entry.stored.post.id
        if lead in self._deaths:
            self.bury(Tombstone(post_id=lead, at=self._deaths[lead]))

    def _hold(self, entry: Entry) -> None:
        """Let the entry's ids lead to it."""
        self._by_id.update(dict.fromkeys(ids_of(entry.stored.post), entry))

    def _holders(self, ids: Iterable[int]) -> list[Entry]:
        """Return the entries that the ids lead to, each once."""
        found = (self._by_id.get(id_) for id_ in sorted(ids))
        return list(dict.fromkeys(entry for entry in found if entry is not None))

    def _note(self, entry: Entry, outcome: Outcome) -> None:
        """Carry an outcome into the entry."""
        if not isinstance(outcome, Insert):
            entry.stored = outcome.post
        if isinstance(outcome, Revise):
            entry.revisions.append(outcome.revision)
            entry.stored = msgspec.structs.replace(
                entry.stored, revisions=entry.stored.revisions + 1
            )
        if isinstance(outcome, Insert | Revise):
            marked = entry.stored.sensitive or self._is_sensitive(entry.stored.post)
            entry.stored = msgspec.structs.replace(entry.stored, sensitive=marked)
        entry.log |= isinstance(outcome, Insert | Revise | Bury)
        entry.log |= isinstance(outcome, Refresh) and outcome.index

    def _unite(self, found: list[Entry]) -> tuple[Entry | None, bool]:
        """Make one entry of several; say whether there were."""
        if len(found) < 2:
            return (found[0] if found else None), False
        kept = min(found, key=self._precedence)
        for gone in found:
            if gone is not kept:
                self._absorb(kept, gone)
        self._hold(kept)
        return kept, True

    def _precedence(self, entry: Entry) -> tuple[bool, bool, int]:
        """Rows that are there keep their keys, those of this chat before others, the lead first."""
        origin = entry.origin
        return (origin is None, origin is None or origin.chat != self.chat, entry.stored.post.id)

    def _absorb(self, kept: Entry, gone: Entry) -> None:
        mine, theirs = kept.stored, gone.stored
        if not ids_of(mine.post) & ids_of(theirs.post):
            # Another message of the album that was deleted brings nothing but its ids.
            if theirs.buried_at is not None:
                theirs = _hollow(theirs)
            elif mine.buried_at is not None:
                kept.stored = mine = _hollow(mine)
        self._note(kept, join(mine, theirs))
        kept.revisions = [*gone.revisions, *kept.revisions]
        count = kept.stored.revisions + gone.stored.revisions
        kept.stored = msgspec.structs.replace(kept.stored, revisions=count)
        kept.log = True
        gone.into = kept
        self._by_id.update(dict.fromkeys(ids_of(gone.stored.post), kept))


def _hollow(row: StoredPost) -> StoredPost:
    """Return what is left of a row when all that was deleted is taken out of it."""
    post = row.post
    bare = Post(id=post.id, at=post.at, at_certain=post.at_certain, album=post.album)
    return msgspec.structs.replace(row, post=bare, buried_at=None, hidden=False, sensitive=False)
