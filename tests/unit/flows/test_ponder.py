from datetime import timedelta

import pytest

from soso.flows.ponder import Popular, Showing, load_popular, report_queries
from soso.model.batch import Block
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.ids import Peer, PeerKind
from soso.ports.queries import QueryCount
from soso.text.sensitive import SensitiveWords

from .conftest import ANALYZERS, World, post

PRIVATE = ChatSighting(
    peer=Peer(kind=PeerKind.CHANNEL, id=1500000009),
    kind=ChatKind.CHANNEL,
    title="内部通知",
    username="inner_circle",
    is_public=False,
)


def ask(world: World, text: str, *, days: int = 4, hours: int = 3, **counts: int) -> None:
    """Count that a text was asked on so many days, in so many hours of each."""
    for ago in range(days):
        day = (world.clock.now() - timedelta(days=ago)).date()
        told = {"asked": hours, **counts}
        mask = (1 << hours) - 1
        key = ANALYZERS.keyword(text)
        world.store.add_queries([QueryCount(key=key, text=text, day=day, hours=mask, **told)])


def popular(world: World, *, hours: int = 10, words: tuple[str, ...] = ()) -> tuple[str, ...]:
    sensitive = SensitiveWords(words, ANALYZERS)
    needs = Showing(world.store, ANALYZERS, sensitive, world.clock, world.zone, hours)
    return load_popular(needs).texts


def test_readers_see_what_was_asked_in_many_hours_of_several_days(world: World) -> None:
    ask(world, "台风")
    ask(world, "一个人一天问个不停", days=1, hours=20)
    ask(world, "两天", days=2, hours=20)
    ask(world, "少有人问", days=4, hours=2)
    ask(world, "彗星", days=5)
    assert popular(world) == ("彗星", "台风")
    assert popular(world, hours=14) == ("彗星",)
    assert popular(world, hours=0) == ()


def test_many_askings_in_one_hour_are_one(world: World) -> None:
    ask(world, "刷", days=5, hours=1, asked=1000)
    assert popular(world) == ()


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "someone@example.org",
        "赌 场",
        "被禁的词",
        "@inner_circle",
        "t.me/inner_circle 进群",
        "inner_circle",
        "INNER_CIRCLE 怎么进",
        "内部通知",
        "长" * 41,
    ],
)
def test_what_is_not_for_everybody_is_never_shown(world: World, text: str) -> None:
    world.store.add_chat(PRIVATE, world.clock.now())
    world.store.add_block(Block(at=world.clock.now(), word="被禁"))
    ask(world, text)
    ask(world, "台风")
    assert popular(world, words=("赌场",)) == ("台风",)


def test_what_mostly_finds_nothing_is_not_shown(world: World) -> None:
    ask(world, "找不到", missed=2)
    ask(world, "有时找不到", missed=1)
    assert popular(world) == ("有时找不到",)


def test_a_chat_that_becomes_private_takes_its_name_along(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    ask(world, "yangli_soso_demo")
    ask(world, "样例频道")
    assert set(popular(world)) == {"yangli_soso_demo", "样例频道"}
    chat = world.store.find_chat_by_username("yangli_soso_demo")
    assert chat is not None
    world.store.set_chat(chat.key, visibility=Visibility.PRIVATE)
    assert popular(world) == ()


def test_popular_queries_are_found_by_their_beginnings() -> None:
    found = Popular(["天气预报", "台风路径", "weather map", "天气"], ANALYZERS)
    assert found.find("天", limit=9) == ["天气预报", "天气"]
    assert found.find("天", limit=1) == ["天气预报"]
    for typed in ("tianqi", "tqyb", "预报", "yubao"):
        assert found.find(typed, limit=9)[:1] == ["天气预报"], typed
    assert found.find("map", limit=9) == ["weather map"]
    assert found.find("", limit=9) == found.find("海", limit=9) == []


def test_the_report_tells_what_to_index_next(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    ask(world, "白鹭大桥 停运", days=1, hours=2, missed=2)
    ask(world, "白鹭大桥", days=1, hours=3, partial=3)
    ask(world, "停", days=1, hours=2, missed=2)
    ask(world, "只问一次", days=1, hours=1, missed=1)
    ask(world, "@unknown_channel 天气", days=1, hours=2, clicked=1)
    ask(world, "https://t.me/unknown_channel/5", days=1, hours=1, missed=1)
    ask(world, "@yangli_soso_demo", days=1, hours=5)
    ask(world, "t.me/joinchat/AAAAAEx", days=1, hours=5)
    since = (world.clock.now() - timedelta(days=9)).date()
    report = report_queries(world.store, ANALYZERS, since=since, limit=20)
    words = {one.text: (one.times, one.queries) for one in report.words}
    assert words["大桥"] == (5, 2)
    assert words["停运"] == (2, 1)
    assert not {"停", "一次", "unknown_channel"} & set(words)
    assert [(one.text, one.times) for one in report.names] == [("@unknown_channel", 3)]
    assert {row.text for row in report.partial} == {"白鹭大桥"}
    assert "@yangli_soso_demo" in {row.text for row in report.unclicked}
    assert "@unknown_channel 天气" not in {row.text for row in report.unclicked}
    short = report_queries(world.store, ANALYZERS, since=since, limit=1)
    assert len(short.popular) == len(short.words) == len(short.missed) == 1
