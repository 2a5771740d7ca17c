"""Chats are submitted and decided, posts reported, owners take their chats out."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from soso.bot import background
from soso.bot.running import running_bot
from soso.doubles.bot_api import TOKEN, BotApiDouble
from soso.doubles.preview.double import PreviewDouble
from soso.doubles.preview.server import start_preview_double
from soso.model.errors import NotFound
from soso.ports.bot_kept import SubmissionState
from soso.ports.desk import RequestState

from .archive import TRAFFIC, WEATHER, open_archive
from .conftest import FREE, World, find_button

BOSS = 4242


class Stage(World):
    """A world with Telegram's preview pages in it, and an operator."""

    pages: PreviewDouble

    @property
    def boss(self) -> int:
        return BOSS


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        pages = PreviewDouble()
        started = start_preview_double(pages)
        stack.callback(started.stop)
        double = stack.enter_context(BotApiDouble(limits=FREE))
        double.add_user("站长", number=BOSS, started=True)
        app = stack.enter_context(
            open_archive(
                tmp_path,
                bot_token=TOKEN,
                bot_api_url=double.url,
                bot_user_rate=0,
                bot_operators=(BOSS,),
                telegram_host=started.address,
                fetch_private=True,
                fetch_rate=0,
            )
        )
        stack.enter_context(running_bot(app))
        made = Stage(app, double)
        made.pages = pages
        yield made


def wait_text(stage: Stage, chat: int, part: str) -> str:
    """Wait until the bot has sent a text with this in it into a chat."""
    return str(
        stage.double.wait_for(
            lambda: next((m["text"] for m in stage.double.sent(chat) if part in m["text"]), None)
        )
    )


def test_a_submission_is_queued_decided_and_told(stage: Stage) -> None:
    stage.pages.add_channel("stars_soso_demo", title="星星", posts=3)
    person = stage.person()
    assert "已收到" in stage.ask(person, "/submit @stars_soso_demo")["text"]
    wait_text(stage, BOSS, "@stars_soso_demo")
    queue = stage.ask(BOSS, "/queue")
    assert "星星" in queue["text"]
    stage.press_and_see(queue, "✅ s1", user=BOSS)
    wait_text(stage, person, "已收录")
    assert stage.app.get_source("stars_soso_demo").shown_name.casefold() == "stars_soso_demo"
    logged = [one.what for one in stage.app.list_decisions()]
    assert "accept submission" in logged


def test_a_refusal_has_its_reason(stage: Stage) -> None:
    stage.pages.add_channel("stars_soso_demo", posts=1)
    person = stage.person("Ann", language="en")
    stage.ask(person, "/submit t.me/stars_soso_demo")
    stage.ask(BOSS, "/refuse s1 只有广告")
    assert "只有广告" in wait_text(stage, person, "was not taken")
    assert stage.app.get_submission(1).state is SubmissionState.REFUSED
    assert "已经处理过" in stage.ask(BOSS, "/accept s1")["text"]
    with pytest.raises(NotFound):
        stage.app.get_source("stars_soso_demo")


def test_what_can_not_be_submitted_says_why(stage: Stage) -> None:
    stage.pages.add_card("some_person", kind="user")
    person = stage.person()
    for text, said in (
        ("/submit", "申请收录"),
        ("/submit 你好", "看不懂"),
        ("/submit @weather_soso_demo", "已经收录"),
        ("/submit @nobody_at_all", "没有 @nobody_at_all"),
        ("/submit @some_person", "个人或机器人"),
    ):
        assert said in stage.ask(person, text)["text"], text
    assert stage.app.list_submissions() == []


def test_a_forwarded_post_submits_its_channel(stage: Stage) -> None:
    stage.pages.add_channel("stars_soso_demo", posts=1)
    person = stage.person()
    channel = stage.double.add_channel("星星", username="stars_soso_demo")
    post = stage.double.post(channel, "今晚有流星")
    stage.double.forward(person, channel, post["message_id"])
    wait_text(stage, person, "已收到")
    assert [one.name for one in stage.app.list_submissions()] == ["stars_soso_demo"]
    hidden = stage.double.add_channel("密")
    post = stage.double.post(hidden, "秘密")
    stage.double.forward(person, hidden, post["message_id"])
    wait_text(stage, person, "不能收录")


def test_an_owner_takes_a_chat_out_by_a_code(stage: Stage) -> None:
    stage.pages.add_channel("weather_soso_demo", posts=1)
    owner, other = stage.person("主"), stage.person("别人")
    asked = stage.ask(owner, "/remove @weather_soso_demo")
    failed = stage.press_and_see(asked, "代码放进简介", user=owner)
    assert "还没有看到" in failed["text"]
    proof = find_button(failed, "复制")["copy_text"]["text"]
    stage.pages.change("weather_soso_demo", description=f"每天天气 {proof}")
    theirs = stage.ask(other, "/remove @weather_soso_demo")
    assert proof not in theirs["text"]
    assert "还没有看到" in stage.press_and_see(theirs, "代码放进简介", user=other)["text"]
    assert "天气早报" in stage.ask(other, "天气早报")["text"]
    stage.press(failed, "代码放进简介", user=owner)
    # The archive has not seen the chat for long, and a code proves the name alone.
    stage.double.wait_for(lambda: "管理员确认后" in stage.now(failed)["text"])
    (waiting,) = stage.app.list_requests(RequestState.OPEN)
    assert (waiting.door, waiting.role, waiting.contact) == ("bot", "owner", "@weather_soso_demo")
    assert "天气早报" in stage.ask(other, "天气早报")["text"]
    stage.app.decide_request(waiting.number, accept=True, who="operator")
    assert "没有找到" in stage.ask(other, "天气早报")["text"]
    assert "应要求不收录" in stage.ask(other, "/submit @weather_soso_demo")["text"]


def test_an_owner_is_proved_by_being_an_administrator(stage: Stage) -> None:
    owner, other = stage.person("主"), stage.person("别人")
    channel = stage.double.add_channel(
        "出行通", owner=owner, username="traffic_soso_demo", number=TRAFFIC
    )
    asked = stage.ask(owner, "/remove @traffic_soso_demo")
    assert "没有查到" in stage.press_and_see(asked, "加为管理员", user=owner)["text"]
    stage.double.set_bot(channel, "administrator", by=owner)
    wait_text(stage, owner, "出行通")  # the guide for owners
    theirs = stage.ask(other, "/remove @traffic_soso_demo")
    assert "没有查到" in stage.press_and_see(theirs, "加为管理员", user=other)["text"]
    stage.press(asked, "加为管理员", user=owner)
    stage.double.wait_for(lambda: "已移除" in stage.now(asked)["text"])
    with pytest.raises(NotFound):
        stage.app.get_chat_page(str(TRAFFIC))


def test_who_has_the_name_now_does_not_own_what_had_it_before(stage: Stage) -> None:
    owner = stage.person("新主")
    channel = stage.double.add_channel("别的", owner=owner, username="traffic_soso_demo")
    stage.double.set_bot(channel, "administrator", by=owner)
    wait_text(stage, owner, "别的")  # the guide for owners
    asked = stage.ask(owner, "/remove @traffic_soso_demo")
    stage.press_and_see(asked, "加为管理员", user=owner)
    assert stage.app.get_chat_page(str(TRAFFIC)).posts  # the older chat with the same name


def test_a_post_is_reported_with_a_reason(stage: Stage) -> None:
    person = stage.person()
    assert "已收到" in stage.ask(person, f"/report {WEATHER}/3 不实消息")["text"]
    shown = stage.ask(person, f"/start p_{TRAFFIC}_2")
    stage.press(shown, "举报", user=person)
    why = stage.double.wait_sent(person, 3)[-1]
    stage.press_and_see(why, "诈骗", user=person)
    waiting = stage.app.list_requests(RequestState.OPEN)
    assert {(one.post_id, one.reason, one.door) for one in waiting} == {
        (3, "不实消息", "bot"),
        (2, "诈骗", "bot"),
    }
    stage.double.wait_sent(BOSS, 2)
    queue = stage.ask(BOSS, "/queue")
    number = next(one.number for one in waiting if one.post_id == 2)
    stage.press_and_see(queue, f"✅ r{number}", user=BOSS)
    assert "没有收录" in stage.ask(person, f"/start p_{TRAFFIC}_2")["text"]
    assert "没有收录" in stage.ask(person, "/report 1500000004/1 看看")["text"]  # private


def test_operators_alone_have_their_commands(stage: Stage) -> None:
    stage.pages.add_channel("stars_soso_demo", posts=1)
    person = stage.person()
    for command in (
        "/add @stars_soso_demo",
        "/stats",
        "/queue",
        "/block word 台风",
        "/broadcast x",
    ):
        assert "减号" in stage.ask(person, command)["text"], command  # the help
    assert stage.app.list_blocks() == []
    assert "stars_soso_demo" in stage.ask(BOSS, "/add @stars_soso_demo")["text"]
    assert "stars_soso_demo" in stage.ask(BOSS, "/sources")["text"]
    assert "停止收录" in stage.ask(BOSS, "/drop @stars_soso_demo")["text"]
    assert "帖子" in stage.ask(BOSS, "/stats")["text"]
    assert "隐藏了 1 篇" in stage.ask(BOSS, "/block word 早高峰")["text"]
    assert "没有找到" in stage.ask(person, "地铁三号线")["text"]
    stage.ask(BOSS, "/unblock word 早高峰")
    assert stage.app.list_blocks() == []
    assert "屏蔽" in stage.ask(BOSS, f"/block user {person}")["text"]
    stage.double.send(person, "台风")
    stage.double.wait_confirmed()
    assert "文档" in stage.ask(BOSS, "/reindex")["text"] or wait_text(stage, BOSS, "重建")


def test_a_broadcast_has_a_brake(stage: Stage) -> None:
    people = [stage.person(f"人{n}") for n in range(3)]
    for person in people:
        stage.app.set_bot_chat(person, language="zh-Hans")
    stage.double.block(people[1])
    stage.double.wait_for(lambda: not stage.app.get_bot_chat(people[1]).reachable, timeout_s=5)
    asked = stage.ask(BOSS, "/broadcast 明天停机一小时 <b>")
    assert "发给 2 人" in asked["text"]
    assert all(not stage.double.sent(person) for person in people)
    stage.press(asked, "发送", user=BOSS)
    wait_text(stage, BOSS, "群发完成")
    assert [m["text"] for m in stage.double.sent(people[0])] == ["明天停机一小时 <b>"]
    assert stage.double.sent(people[1]) == []
    stopped = stage.ask(BOSS, "/broadcast 不该发出去")
    stage.press_and_see(stopped, "停止", user=BOSS)
    stage.double.wait_confirmed()
    assert all("不该发出去" not in m["text"] for p in people for m in stage.double.sent(p))


def test_a_broadcast_waits_while_telegram_is_down(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "_FAILED_PAUSE_S", 0.1)
    people = [stage.person(f"人{n}") for n in range(3)]
    for person in people:
        stage.app.set_bot_chat(person, language="zh-Hans")
    assert "确认" in stage.ask(BOSS, "/broadcast \u200b")["text"]  # nothing would be left of it
    asked = stage.ask(BOSS, "/broadcast 停机")
    for status in (502, 401):
        stage.double.fail(status, times=2, methods=["sendMessage"])
    stage.press(asked, "发送", user=BOSS)
    assert "未送达 0" in wait_text(stage, BOSS, "群发完成")
    for person in people:
        assert [one["text"] for one in stage.double.sent(person)] == ["停机"]
        assert stage.app.get_bot_chat(person).reachable
