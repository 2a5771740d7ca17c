from soso.similarity.central import order_by_centrality
from soso.similarity.tellings import LEAD, TITLE, pack_terms


def post(title: str, text: str) -> bytes:
    return pack_terms([(title.split(), TITLE), (text.split(), LEAD)])


def test_the_post_whose_title_others_repeat_is_first() -> None:
    posts = [
        post("好消息", "白鹭 大桥 通车 今天"),
        post("白鹭 大桥 通车", "封闭 十九个月"),
        post("桥上 看海 很美", "白鹭 大桥 通车 之后"),
    ]
    assert order_by_centrality(posts)[0] == 1


def test_a_long_title_of_its_own_words_is_not_central() -> None:
    posts = [post("大桥 通车", "甲"), post("大桥 通车 一 二 三 四 五 六 七 八 九", "乙")]
    assert order_by_centrality(posts) == [0, 1]


def test_of_equals_the_earlier_and_nothing_of_nothing() -> None:
    assert order_by_centrality([post("大桥", "通车")] * 3) == [0, 1, 2]
    assert order_by_centrality([]) == []
    assert order_by_centrality([b""]) == [0]
