from soso.evaluation.baselines.bm25_jieba import Bm25Jieba


def test_rare_words_and_short_texts_score_higher() -> None:
    baseline = Bm25Jieba()
    baseline.add(
        [
            ("long", "北京的天气，北京的公园，北京的学校，北京的医院，北京的机场"),
            ("short", "北京天气"),
            ("other", "上海天气"),
            ("last", "上海天气"),
        ]
    )
    assert baseline.search("天气", 3) == ["short", "other", "last"]
    assert baseline.search("北京天气", 1) == ["short"]
    assert baseline.search("广州", 3) == []


def test_case_is_folded_and_scripts_are_not() -> None:
    baseline = Bm25Jieba()
    baseline.add([("a", "Rust 編譯器"), ("b", "编译器")])
    assert baseline.search("rust", 3) == ["a"]
    assert baseline.search("编译器", 3) == ["b"]
