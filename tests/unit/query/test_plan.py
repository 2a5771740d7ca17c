from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import ChatKey
from soso.query.clauses import AnyOf, Everything, Nothing, OneOf, Phrase, Range, Term
from soso.query.parse import parse
from soso.query.plan import Context, chat_names, is_scored, make_plan, narrow
from soso.query.plan_types import Plan, Sort
from soso.ranking.weights import BOOSTS
from soso.schema import fields
from soso.text.analyzers import load_analyzers

ANALYZERS = load_analyzers()
NOW = datetime(2026, 11, 20, tzinfo=UTC)
CONTEXT = Context(now=NOW, zone=ZoneInfo("Asia/Shanghai"), chats={"@a": ChatKey(7)})


def plan(text: str) -> Plan:
    return make_plan(parse(text).query, ANALYZERS, BOOSTS, CONTEXT)


def test_filters_stand_apart_and_know_their_facet() -> None:
    found = plan("彗星 kind:video chat:@a after:2026-11 views:>10")
    assert [one.field for one in found.filters] == [
        fields.KIND,
        fields.CHAT,
        fields.AT,
        fields.AUDIENCE,
    ]
    assert found.filters[1].clause == OneOf(field=fields.CHAT, terms=("7",))
    begin = datetime(2026, 11, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert found.filters[2].clause == Range(field=fields.AT, low=int(begin.timestamp()))


def test_an_unknown_chat_finds_nothing() -> None:
    assert plan("chat:@nobody").filters[0].clause == Nothing()
    assert chat_names(parse("a (b OR -chat:@nobody)").query) == ["@nobody"]


def test_quotes_run_on_characters_and_are_demanded_of_partial_answers() -> None:
    found = plan('"流浪 地球"')
    assert found.full == Phrase(field=fields.CHARS, terms=tuple("流浪地球"))
    assert found.partial is None


def test_words_give_partial_answers() -> None:
    found = plan("彗星 台风")
    assert found.partial is not None
    assert found.partial != found.full
    assert is_scored(found)


@pytest.mark.parametrize("empty", ["!!!", '"…"', "《》"])
def test_what_is_only_punctuation_asks_for_nothing(empty: str) -> None:
    for text in (f"彗星 {empty}", f"彗星 -{empty}", f"彗星 -({empty} OR {empty})"):
        assert plan(text) == plan("彗星"), text
    assert plan(f"彗星 OR {empty}").full == AnyOf(clauses=(plan("彗星").full,))
    assert plan(empty).full == Everything()
    assert not is_scored(plan(empty))


def test_words_alone_may_be_a_whole_name() -> None:
    name = OneOf(field=fields.NAME, terms=("港湾 消息台", "港湾消息台"))
    assert str(name) in str(plan("港灣 消息台").score)
    assert str(name) not in str(plan("港湾 消息").score)


def test_stop_words_are_not_demanded() -> None:
    assert plan("的 彗星").full == plan("彗星").full
    assert plan("的").full != Everything()


def test_without_words_nothing_is_scored() -> None:
    for text in ("", "kind:video", "-台风", "-kind:video after:7d"):
        assert not is_scored(plan(text)), text


def test_pinyin_is_asked_by_latin_words_alone() -> None:
    def asks_pinyin(text: str) -> bool:
        return fields.PINYIN in str(plan(text))

    assert asks_pinyin("dengta")
    assert not asks_pinyin("灯塔")
    assert not asks_pinyin("v2")


def test_a_single_character_is_found_inside_words() -> None:
    assert Term(field=fields.CHARS, term="桥") in plan("桥").full.clauses  # type: ignore[attr-defined]


def test_narrow_adds_the_tab_and_hides_sensitive() -> None:
    found = narrow(plan("彗星"), kind="video", sensitive=False, sort=Sort.NEWEST)
    assert [one.field for one in found.filters] == [fields.KIND, fields.FLAG]
    assert found.sort is Sort.NEWEST
    assert narrow(plan("彗星"), kind=None, sensitive=True, sort=Sort.VIEWS).filters == ()


@given(st.text(max_size=120))
def test_every_query_has_a_plan(text: str) -> None:
    assert plan(text).full is not None
