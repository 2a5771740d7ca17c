"""Puts changed posts into clusters: the same posts give the same clusters in whatever order they come.

Knows the rules below; must not know texts or how rows are kept. Pure.

1. A forward goes with its origin; without that in the archive, with the earliest forward of it.
2. Of the others, those with the same letters go with the earliest of them, which stands for the text.
3. Those who stand for a text are taken from the earliest on: one that is a copy of heads before it
   goes with the one it has most in common with; else it is a head.

Each is a property of the set of posts, so what a change can touch is worked out anew and the rest
left alone. Nobody is in a cluster by a chain: each was compared with the head (or equals or was
forwarded from one that was). Copies are looked for among those with a feature in common, unless
more than FORMULA have it.
"""

import heapq
from collections.abc import Iterable, Mapping

from soso.model.ids import PostKey
from soso.similarity.clusters import FORMULA, LONGEST_PATH, Known, Row, Settled, Sighting, Tie


def settle(known: Known, changed: Mapping[PostKey, Sighting | None]) -> Settled:
    """Return what follows from changed posts; None: the post is gone or is none any more.

    Whoever calls adds those whose source came or went (see flows/cluster.py).
    """
    return _Settling(known, changed).run()


class _Settling:
    """One change: the rows before, and over them what becomes of them."""

    def __init__(self, known: Known, changed: Mapping[PostKey, Sighting | None]) -> None:
        self.known = known
        self.before: dict[PostKey, Row] = dict(known.find_rows(changed.keys()))
        self.seen: dict[PostKey, Sighting] = {
            key: sighting for key, sighting in changed.items() if sighting is not None
        }
        self.gone = {key for key in changed if key not in self.seen and key in self.before}
        self.after: dict[PostKey, Row] = {}

    def run(self) -> Settled:
        self._lose_sources()
        free = self._tie_forwards()
        self._tie_texts(free)
        added, dropped = self._tie_likenesses()
        self._find_heads()
        rows = [row for key, row in self.after.items() if self.before.get(key) != row]
        moved = [
            (row.seen.key, row.head)
            for row in rows
            if row.seen.key in self.before and self.before[row.seen.key].head != row.head
        ]
        moved += [(key, key) for key in self.gone if self.before[key].head != key]
        return Settled(rows, sorted(self.gone), added, dropped, tuple(moved))

    def _load(self, rows: Iterable[Row]) -> None:
        """Take in rows of others; what is known of them already stays."""
        for row in rows:
            self.before.setdefault(row.seen.key, row)
            if row.seen.key not in self.gone:
                self.seen.setdefault(row.seen.key, row.seen)

    # 1. Forwards

    def _lose_sources(self) -> None:
        """Let forwards of a post that is gone be looked at as those of one that never came."""
        heads = {self.before[key].head for key in self.gone}
        for row in self.known.find_members(heads) if heads else ():
            if row.seen.source in self.gone and row.seen.key not in self.gone:
                self.before[row.seen.key] = row
                one = self.seen.get(row.seen.key, row.seen)
                source = None if one.source in self.gone else one.source
                self.seen[row.seen.key] = one._replace(source=source)

    def _tie_forwards(self) -> set[PostKey]:
        """Tie forwards to their seniors; return who is to be looked at by text."""
        free = set(self.seen)
        origins = {one.origin for one in self.seen.values() if one.origin is not None}
        origins |= {row.seen.origin for row in self.before.values() if row.seen.origin is not None}
        for rows in self.known.find_by_origin(origins).values() if origins else ():
            self._load(rows)
        groups: dict[int, list[Sighting]] = {}
        for one in self.seen.values():
            if one.origin is None:
                continue
            if one.source is not None:
                self._point(one, Tie.ORIGIN, one.source)
                free.discard(one.key)
            else:
                groups.setdefault(one.origin, []).append(one)
        for group in groups.values():
            first = min(group, key=lambda one: one.rank)
            for one in group:
                if one is not first:
                    self._point(one, Tie.ORIGIN, first.key)
                    free.discard(one.key)
            was = self.before.get(first.key)
            if was is None or was.tied is Tie.ORIGIN:
                free.add(first.key)
        return free

    # 2. Equal texts

    def _tie_texts(self, free: set[PostKey]) -> None:
        """Tie who is free to the earliest with the same text; others stand for their text."""
        groups: dict[int, set[PostKey]] = {}
        for key in free:
            one = self.seen[key]
            if one.text is None:
                self._point(one, Tie.NONE, None)
            else:
                groups.setdefault(one.text, set()).add(key)
        left = {
            row.seen.text
            for key, row in self.before.items()
            if row.seen.text is not None and self._left(key, row, free)
        }
        stood = self.known.find_by_text(groups.keys() | left)
        self._load(stood.values())
        displaced = [
            row.head
            for text, row in stood.items()
            if not self._still_first(row, free, groups.get(text, set()))
        ]
        followers: dict[int, set[PostKey]] = {}
        for row in self.known.find_members(displaced) if displaced else ():
            if row.tied is Tie.TEXT and row.seen.text is not None:
                followers.setdefault(row.seen.text, set()).add(row.seen.key)
                self._load([row])
        for text in groups.keys() | stood.keys():
            members = groups.get(text, set())
            held = stood.get(text)
            if held is not None and self._is_free(held.seen.key, text, free):
                members.add(held.seen.key)
            if held is None or not self._still_first(held, free, members):
                for key in followers.get(text, ()):
                    if self._is_free(key, text, free):
                        members.add(key)
            self._tie_equals([self.seen[key] for key in members])

    def _tie_equals(self, members: list[Sighting]) -> None:
        if not members:
            return
        first = min(members, key=lambda one: one.rank)
        for one in members:
            if one is first:
                was = self.before.get(one.key)
                keeps = was is not None and was.stands_for_text and was.seen == one
                if not keeps:
                    self._point(one, Tie.NONE, None)  # until likenesses are looked at
                elif was is not None:
                    self.after[one.key] = was
            else:
                self._point(one, Tie.TEXT, first.key)

    def _left(self, key: PostKey, row: Row, free: set[PostKey]) -> bool:
        """Whether a row no longer stands for the text it stood for."""
        return row.stands_for_text and not self._is_free(key, row.seen.text, free)

    def _is_free(self, key: PostKey, text: int | None, free: set[PostKey]) -> bool:
        """Whether a post has the text and follows no origin."""
        one = self.seen.get(key)
        if one is None or one.text != text:
            return False
        row = self.after.get(key) or self.before.get(key)
        return key in free or row is None or row.tied is not Tie.ORIGIN

    def _still_first(self, row: Row, free: set[PostKey], others: set[PostKey]) -> bool:
        key = row.seen.key
        if not self._is_free(key, row.seen.text, free):
            return False
        rank = self.seen[key].rank
        moved = rank > row.seen.rank  # then a follower may be earlier
        return not moved and all(self.seen[other].rank >= rank for other in others)

    # 3. Likenesses

    def _tie_likenesses(self) -> tuple[list[tuple[int, PostKey]], list[tuple[int, PostKey]]]:
        """Tie who stands for a text to heads; return the features to add and to drop."""
        was = {
            key: frozenset(row.seen.features if row.stands_for_text else ())
            for key, row in self.before.items()
        }
        now = {
            key: frozenset(row.seen.features if row.stands_for_text else ())
            for key, row in self.after.items()
        } | dict.fromkeys(self.gone, frozenset())
        empty: frozenset[int] = frozenset()
        added = [(f, key) for key in now for f in now[key] - was.get(key, empty)]
        dropped = [(f, key) for key in now for f in was.get(key, empty) - now[key]]
        self._holders: dict[int, set[PostKey]] = {}
        dirty = {key for key in now if self._is_dirty(key)}
        self._hold({f for key in dirty for f in now[key] | was.get(key, empty)})
        earlier = {f: len(holders) for f, holders in self._holders.items()}
        old = {key: self._others(key, was.get(key, empty)) for key in dirty}
        for feature, key in dropped:
            self._holders[feature].discard(key)
        for feature, key in added:
            self._holders[feature].add(key)
        waiting = {key for key in dirty if now[key]}
        for feature, count in earlier.items():
            if (count > FORMULA) != (len(self._holders[feature]) > FORMULA):
                waiting |= self._holders[feature]
        for key in dirty:
            row = self.before.get(key)
            if row is not None and row.tied is Tie.NONE:
                waiting |= {other for other in old[key] if self._followed(other, key)}
        self._take_in_order(waiting, dirty)
        return added, dropped

    def _is_dirty(self, key: PostKey) -> bool:
        before, after = self.before.get(key), self.after.get(key)
        if before is None or after is None:
            return True
        return (before.seen, before.stands_for_text) != (after.seen, after.stands_for_text)

    def _hold(self, features: Iterable[int]) -> None:
        missing = {feature for feature in features if feature not in self._holders}
        if not missing:
            return
        found = self.known.find_by_features(missing)
        for feature in missing:
            self._holders[feature] = set(found.get(feature, ()))
        holders = {key for feature in missing for key in self._holders[feature]}
        wanted = {key for key in holders if key not in self.before}
        self._load(self.known.find_rows(wanted).values())

    def _others(self, key: PostKey, features: Iterable[int]) -> set[PostKey]:
        """Return who shares a feature that is no formula."""
        found: set[PostKey] = set()
        for feature in features:
            holders = self._holders[feature]
            if len(holders) <= FORMULA:
                found |= holders
        found.discard(key)
        return found

    def _take_in_order(self, waiting: set[PostKey], dirty: set[PostKey]) -> None:
        """Look at those who wait from the earliest on, and at whom that touches, who are later."""
        heap = [(self.seen[key].rank, key) for key in waiting if self._stands(key)]
        heapq.heapify(heap)
        self._hold({feature for _, key in heap for feature in self.seen[key].features})
        near = {key: self._neighbours(key) for _, key in heap}
        after = {
            other
            for key in near
            for other in near[key]
            if self.seen[other].rank > self.seen[key].rank
        }
        self._hold({feature for key in after for feature in self.seen[key].features})
        self.known.read_texts({key for others in near.values() for key in others} | near.keys())
        done: set[PostKey] = set()
        while heap:
            rank, key = heapq.heappop(heap)
            if key in done:
                continue
            done.add(key)
            others = near[key] if key in near else self._neighbours(key)
            was = self.before.get(key)
            was_head = was is not None and was.tied is Tie.NONE and was.stands_for_text
            is_head = self._tie_to_best(self.seen[key], others)
            later = {other for other in others - done if self.seen[other].rank > rank}
            touched = {other for other in later if self._followed(other, key)}
            if is_head and (key in dirty or not was_head):
                touched |= self.known.compare(key, later).keys() if later else set()
            elif is_head or not was_head:
                continue
            for other in touched:
                heapq.heappush(heap, (self.seen[other].rank, other))

    def _neighbours(self, key: PostKey) -> set[PostKey]:
        """Return who stands for another text and has a feature in common."""
        features = self.seen[key].features
        self._hold(features)
        return {other for other in self._others(key, features) if self._stands(other)}

    def _followed(self, other: PostKey, head: PostKey) -> bool:
        row = self.before.get(other)
        return row is not None and row.senior == head and other not in self.gone

    def _tie_to_best(self, one: Sighting, others: set[PostKey]) -> bool:
        """Tie a post to the head before it that it has most in common with; whether there is none."""
        heads = [
            other
            for other in others
            if self.seen[other].rank < one.rank and self._row(other).tied is Tie.NONE
        ]
        shares = self.known.compare(one.key, heads) if heads else {}
        if not shares:
            self._point(one, Tie.NONE, None)
            return True
        best = min(shares, key=lambda head: (-shares[head], self.seen[head].rank))
        self._point(one, Tie.LIKENESS, best)
        return False

    def _row(self, key: PostKey) -> Row:
        return self.after.get(key) or self.before[key]

    def _stands(self, key: PostKey) -> bool:
        return key in self.seen and self._row(key).stands_for_text

    # 4. Heads

    def _point(self, one: Sighting, tied: Tie, senior: PostKey | None) -> None:
        was = self.before.get(one.key)
        self.after[one.key] = Row(one, tied, senior, one.key if was is None else was.head)

    def _find_heads(self) -> None:
        """Follow every arrow that is new, and those of whoever pointed at one that moved."""
        moved = {
            row.head
            for key, row in self.before.items()
            if key in self.gone or (key in self.after and self.after[key] != row)
        }
        for row in self.known.find_members(moved) if moved else ():
            self.before.setdefault(row.seen.key, row)
            if row.seen.key not in self.gone:
                self.after.setdefault(row.seen.key, row)
        pointed = {row.senior for row in self.after.values() if row.senior is not None}
        missing = {key for key in pointed if key not in self.after and key not in self.before}
        self.before.update(self.known.find_rows(missing) if missing else {})
        for key, row in list(self.after.items()):
            self.after[key] = row._replace(head=self._head_of(row))

    def _head_of(self, row: Row) -> PostKey:
        for _ in range(LONGEST_PATH):
            if row.senior is None:
                break
            following = self.after.get(row.senior)
            if following is None:  # what no change touched has the head it had
                there = self.before.get(row.senior)
                # A source that has no row yet comes with its own change.
                return there.head if there is not None else row.senior
            row = following
        return row.seen.key
