from contextlib import closing

import pytest

from soso.evaluation.baselines import choose
from soso.evaluation.baselines.choose import NAMES, open_baseline, parse_names
from soso.model.errors import BadInput

DOCUMENTS = [
    ("a", "今天北京的天气很好，适合去公园"),
    ("b", "北京公园的花都开了"),
    ("c", "Rust 编译器发布了新版本"),
    ("d", ""),
]


def test_names_are_parsed() -> None:
    assert parse_names("all") == NAMES
    assert parse_names("none") == ()
    assert parse_names("") == ()
    assert parse_names(" bm25, whoosh,bm25,") == ("bm25", "whoosh")
    with pytest.raises(BadInput, match="'lucene'"):
        parse_names("bm25,lucene")


@pytest.mark.parametrize("name", NAMES)
def test_every_baseline_finds_what_shares_most_with_the_query(name: str) -> None:
    with closing(open_baseline(name, words=lambda text: list(text.replace("，", "")))) as baseline:
        baseline.add(DOCUMENTS)
        assert baseline.search("北京的天气很好", 10)[0] == "a"
        assert baseline.search("编译器新版本", 1) == ["c"]
        assert len(baseline.search("北京公园", 1)) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", ["", " ", '"', "'; --", 'a" OR "b', "龘靐齉", "\0", "\ud800", "NOT *"]
)
def test_odd_queries_find_nothing_and_raise_nothing(name: str, text: str) -> None:
    with closing(open_baseline(name, words=str.split)) as baseline:
        baseline.add(DOCUMENTS)
        assert baseline.search(text, 10) == []


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: None if name == "whoosh" else object())
    assert choose.missing_packages("whoosh") == ["whoosh-reloaded"]
    assert choose.missing_packages("fts5") == []
    with pytest.raises(BadInput, match="pip install whoosh-reloaded"):
        open_baseline("whoosh", words=str.split)
