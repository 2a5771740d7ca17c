from contextlib import closing
from pathlib import Path

from soso.evaluation.baselines.whoosh_jieba import WhooshJieba


def test_any_word_will_do_and_the_grammar_is_not_whooshs(tmp_path: Path) -> None:
    with closing(WhooshJieba(tmp_path)) as index:
        index.add([("a", "北京的天气"), ("b", "北京的公园"), ("c", "上海")])
        assert sorted(index.search("北京 没有的词", 5)) == ["a", "b"]
        assert index.search("NOT 北京 天气", 1) == ["a"]
        assert index.search("上海 OR", 5) == ["c"]
    assert any(tmp_path.iterdir())
