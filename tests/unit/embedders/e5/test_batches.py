from hypothesis import given
from hypothesis import strategies as st

from soso.embedders.e5.batches import batch


@given(st.lists(st.integers(1, 128), max_size=60), st.integers(1, 300))
def test_each_text_comes_once_and_batches_stay_within_bounds(
    lengths: list[int], tokens: int
) -> None:
    batches = list(batch(lengths, tokens=tokens))
    assert sorted(place for places in batches for place in places) == list(range(len(lengths)))
    for places in batches:
        longest = max(lengths[place] for place in places)
        assert len(places) == 1 or len(places) * longest <= tokens


def test_like_lengths_come_together() -> None:
    assert list(batch([90, 3, 88, 4], tokens=180)) == [[1, 3], [2, 0]]


def test_nothing_gives_no_batch() -> None:
    assert list(batch([])) == []
