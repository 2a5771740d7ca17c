"""Whatever the order in which posts come, are edited and go, the clusters are the same."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soso.model.ids import PostKey
from soso.similarity import settle as settle_module
from soso.similarity.clusters import Sighting, Tie
from soso.similarity.settle import settle

from .kept_rows import KeptRows, sight

LETTERS = "".join(chr(code) for code in range(0x4E00, 0x5100))
WRITER = random.Random(7)
BASES = ["".join(WRITER.choices(LETTERS, k=size)) for size in (20, 40, 90, 130, 260)]


def dressed(base: str, how: int) -> str:
    if len(base) < 60:
        return base
    other = "".join(random.Random(how).choices(LETTERS, k=len(base)))
    return {
        0: base,
        1: base[: len(base) * 2 // 3],
        2: other[:15] + base,
        3: base[:30] + other[:4] + base[34:],
        4: base[: len(base) // 2] + other[: len(base) // 2],
        5: base[len(base) // 3 :] + other[: len(base) // 3],
        6: other[: len(base) // 2] + base[len(base) // 2 :],
    }[how]


texts = st.builds(dressed, st.sampled_from(BASES), st.integers(0, 6))
# number of the post, its letters, when it was published, what it was forwarded from
versions = st.tuples(
    texts, st.integers(0, 6), st.one_of(st.none(), st.none(), st.integers(100, 102))
)


def sighted(key: int, version: tuple[str, int, int | None], present: set[int]) -> Sighting:
    """As the flow sees it: posts 0, 1 and 2 are what 100, 101 and 102 name, unless forwards."""
    letters, at, origin = version
    if key < 3:
        origin = None
    source = origin - 100 if origin is not None and origin - 100 in present else None
    return sight(key, letters, at, origin, source)


def tell(kept: KeptRows, posts: dict[int, tuple[str, int, int | None]], keys: set[int]) -> None:
    """Tell of changed posts, and of forwards whose source came or went, as the flow does."""
    forwards = {
        key
        for key, (_, _, origin) in posts.items()
        if key >= 3 and origin is not None and origin - 100 in keys
    }
    seen = {
        PostKey(key): sighted(key, posts[key], set(posts)) if key in posts else None
        for key in keys | {key for key in forwards if PostKey(key) in kept.rows}
    }
    kept.letters.update({PostKey(key): version[0] for key, version in posts.items()})
    before = {key: row.head for key, row in kept.rows.items()}
    settled = settle(kept, seen)
    kept.write(settled)
    now = {key: kept.rows[key].head if key in kept.rows else key for key in before}
    assert dict(settled.moved) == {key: now[key] for key in before if now[key] != before[key]}


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.integers(0, 11), versions, min_size=2),
    st.lists(st.tuples(st.integers(0, 11), st.one_of(st.none(), versions)), max_size=12),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
    st.sampled_from([3, 200]),
)
@example(  # a forward of a post that goes with an equal one, which goes with a head
    {
        0: (dressed(BASES[2], 0), 1, None),
        3: (dressed(BASES[2], 1), 0, None),
        4: (dressed(BASES[2], 0), 0, None),
    },
    [(5, (BASES[0], 0, 100))],
    1,
    random.Random(0),
    200,
)
def test_any_order_gives_the_same_clusters(
    first: dict[int, tuple[str, int, int | None]],
    edits: list[tuple[int, tuple[str, int, int | None] | None]],
    size: int,
    order: random.Random,
    formula: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settle_module, "FORMULA", formula)
        posts: dict[int, tuple[str, int, int | None]] = {}
        kept = KeptRows()
        steps: list[tuple[int, tuple[str, int, int | None] | None]] = list(first.items())
        order.shuffle(steps)
        steps += edits
        for start in range(0, len(steps), size):
            run = steps[start : start + size]
            for key, version in run:
                if version is None:
                    posts.pop(key, None)
                else:
                    posts[key] = version
            tell(kept, posts, {key for key, _ in run})
        at_once = KeptRows()
        tell(at_once, posts, set(posts))
        assert kept.rows == at_once.rows
        assert {f: k for f, k in kept.features.items() if k} == at_once.features


def told(*posts: Sighting, **letters: str) -> KeptRows:
    kept = KeptRows()
    for name, text in letters.items():
        kept.letters[PostKey(int(name[1:]))] = text
    for post in posts:
        kept.write(settle(kept, {post.key: post}))
    return kept


def test_nobody_is_in_a_cluster_by_a_chain() -> None:
    base = BASES[4]
    other = "".join(random.Random(1).choices(LETTERS, k=400))
    middle = base[60:] + other[:150]
    far = middle[170:] + other[150:380]
    kept = told(
        sight(1, base, 1), sight(2, middle, 2), sight(3, far, 3), p1=base, p2=middle, p3=far
    )
    assert kept.rows[PostKey(2)].head == 1
    assert kept.rows[PostKey(3)].head == 3


def test_an_earlier_copy_becomes_the_head() -> None:
    base = BASES[3]
    kept = told(sight(1, base, 5), sight(2, base + "补充一句", 6), p1=base, p2=base + "补充一句")
    assert kept.partition() == {frozenset({1, 2})}
    kept.letters[PostKey(3)] = base
    kept.write(settle(kept, {PostKey(3): sight(3, base, 1)}))
    assert {row.head for row in kept.rows.values()} == {3}
    assert kept.rows[PostKey(1)].tied is Tie.TEXT
    kept.write(settle(kept, {PostKey(3): None}))
    assert {row.head for row in kept.rows.values()} == {1}


def test_a_short_forward_goes_with_its_origin() -> None:
    kept = told(
        sight(1, "好", 1), sight(2, "好", 2, 77, 1), sight(3, "好", 3), p1="好", p2="好", p3="好"
    )
    assert kept.partition() == {frozenset({1, 2}), frozenset({3})}


def test_what_stands_in_many_texts_glues_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle_module, "FORMULA", 4)
    writer = random.Random(3)
    texts = [BASES[3] + "".join(writer.choices(LETTERS, k=20)) for _ in range(6)]
    letters = {f"p{key}": text for key, text in enumerate(texts)}
    few = told(*(sight(key, text, key) for key, text in enumerate(texts[:4])), **letters)
    assert len(few.partition()) == 1
    many = told(*(sight(key, text, key) for key, text in enumerate(texts)), **letters)
    assert len(many.partition()) > 1
