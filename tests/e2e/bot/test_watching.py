"""Alerts: watched by a command or a button, told in the chat, changed by buttons."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from soso.alerts.watch import Rhythm, WatchState
from soso.bot.watching import owner_of
from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.model.post import Post

from .archive import WEATHER
from .conftest import World, labels


def publish(world: World, number: int, text: str) -> None:
    """A channel publishes something now, and the worker looks at it."""
    now = world.app.clock.now()
    chat = world.app.get_chat_page(str(WEATHER)).chat
    batch = Batch(chat=ChatSighting(), observed_at=now, posts=(Post(id=number, at=now, text=text),))
    world.app.store.apply(chat.key, batch, source="test", at=now + timedelta(seconds=1))
    world.app.index_changes()
    world.app.cluster_changes()
    world.app.alert_changes()


def test_a_watch_tells_of_what_is_new(world: World) -> None:
    person = world.person()
    world.app.alert_changes()
    added = world.ask(person, "/watch 流星雨")
    assert "✅ 立即" in labels(added)
    publish(world, 900, "今晚有流星雨 <b> 东方可见")
    told = world.double.wait_sent(person, 2, timeout_s=45)[1]
    assert "流星雨" in told["text"]
    assert any("停止" in label for label in labels(told))


def test_pages_of_a_proxy_end_nothing(world: World) -> None:
    person = world.person()
    world.app.alert_changes()
    world.ask(person, "/watch 流星雨")
    world.double.fail(502, times=2, methods=["getUpdates"], html=True)
    world.double.send(person, "/watch 台风")  # ends the poll that waits
    world.double.fail(502, methods=["sendMessage"], html=True)
    world.double.wait_for(
        lambda: len(world.app.list_watches(owner=owner_of(person))) == 2, timeout_s=20
    )
    publish(world, 900, "今晚有流星雨 <b> 东方可见")
    world.double.wait_for(
        lambda: any("东方" in one["text"] for one in world.double.sent(person)), timeout_s=45
    )


def test_a_watch_is_changed_by_buttons(world: World) -> None:
    person = world.person()
    added = world.ask(person, "/watch 台风 -演习")
    owner = owner_of(person)
    world.press_and_see(added, "每天", user=person)
    world.press_and_see(added, "22–8", user=person)
    world.press_and_see(added, "18:00", user=person)
    watch = world.app.list_watches(owner=owner)[0]
    assert (watch.rhythm, watch.hour) == (Rhythm.DAILY, 18)
    assert watch.quiet is not None
    muted = world.press_and_see(added, "8 小时", user=person)
    assert "静音至" in muted["text"]
    stopped = world.press_and_see(added, "停止", user=person)
    assert "已停止" in stopped["text"]
    assert world.app.list_watches(owner=owner)[0].state is WatchState.STOPPED
    world.press_and_see(added, "继续", user=person)
    listed = world.ask(person, "/watches")
    assert "台风 -演习" in listed["text"]
    shown = world.press_and_see(listed, "台风", user=person)
    world.press_and_see(shown, "删除", user=person)
    assert world.app.list_watches(owner=owner) == []


def test_a_search_is_watched_by_its_button(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "台风")
    world.press(answer, "提醒我", user=person)
    added = world.double.wait_sent(person, 2)[1]
    assert "台风" in added["text"]
    assert [one.text for one in world.app.list_watches(owner=owner_of(person))] == ["台风"]


def test_limits_and_texts_that_can_not_be_watched(start: Callable[..., World]) -> None:
    world = start(watches_per_user=1)
    person = world.person()
    assert "关键词" in world.ask(person, "/watch")["text"]
    assert "不能设提醒" in world.ask(person, "/watch kind:channel")["text"]
    world.ask(person, "/watch 台风")
    assert "最多" in world.ask(person, "/watch 地铁")["text"]
    assert "没有提醒" in world.ask(world.person(), "/watches")["text"]


def test_others_can_not_touch_it(world: World) -> None:
    owner, other = world.person("主"), world.person("员")
    group = world.double.add_group("朋友", [owner, other])
    added = world.ask(owner, "/watch 台风", chat=group)
    assert world.press(added, "停止", user=other)["show_alert"]
    assert world.app.list_watches(owner=owner_of(group))[0].state is WatchState.ACTIVE
    before = len(world.double.sent(group))
    world.double.send(other, "/watch 地铁", chat=group)
    world.double.wait_confirmed()
    assert len(world.double.sent(group)) == before


@pytest.mark.parametrize("blocked", [True])
def test_who_stops_the_bot_is_told_no_more(world: World, blocked: bool) -> None:
    person = world.person()
    world.ask(person, "/watch 台风")
    world.double.block(person, blocked=blocked)
    world.double.wait_for(
        lambda: world.app.list_watches(owner=owner_of(person))[0].state is WatchState.GONE
    )
