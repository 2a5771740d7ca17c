from hypothesis import given
from hypothesis import strategies as st

from soso.alerts.digest import fold_matches
from soso.model.ids import PostKey

KEYS = st.integers(1, 30).map(PostKey)


def test_one_of_each_cluster_is_kept_and_none_of_those_told() -> None:
    one, two, three, four, five = map(PostKey, range(1, 6))
    heads = {one: one, two: one, three: four, four: four}
    folded = fold_matches([two, one, three, four, five], heads, frozenset({four}))
    assert folded.kept == [two, five]
    assert folded.copies == [one, three, four]


@given(
    waiting=st.lists(KEYS, unique=True),
    heads=st.dictionaries(KEYS, KEYS),
    told=st.frozensets(KEYS, max_size=5),
)
def test_every_post_is_kept_or_a_copy_and_no_cluster_comes_twice(
    waiting: list[PostKey], heads: dict[PostKey, PostKey], told: frozenset[PostKey]
) -> None:
    folded = fold_matches(waiting, heads, told)
    assert sorted(folded.kept + folded.copies) == sorted(waiting)
    clusters = [heads.get(key, key) for key in folded.kept]
    assert len(clusters) == len(set(clusters))
    assert told.isdisjoint(clusters)
    assert {heads.get(key, key) for key in folded.copies} <= {*clusters, *told}
