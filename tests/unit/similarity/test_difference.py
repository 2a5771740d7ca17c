import time

from hypothesis import given
from hypothesis import strategies as st

from soso.query.traces import Change, Piece
from soso.similarity.difference import LONGEST, find_differences, shorten


def told(earlier: str, later: str) -> list[tuple[str, str]]:
    return [(piece.change.value, piece.text) for piece in find_differences(earlier, later)]


def test_a_changed_fact_is_shown() -> None:
    assert told("票价三元，学生半价", "票价五元，学生半价") == [
        ("equal", "票价"),
        ("removed", "三"),
        ("added", "五"),
        ("equal", "元，学生半价"),
    ]
    assert told("costs 1,200 dollars", "costs 1,500 dollars") == [
        ("equal", "costs "),
        ("removed", "1,200"),
        ("added", "1,500"),
        ("equal", " dollars"),
    ]


def test_script_width_and_case_are_no_change() -> None:
    assert told("台湾的软件ABC，好", "臺灣的軟件ａｂｃ,好") == [("equal", "臺灣的軟件ａｂｃ,好")]


def test_what_was_added_and_cut() -> None:
    assert told("正文如此。结尾删了", "快讯：正文如此。") == [
        ("added", "快讯："),
        ("equal", "正文如此。"),
        ("removed", "结尾删了"),
    ]


def test_islands_are_taken_with_what_is_around() -> None:
    assert told("甲乙丙的丁戊己", "子丑寅的卯辰巳") == [
        ("removed", "甲乙丙的丁戊己"),
        ("added", "子丑寅的卯辰巳"),
    ]


@given(st.text("今天 气好ab1\n", max_size=60), st.text("今天 气好ab1\n", max_size=60))
def test_the_pieces_make_up_both_texts(earlier: str, later: str) -> None:
    pieces = find_differences(earlier, later)
    assert "".join(one.text for one in pieces if one.change is not Change.REMOVED) == later
    assert all(one.text for one in pieces)
    kept = "".join(one.text for one in pieces if one.change is not Change.ADDED)
    assert "".join(kept.split()) == "".join(earlier.split())


def test_hostile_texts_take_bounded_time() -> None:
    begun = time.perf_counter()
    find_differences("ab " * LONGEST, "ba " * LONGEST)
    find_differences("的" * 10**6, "地的" * 10**6)
    assert time.perf_counter() - begun < 2


def test_long_equal_stretches_are_shortened() -> None:
    pieces = (
        Piece(change=Change.EQUAL, text="甲" * 200),
        Piece(change=Change.ADDED, text="乙"),
        Piece(change=Change.EQUAL, text="丙" * 200),
    )
    assert [piece.text for piece in shorten(pieces, around=5)] == [
        "… " + "甲" * 5,
        "乙",
        "丙" * 5 + " …",
    ]
