"""Rows of clusters in memory: what settle asks of a store, for tests."""

from collections.abc import Collection, Iterable, Mapping

from soso.model.ids import ChatKey, PostKey
from soso.similarity.clusters import Row, Settled, Sighting
from soso.similarity.copies import overlap, print_of
from soso.similarity.fingerprint import make_fingerprint


class KeptRows:
    """Fills clusters.Known. letters: the present letters of each post."""

    def __init__(self) -> None:
        self.rows: dict[PostKey, Row] = {}
        self.features: dict[int, set[PostKey]] = {}
        self.letters: dict[PostKey, str] = {}

    def find_rows(self, keys: Collection[PostKey]) -> Mapping[PostKey, Row]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def find_by_text(self, texts: Collection[int]) -> Mapping[int, Row]:
        found = [row for row in self.rows.values() if row.stands_for_text]
        by_text = {row.seen.text: row for row in found if row.seen.text in texts}
        standing = [row for row in found if row.seen.text in texts]
        assert len(by_text) == len(standing)  # one row stands for a text
        return {text: row for text, row in by_text.items() if text is not None}

    def find_by_features(self, features: Collection[int]) -> Mapping[int, set[PostKey]]:
        return {one: set(self.features[one]) for one in features if one in self.features}

    def find_by_origin(self, origins: Collection[int]) -> Mapping[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in self.rows.values():
            if row.seen.origin is not None and row.seen.origin in origins:
                found.setdefault(row.seen.origin, []).append(row)
        return found

    def find_members(self, heads: Collection[PostKey]) -> Iterable[Row]:
        return [row for row in self.rows.values() if row.senior is not None and row.head in heads]

    def read_texts(self, keys: Collection[PostKey]) -> None:
        assert all(key in self.letters for key in keys)

    def compare(self, one: PostKey, others: Collection[PostKey]) -> Mapping[PostKey, float]:
        mine = print_of(self.letters[one])
        shares = {other: overlap(mine, print_of(self.letters[other])) for other in others}
        return {other: share for other, share in shares.items() if share}

    def write(self, settled: Settled) -> None:
        for feature, key in settled.dropped:
            self.features[feature].remove(key)
        for feature, key in settled.added:
            holders = self.features.setdefault(feature, set())
            assert key not in holders
            holders.add(key)
        for key in settled.gone:
            del self.rows[key]
        for row in settled.rows:
            self.rows[row.seen.key] = row

    def partition(self) -> set[frozenset[PostKey]]:
        clusters: dict[PostKey, set[PostKey]] = {}
        for key, row in self.rows.items():
            clusters.setdefault(row.head, set()).add(key)
        return {frozenset(keys) for keys in clusters.values()}


def sight(
    key: int,
    letters: str,
    at: int = 0,
    origin: int | None = None,
    source: int | None = None,
) -> Sighting:
    """A post of so many microseconds; ties are broken by its number."""
    made = make_fingerprint(letters)
    return Sighting(
        key=PostKey(key),
        chat=ChatKey(1),
        at=at,
        tie=key,
        text=None if made is None else made.text,
        features=() if made is None else made.features,
        origin=origin,
        source=None if source is None else PostKey(source),
    )
