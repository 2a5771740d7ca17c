"""Labelled news stories, the measures of groups, and the methods stories are compared with.

Baselines: single-pass clustering over TF-IDF, as in topic detection and tracking, and DBSCAN over
vectors (scikit-learn), both within the same few days as ours.
"""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.cluster import DBSCAN
from sklearn.feature_extraction.text import TfidfVectorizer

from soso.evaluation.sets import Half, half_of

DAY_S: Final = 86_400


class News(NamedTuple):
    """A post of a labelled set. story: None where nobody judged it."""

    source: str
    at: datetime
    title: str
    text: str
    story: int | None

    @property
    def whole(self) -> str:
        """Title and text as a channel posts them."""
        return f"{self.title}\n{self.text}"


class Score(NamedTuple):
    """Of judged posts of a half: B-cubed and pairwise precision, recall and F1."""

    b3: tuple[float, float, float]
    pairs: tuple[float, float, float]


def load_news(folder: Path) -> list[News]:
    """Return the posts of channel_story by day; what is judged to be one link is one story."""
    rows = list(read_rows(folder / "corpus.jsonl.gz"))
    places = {row["id"]: place for place, row in enumerate(rows)}
    own = {row["id"]: row["self"] for row in read_rows(folder / "queries.jsonl.gz")}
    leaders = list(range(len(rows)))

    def leader(place: int) -> int:
        while leaders[place] != place:
            leaders[place] = place = leaders[leaders[place]]
        return place

    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        asked, found, grade = line.split("\t")
        if int(grade) > 0:
            leaders[leader(places[own[asked]])] = leader(places[found])
    sizes = Counter(leader(place) for place in range(len(rows)))
    return [
        News(
            row["source"],
            datetime.fromisoformat(row["date"]).replace(tzinfo=UTC),
            row["title"],
            row["text"],
            leader(place) if sizes[leader(place)] > 1 else None,
        )
        for place, row in enumerate(rows)
    ]


def score(news: Sequence[News], groups: Sequence[int], half: Half) -> Score:
    """Return how well groups, a number for each post, agree with the judged stories of a half."""
    halves = half_of_story(news)
    judged = [
        (groups[place], one.story)
        for place, one in enumerate(news)
        if one.story is not None and half in (Half.ALL, halves[one.story])
    ]
    made, told, both = Counter(g for g, _ in judged), Counter(s for _, s in judged), Counter(judged)
    precision = sum(n * n / made[group] for (group, _), n in both.items()) / len(judged)
    recall = sum(n * n / told[story] for (_, story), n in both.items()) / len(judged)
    joined = sum(map(_pairs, made.values()))
    right = sum(map(_pairs, both.values()))
    pair_precision, pair_recall = right / max(joined, 1), right / sum(map(_pairs, told.values()))
    return Score(
        (precision, recall, f1(precision, recall)),
        (pair_precision, pair_recall, f1(pair_precision, pair_recall)),
    )


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def single_pass(
    news: Sequence[News], words: Sequence[Sequence[str]], *, need: float, days: int
) -> list[int]:
    """Return groups: each post joins the nearest centroid of the last days, or begins a group."""
    table = TfidfVectorizer(analyzer=_same, sublinear_tf=True).fit_transform(words)
    rows = [
        dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        for row in (table[place] for place in range(len(news)))
    ]
    groups = [0] * len(news)
    sums: list[dict[int, float]] = []
    last: list[datetime] = []
    by_term: dict[int, set[int]] = defaultdict(set)
    for place in sorted(range(len(news)), key=lambda place: (news[place].at, place)):
        row, at = rows[place], news[place].at
        shared: dict[int, float] = defaultdict(float)
        for term, weight in row.items():
            closed = {group for group in by_term[term] if (at - last[group]).days > days}
            by_term[term] -= closed
            for group in by_term[term]:
                shared[group] += weight * sums[group][term]
        best, alike = -1, need
        for group, value in shared.items():
            cosine = value / _length(sums[group])
            if cosine >= alike:
                best, alike = group, cosine
        if best < 0:
            best = len(sums)
            sums.append({})
            last.append(at)
        for term, weight in row.items():
            sums[best][term] = sums[best].get(term, 0.0) + weight
            by_term[term].add(best)
        last[best], groups[place] = at, best
    return groups


def dbscan(
    news: Sequence[News], vectors: NDArray[np.float32], *, eps: float, days: int
) -> list[int]:
    """Return the groups of DBSCAN over cosine distances, posts further apart than days are far."""
    by_day: dict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(news):
        by_day[int(one.at.timestamp()) // DAY_S].append(place)
    rows, columns, values = list[int](), list[int](), list[float]()
    for day, here in by_day.items():
        for other in range(day, day + days + 1):
            there = by_day.get(other, [])
            if not there:
                continue
            far = 1 - vectors[here] @ vectors[there].T
            for a, b in zip(*np.where(far <= eps), strict=True):
                if here[a] != there[b]:
                    rows += [here[a], there[b]]
                    columns += [there[b], here[a]]
                    values += [max(float(far[a, b]), 1e-6)] * 2
    table = csr_matrix((values, (rows, columns)), shape=(len(news), len(news)))
    labels = DBSCAN(eps=eps, min_samples=2, metric="precomputed").fit(table).labels_
    first_free = int(labels.max()) + 1
    return [int(label) if label >= 0 else first_free + place for place, label in enumerate(labels)]


def half_of_story(news: Sequence[News]) -> Mapping[int, Half]:
    """Return the half each judged story lies in, by the title of its first post."""
    found: dict[int, Half] = {}
    for one in news:
        if one.story is not None:
            found.setdefault(one.story, half_of(one.title))
    return found


def _length(sums: Mapping[int, float]) -> float:
    length: float = float(sum(value * value for value in sums.values())) ** 0.5
    return length


def _same(words: Sequence[str]) -> Sequence[str]:
    return words


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
