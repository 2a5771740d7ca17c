from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from soso.alerts.demand import demand_of, moves_with_time, named_chats
from soso.alerts.watch import Door, Owner, Watch
from soso.query.clauses import AllOf, Not, OneOf
from soso.query.plan import Context
from soso.ranking.weights import BOOSTS
from soso.schema import fields
from soso.text.analyzers import load_analyzers

AT = datetime(2026, 1, 1, tzinfo=UTC)


def watch(text: str, **more: object) -> Watch:
    owner = Owner(door=Door.BOT, id="1")
    return Watch(owner=owner, text=text, created_at=AT, since=AT, **more)  # type: ignore[arg-type]


def test_nothing_sensitive_and_only_the_kinds_that_are_wanted() -> None:
    context = Context(now=AT, zone=ZoneInfo("UTC"), chats={})
    clause = demand_of(watch("台风", kinds=("video",)), load_analyzers(), BOOSTS, context)
    assert isinstance(clause, AllOf)
    assert OneOf(field=fields.KIND, terms=("video",)) in clause.clauses
    assert Not(clause=OneOf(field=fields.FLAG, terms=("sensitive",))) in clause.clauses


@pytest.mark.parametrize(
    ("text", "chats", "moves"),
    [
        ("台风", [], False),
        ("chat:@news 台风", ["@news"], False),
        ("台风 (chat:a OR -chat:b,c)", ["a", "b", "c"], False),
        ("after:7d", [], True),
        ("(台风 before:12h)", [], True),
        ("after:2026-11 before:2027", [], False),
    ],
)
def test_what_a_watch_names_and_whether_it_moves(text: str, chats: list[str], moves: bool) -> None:
    assert named_chats(watch(text)) == chats
    assert moves_with_time(watch(text)) is moves
