import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.simplify import simplify_run
from soso.text.tables import HAN
from soso.text.wording import (
    find_simplified,
    iter_pieces,
    load_wording,
    mainland_pieces,
    wording_text,
)


def mainland(run: str) -> str:
    return "".join(piece.mainland for piece in mainland_pieces(run))


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        *(("記憶體不足", "内存不足"), ("網際網路", "互联网"), ("用滑鼠點選", "用鼠标点击")),
        *(("諾蘭", "诺兰"), ("史蒂芬·史匹柏", "斯蒂芬·斯皮尔伯格"), ("正規表示式", "正则表达式")),
        *(("義大利", "意大利"), ("全球資訊網", "万维网"), ("馬田·史高西斯", "马丁·斯科塞斯")),
    ],
)
def test_what_opencc_is_believed(run: str, expected: str) -> None:
    assert mainland(run) == expected


@pytest.mark.parametrize(
    "run",
    [
        *(
            "电影片段",
            "執行程序",
            "核心文件",
            "尼日尔河",
            "蚌埠市",
            "理查德",
            "塔吉克斯坦",
            "厄瓜多尔",
        ),
        *(
            "显著",
            "人工智慧",
            "支援前線",
            "旅遊行程",
            "社群",
            "卢布林",
            "电子音乐",
            "红头文件",
            "安全形势",
        ),
    ],
)
def test_what_it_is_not_believed(run: str) -> None:
    assert mainland(run) == simplify_run(run)


def test_texts_without_such_words_are_done_at_once() -> None:
    assert find_simplified("今天天气很好") == "今天天气很好"
    assert find_simplified("今天天氣很好") == "今天天气很好"
    assert find_simplified("軟體") is None


def test_both_words_of_a_pair_are_one_word_to_jieba() -> None:
    found = load_wording()
    assert found["软体"] == ("软件",)
    assert found["伺服器"][-1] == "服务器"
    words = wording_text().split()
    assert len(set(words[::2])) == len(words[::2])
    assert set(words[::2]).isdisjoint(words[1::2])


runs = st.text(
    alphabet="記憶體諾蘭電影片段軟程式資訊網路行動話义大利的是在核心文件執行·",
    min_size=1,
    max_size=30,
)


@given(runs)
def test_the_pieces_are_the_run(run: str) -> None:
    pieces = mainland_pieces(run)
    assert "".join(piece.simplified for piece in pieces) == simplify_run(run)


def test_a_long_run_takes_no_longer_than_its_length() -> None:
    assert mainland("軟體" * 5_000).startswith("软件软件")


@given(
    st.lists(
        st.sampled_from([*"乾燥坤軟體资訊网路着著衞裏里发發后後，。 aU盘碟", "軟體", "隨身碟"])
    )
)
def test_runs_together_are_what_they_are_alone(parts: list[str]) -> None:
    text = "".join(parts)
    runs = re.findall(f"[{HAN}]+", text)
    assert list(iter_pieces(text, runs)) == [mainland_pieces(run) for run in runs]
