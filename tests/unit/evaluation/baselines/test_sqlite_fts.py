from contextlib import closing
from pathlib import Path

from soso.evaluation.baselines.sqlite_fts import TrigramTable, WordTable


def test_trigrams_find_runs_of_three_and_scan_for_shorter_ones() -> None:
    with closing(TrigramTable()) as table:
        table.add([("a", "流浪地球2 合集"), ("b", "今天天气很好"), ("c", "好天气")])
        assert table.search("流浪地球", 5) == ["a"]
        assert table.search("天气", 5) == ["b", "c"]
        assert table.search("天气 今天", 5) == ["b"]
        assert table.search("好", 1) == ["b"]


def test_a_table_in_a_file_is_there_again(tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite"
    with closing(WordTable(str.split, file)) as table:
        table.add([("a", "one two"), ("b", "two three")])
    with closing(WordTable(str.split, file)) as table:
        assert table.search("three one", 5) == ["a", "b"]
        assert table.search("three three", 5) == ["b"]


def test_words_go_through_the_analysis_given() -> None:
    with closing(WordTable(lambda text: [char for char in text if char != " "])) as table:
        table.add([("a", "北京"), ("b", "上海")])
        assert table.search("海京", 5) == ["a", "b"]
