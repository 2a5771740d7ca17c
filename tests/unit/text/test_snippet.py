import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.analyzers import load_analyzers
from soso.text.snippet import READ, Marks, Snippet, cut_snippet, highlight
from tests.unit.text.strategies import texts

ANALYZERS = load_analyzers()


def marks(query: str) -> Marks:
    words = [term for word in ANALYZERS.query_words(query) for term in word]
    return Marks(words=tuple(words), bigrams=tuple(ANALYZERS.bigrams(query)))


def shown(snippet: Snippet) -> str:
    """The text with its highlights in brackets."""
    text, place = "", 0
    for start, end in snippet.highlights:
        text += f"{snippet.text[place:start]}[{snippet.text[start:end]}]"
        place = end
    return text + snippet.text[place:]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("我們使用軟體來處理", "软件", "我們使用[軟體]來處理"),
        ("加裝記憶體！", "内存", "加裝[記憶體]！"),
        ("e\u0301te\u0301 2024", "été", "[e\u0301te\u0301] 2024"),
        ("Downloading Movies", "download", "[Downloading] Movies"),
        ("清华大学很大", "清华", "[清华]大学很大"),
        ("流浪地球和地球", "流浪地球", "[流浪地球]和[地球]"),
        ("乒乓球拍卖完了", "拍卖", "乒乓球[拍卖]完了"),
        ("换\n行\t了", "没有", "换 行 了"),
        ("❤\ufe0f 爱", "❤", "[❤\ufe0f] 爱"),
        ("好的电影", "的电影", "好的[电影]"),
        ("我的", "的", "我[的]"),
        ("坏\ud800字", "字", "坏\ufffd[字]"),
        ("今朝大霧，渡輪慢", "雾", "今朝大[霧]，渡輪慢"),
        ("猫和猫咪", "猫", "[猫]和[猫]咪"),
        ("搭\U000282e2唔使等", "\U000282e2", "搭[\U000282e2]唔使等"),
        ("ＲＡＩＤ５ 坏了", "raid5", "[ＲＡＩＤ５] 坏了"),
        ("RAID5 坏了", "ＲＡＩＤ５", "[RAID5] 坏了"),
        ("iPhone15 到了", "iphone", "[iPhone]15 到了"),
        ("捷運九號線", "9号线 九号线", "捷運[九號線]"),
        ("", "x", ""),
    ],
)
def test_what_is_marked(text: str, query: str, expected: str) -> None:
    assert shown(cut_snippet(text, marks(query), ANALYZERS)) == expected
    assert shown(highlight(text, marks(query), ANALYZERS)) == expected


def test_phrases_reach_over_what_does_not_count() -> None:
    found = cut_snippet("看流浪 地球，2！", Marks(phrases=(tuple("浪地球2"),)), ANALYZERS)
    assert shown(found) == "看流[浪 地球，2]！"


def test_pairs_only_where_no_word_is() -> None:
    asked = Marks(words=("地球",), bigrams=("浪地", "地球", "球村"))
    assert shown(highlight("流浪地球村，球村", asked, ANALYZERS)) == "流浪[地球]村，[球村]"


def test_sounds_mark_their_characters() -> None:
    asked = Marks(pinyin=(("liu", "lang"),), initials=(("c", "q"),))
    assert shown(highlight("看流浪，重慶 流，浪", asked, ANALYZERS)) == "看[流浪]，[重慶] 流，浪"


LONG = (
    "开头的话。"
    + "没有什么。" * 40
    + "这里说到特斯拉和充电桩的事情。"
    + "后面的话。" * 40
    + "又说到充电。"
)


def test_the_window_has_most_of_the_distinct_terms() -> None:
    found = cut_snippet(LONG, marks("特斯拉 充电"), ANALYZERS, width=40)
    assert "特斯拉" in found.text
    assert "充电桩" in found.text
    assert len(found.text) <= 40
    assert found.cut_start
    assert found.cut_end
    assert found.text.startswith("这里说到")


def test_without_a_hit_the_beginning() -> None:
    found = cut_snippet("  " + LONG, marks("火箭"), ANALYZERS, width=20)
    assert found.text == LONG[:20]
    assert found.highlights == ()
    assert not found.cut_start
    assert found.cut_end


def test_a_short_text_is_whole() -> None:
    found = cut_snippet("短文", marks("短文"), ANALYZERS, width=20)
    assert (found.cut_start, found.cut_end) == (False, False)


def test_only_the_first_characters_are_searched() -> None:
    text = "空" * READ + "特斯拉"
    assert cut_snippet(text, marks("特斯拉"), ANALYZERS).highlights == ()


@given(texts, st.text(max_size=8), st.integers(1, 60))
def test_ranges_are_sorted_disjoint_and_inside(text: str, query: str, width: int) -> None:
    asked = Marks(
        words=tuple(ANALYZERS.words(query + text[3:6])),
        bigrams=tuple(ANALYZERS.bigrams(query + text[:4])),
        phrases=(tuple(ANALYZERS.chars(text[2:5])), ()),
        pinyin=(tuple(ANALYZERS.pinyin(text[:2])), ()),
        initials=(tuple(ANALYZERS.initials(text[1:3])),),
    )
    for found in (
        cut_snippet(text, asked, ANALYZERS, width=width),
        highlight(text, asked, ANALYZERS),
    ):
        found.text.encode()
        assert "\n" not in found.text
        place = -1
        for start, end in found.highlights:
            assert place < start < end <= len(found.text)
            place = end
    whole = highlight(text, asked, ANALYZERS)
    assert len(whole.text) == len(text)


@given(texts, st.data())
def test_a_quoted_run_is_marked(text: str, data: st.DataObject) -> None:
    places = [place for place in range(len(text)) if "\u4e00" <= text[place] <= "\u9fff"]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    found = highlight(text, Marks(phrases=(tuple(ANALYZERS.chars(text[place])),)), ANALYZERS)
    assert any(start <= place < end for start, end in found.highlights)
