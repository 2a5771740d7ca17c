import pytest

from soso.query.results import FacetValue
from soso.web.site.refine import add_chat, drop_filters, drop_kind, list_refinements
from tests.unit.web.fakes import make_chat

ONE, TWO = make_chat(1), make_chat(2)
CHATS = (
    FacetValue(value="1", count=9, chat=ONE),
    FacetValue(value="2", count=3, chat=TWO),
    FacetValue(value="3", count=1),  # a chat that is gone meanwhile
)


def test_a_value_adds_its_filter() -> None:
    found = list_refinements('停水 "老港区"', "chat", CHATS)
    assert [choice.text for choice in found] == [
        '停水 "老港区" chat:1500000001',
        '停水 "老港区" chat:1500000002',
    ]
    assert not any(choice.active for choice in found)


def test_an_active_value_takes_its_filter_away_and_another_takes_its_place() -> None:
    one, two = list_refinements("停水 chat:1500000001 lang:en", "chat", CHATS)
    assert (one.active, one.text) == (True, "停水 lang:en")
    assert (two.active, two.text) == (False, "停水 lang:en chat:1500000002")


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("2026-11", "after:2026-11 before:2026-12"),
        ("2026-12", "after:2026-12 before:2027-01"),
    ],
)
def test_a_month_is_a_span(month: str, words: str) -> None:
    (choice,) = list_refinements("早报 after:7d", "month", (FacetValue(value=month, count=1),))
    assert choice.text == f"早报 {words}"
    (again,) = list_refinements(choice.text, "month", (FacetValue(value=month, count=1),))
    assert (again.active, again.text) == (True, "早报")


def test_what_is_no_value_offers_nothing() -> None:
    odd = tuple(FacetValue(value=value, count=1) for value in ("2026-13", "", "9999-12", "x"))
    assert list_refinements("早报", "month", odd) == ()
    assert list_refinements("早报", "lang", (FacetValue(value="", count=1),)) == ()


def test_languages() -> None:
    (choice,) = list_refinements("", "lang", (FacetValue(value="zh-Hant", count=1),))
    assert choice.text == "lang:zh-Hant"


def test_a_tab_takes_the_place_of_a_typed_kind() -> None:
    assert drop_kind("停水  -广告") == ("停水  -广告", None)
    assert drop_kind('停水 kind:video "a"') == ('停水 "a"', "video")
    assert drop_kind("停水 kind:video,photo") == ("停水", "")
    assert drop_kind("停水 -kind:video") == ("停水 -kind:video", None)


def test_filters_are_dropped_and_words_stay() -> None:
    text = '停水 OR 停电 -广告 kind:video chat:@a "chat:b" after:7d views:>5 #天气'
    assert drop_filters(text) == '停水 OR 停电 -广告 "chat:b"'


def test_a_search_inside_a_chat() -> None:
    assert add_chat("停水 chat:9", "1500000001") == "停水 chat:1500000001"
