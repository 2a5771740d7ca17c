import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.analyzers import load_analyzers
from soso.text.passage import Hit, choose_window
from soso.text.snippet import Marks, cut_snippet
from tests.unit.text.strategies import texts

ANALYZERS = load_analyzers()


def marks(query: str) -> Marks:
    words = [term for word in ANALYZERS.query_words(query) for term in word]
    return Marks(words=tuple(words), bigrams=tuple(ANALYZERS.bigrams(query)))


@pytest.mark.parametrize(
    ("text", "query", "begins", "has"),
    [
        (  # many in one sentence before as many in several
            "特斯拉很贵。"
            + "没有什么。" * 5
            + "充电要排队。"
            + "没有什么。" * 30
            + "特斯拉的充电桩在楼下。"
            + "后面的话。" * 30,
            "特斯拉 充电",
            "特斯拉的充电桩",
            "楼下",
        ),
        (  # of equals the first, however often a word is said again
            "窃听又称监听。" + "没有什么。" * 30 + "窃听窃听窃听窃听。",
            "窃听",
            "窃听又称监听",
            "窃听又称监听",
        ),
        (  # what is said again and again weighs less than what is said once
            "皇后和皇后的人，皇后的事。" + "没有什么。" * 30 + "她的谥号是章。" + "后面的话。" * 30,
            "皇后 谥号",
            "她的谥号",
            "章",
        ),
        (  # in a sentence without an end somewhat before the hit
            "没有标点的话" * 40 + "，忽然说到彗星就停不下来" + "没有标点的话" * 40,
            "彗星",
            "忽然说到彗星",
            "停不下来",
        ),
        (
            "The harbour was quiet. " * 12
            + "A comet rose at 5.30 over the pier. "
            + "So it goes. " * 20,
            "comet",
            "A comet rose at 5.30",
            "pier",
        ),
    ],
)
def test_the_passage_that_answers(text: str, query: str, begins: str, has: str) -> None:
    found = cut_snippet(text, marks(query), ANALYZERS, width=60)
    assert found.text.startswith(begins), found.text
    assert has in found.text
    assert found.highlights


def test_at_the_end_of_a_text_a_sentence_before_it_is_shown_from_its_beginning() -> None:
    found = cut_snippet("没有什么。" * 40 + "她的谥号是章。", marks("谥号"), ANALYZERS, width=40)
    assert found.text == "没有什么。" * 6 + "她的谥号是章。"
    assert (found.cut_start, found.cut_end) == (True, False)


def test_what_stands_beside_it_weighs_little() -> None:
    text = "末班缆车的票。" + "没有什么。" * 30 + "演员纪长汀很好。" + "后面的话。" * 30
    asked = marks("末班缆车 纪长汀")
    alone = cut_snippet(text, asked, ANALYZERS, width=40)
    assert alone.text.startswith("末班缆车")
    found = cut_snippet(text, asked, ANALYZERS, width=40, beside="《末班缆车》影评")
    assert found.text.startswith("演员纪长汀")


@given(texts, st.integers(1, 40), st.lists(st.integers(0, 60), max_size=6))
def test_a_window_lies_in_the_text(text: str, width: int, places: list[int]) -> None:
    hits = [Hit(p, min(p + 2, len(text)), str(p % 3), 1.0) for p in sorted(places) if p < len(text)]
    start, end = choose_window(text, hits, width, until=len(text))
    assert 0 <= start <= end <= len(text)
    assert end - start <= max(width, 2)
    if hits:
        assert any(hit.start < end and hit.end > start for hit in hits)
