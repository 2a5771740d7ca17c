from soso.evaluation.baselines.jieba_words import cut_for_search


def test_long_words_give_their_parts_and_marks_give_nothing() -> None:
    assert cut_for_search("中国科学院，今年？") == [
        "中国",
        "科学",
        "学院",
        "科学院",
        "中国科学院",
        "今年",
    ]
    assert cut_for_search("C++ 与 iOS 17！") == ["c++", "与", "ios", "17"]
    assert cut_for_search(" \n") == []
