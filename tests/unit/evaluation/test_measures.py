import math
import random

import pytest

from soso.evaluation.measures import difference, interval, measure, percentile

GRADES = {"a": {"x": 3, "y": 1, "z": 0}, "b": {"x": 1}, "c": {"y": 2}}


def test_measures_are_those_of_trec_eval() -> None:
    found = measure(GRADES, {"a": ["y", "x"], "b": ["z", "y"], "c": ["z", "y"]})
    gain = (1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3))
    assert found["ndcg@10"] == pytest.approx([gain, 0.0, 1 / math.log2(3)])
    assert found["mrr@10"] == [1.0, 0.0, 0.5]
    assert found["recall@10"] == [1.0, 0.0, 1.0]


def test_values_stand_in_the_order_of_the_rankings() -> None:
    found = measure(GRADES, {"c": ["y"], "b": [], "a": ["x"]})
    assert found["mrr@10"] == [1.0, 0.0, 1.0]
    assert found["recall@10"] == [1.0, 0.0, 0.5]


def test_what_comes_after_the_tenth_does_not_count() -> None:
    late = [f"other{n}" for n in range(10)] + ["x"]
    assert measure(GRADES, {"b": late})["mrr@10"] == [0.0]
    assert measure(GRADES, {"b": late[1:]})["mrr@10"] == [0.1]


def test_the_order_given_holds_although_names_sort_otherwise() -> None:
    ranking = ["z2", "z1", "x"]
    assert measure({"b": {"x": 1}}, {"b": ranking})["mrr@10"] == [pytest.approx(1 / 3)]


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    drawn = random.Random(1)
    values = [drawn.random() for _ in range(400)]
    found = interval(values)
    assert found == interval(values)
    assert found.mean == pytest.approx(sum(values) / 400)
    # The standard error of uniform values is 0.289 / 20; 95% lie within 1.96 of it.
    assert found.mean - found.low == pytest.approx(0.0283, abs=0.004)
    assert found.high - found.mean == pytest.approx(0.0283, abs=0.004)
    alike = interval([0.5, 0.5])
    assert (alike.low, alike.mean, alike.high) == (0.5, 0.5, 0.5)


def test_a_difference_is_taken_query_by_query() -> None:
    drawn = random.Random(2)
    theirs = [drawn.random() for _ in range(200)]
    ahead = difference([value + 0.01 for value in theirs], theirs)
    assert ahead.low > 0  # far inside the interval of either alone
    assert interval(theirs).low < interval(theirs).mean - 0.02
    with pytest.raises(ValueError, match="argument 2"):
        difference([1.0, 1.0], [1.0])


def test_percentiles_are_values_that_were_seen() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 0.5) == 50.0
    assert percentile(values[::-1], 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0
    assert percentile([], 0.5) == 0.0
