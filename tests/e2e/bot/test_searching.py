"""A text comes, one message answers, and its buttons edit it."""

from collections.abc import Callable
from pathlib import Path

from soso.doubles.bot_api import BotApiDouble

from .archive import SECRET, WEATHER
from .conftest import FREE, World, buttons, find_button, labels, links, run_bot


def test_a_text_is_answered_by_one_message(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "台风")
    assert "共 " in answer["text"]
    assert "毫秒" in answer["text"]
    assert "https://t.me/traffic_soso_demo/2" in links(answer)
    assert "靛蓝色" not in answer["text"]  # the private group's
    bold = [one for one in answer["entities"] if one["type"] == "bold"]
    assert len(bold) > 1  # the heading, and the words that were asked for
    assert any(label.endswith("🌐") for label in labels(answer))
    assert "🎬" in labels(answer)
    assert "🎧" not in labels(answer)  # nothing of that kind
    assert answer["link_preview_options"]["is_disabled"]


def test_pages_are_turned_in_the_same_message_both_ways(world: World) -> None:
    person = world.person()
    first = world.ask(person, "出门请带伞")
    assert "1/4" in labels(first)
    assert not any("⬅️" in label for label in labels(first))
    second = world.press_and_see(first, "➡️", user=person)
    assert "2/4" in labels(second)
    assert second["text"] != first["text"]
    again = world.press_and_see(first, "⬅️", user=person)
    assert links(again) == links(first)
    assert len(world.double.sent(person)) == 1


def test_by_date_one_can_go_back_too(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "出门请带伞")
    newest = world.press_and_see(answer, "最新", user=person)
    second = world.press_and_see(answer, "➡️", user=person)
    third = world.press_and_see(answer, "➡️", user=person)
    assert "3/4" in labels(third)
    back = world.press_and_see(answer, "⬅️", user=person)
    assert links(back) == links(second)
    assert links(world.press_and_see(answer, "⬅️", user=person)) == links(newest)
    assert not set(links(newest)) & {*links(third)}


def test_kinds_sorts_and_copies_are_chosen_by_buttons(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "台风 OR 停运")
    assert "另有 1 个频道" in answer["text"]
    videos = world.press_and_see(answer, "🎬", user=person)
    assert "✅🎬" in labels(videos)
    assert "登陆" not in videos["text"]
    world.press_and_see(answer, "🌐", user=person)
    apart = world.press_and_see(answer, "展开相同", user=person)
    assert apart["text"].count("登陆沿海") > 1
    assert "另有" not in apart["text"] or "合并相同" in "".join(labels(apart))


def test_buttons_of_two_messages_do_not_disturb_each_other(world: World) -> None:
    person = world.person()
    one, other = world.ask(person, "出门请带伞"), world.ask(person, "更新 出门")
    world.press_and_see(one, "➡️", user=person)
    turned = world.press_and_see(other, "➡️", user=person)
    assert turned["text"].startswith("🔍 更新 出门")
    assert world.now(one)["text"].startswith("🔍 出门请带伞")


def test_a_query_too_long_for_a_button_is_kept(world: World) -> None:
    person = world.person()
    text = "今天有雨 更新 出门请带伞 -红色预警 -地铁 after:2026-10-01"
    answer = world.ask(person, text)
    assert all(
        len(button["callback_data"].encode()) <= 64
        for button in buttons(answer)
        if "callback_data" in button
    )
    second = world.press_and_see(answer, "➡️", user=person)
    assert second["text"].startswith(f"🔍 {text}")
    assert "2/4" in labels(second)


def test_buttons_work_after_a_restart_and_when_the_answer_is_forgotten(tmp_path: Path) -> None:
    with BotApiDouble(limits=FREE) as double:
        with run_bot(tmp_path, double) as app:
            world = World(app, double)
            person = world.person()
            ranked = world.ask(person, "出门请带伞")
            dated = world.ask(person, "今天有雨 出门请带伞 第")
            world.press_and_see(dated, "最新", user=person)
            world.press_and_see(dated, "➡️", user=person)
        (tmp_path / "data" / "scratch.sqlite").unlink()
        with run_bot(tmp_path, double) as app:
            world = World(app, double)
            second = world.press_and_see(ranked, "➡️", user=person)
            assert "2/4" in labels(second)
            assert "已过期" in second["text"]
            third = world.press_and_see(dated, "➡️", user=person)
            assert "3/4" in labels(third)
            assert "已过期" in third["text"]
            fourth = world.press_and_see(dated, "➡️", user=person)
            assert "已过期" not in fourth["text"]


def test_forged_buttons_do_nothing(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "台风")
    data = find_button(answer, "🎬")["callback_data"]
    forged = f"{data[:-1]}x"
    number = world.double.push(
        {
            "callback_query": {
                "id": "1",
                "from": {"id": person, "is_bot": False, "first_name": "x"},
                "chat_instance": "1",
                "data": forged,
                "message": answer,
            }
        }
    )
    assert number
    world.double.wait_confirmed()
    assert world.now(answer) == answer


def test_hostile_text_is_shown_as_text(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "点我")
    shown = answer["text"].replace("\u2060", "")
    assert "b>雪</b> & <a href=" in shown
    assert "点我" in shown
    kinds = {one["type"] for one in answer["entities"]}
    assert kinds <= {"bold", "text_link"}
    assert not any("evil" in link for link in links(answer))


def test_nothing_found_offers_other_ways(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "台风 before:2020")
    assert "没有找到" in answer["text"]
    wider = world.press_and_see(answer, "不限时间", user=person)
    assert "登陆沿海" in wider["text"]
    other = world.ask(person, "台峰登录沿海 kind:audio")
    assert "没有找到" in other["text"]


def test_notices_of_the_grammar_are_told(world: World) -> None:
    answer = world.ask(world.person(), 'after:gestern "台风')
    assert "看不懂日期" in answer["text"]
    assert "引号没有成对" in answer["text"]


def test_a_group_is_left_alone_unless_the_bot_is_addressed(
    start: Callable[..., World],
) -> None:
    world = start(privacy=False)
    people = [world.person("甲"), world.person("乙")]
    group = world.double.add_group("朋友", people)
    world.double.send(people[0], "台风来了吗", chat=group)
    answer = world.ask(people[0], "/s 出门请带伞", chat=group)
    assert len(world.double.sent(group)) == 1
    assert answer["reply_to_message"]["text"] == "/s 出门请带伞"
    turned = world.press_and_see(answer, "➡️", user=people[1])
    assert "2/4" in labels(turned)
    before = len(world.double.sent(group))
    world.double.send(people[1], "台风", chat=group, reply_to=answer["message_id"])
    found = world.double.wait_sent(group, before + 1)[-1]
    assert "登陆沿海" in found["text"]


def test_a_message_keeps_its_language_whoever_presses(world: World) -> None:
    person, other = world.person(), world.person("Ann", language="en")
    group = world.double.add_group("朋友", [person, other])
    answer = world.ask(other, "/s 出门请带伞", chat=group)
    assert "results" in answer["text"]
    assert "12K" in world.ask(other, "天气早报")["text"]
    turned = world.press_and_see(answer, "➡️", user=person)
    assert "results" in turned["text"]


def test_who_asks_too_often_is_told_once(start: Callable[..., World]) -> None:
    world = start(bot_user_rate=3)
    person = world.person()
    for _ in range(3):
        world.ask(person, "台风")
    for _ in range(3):
        world.double.send(person, "台风")
    world.double.wait_sent(person, 4)
    world.double.wait_confirmed()
    assert [one["text"] for one in world.double.sent(person)[3:]] == ["太快了，请过一分钟再试。"]
    assert "登陆" in world.ask(world.person(), "台风")["text"]


def test_blocked_people_hear_nothing(start: Callable[..., World]) -> None:
    world = start()
    person = world.person()
    world.app.set_bot_chat(person, blocked=True)
    world.double.send(person, "台风")
    world.double.wait_confirmed()
    other = world.ask(world.person(), "台风")
    assert other["text"]
    assert world.double.sent(person) == []


def test_a_private_chat_is_not_found_by_any_way(world: World) -> None:
    person = world.person()
    for text in ("靛蓝色风车", f"chat:{SECRET} 台风", "秘密小组"):
        assert "靛蓝色" not in world.ask(person, text)["text"].replace(text, "")
    for payload in (f"p_{SECRET}_1", f"c_{SECRET}", "p_x4_1"):
        before = len(world.double.sent(person))
        world.double.start(person, payload)
        shown = world.double.wait_sent(person, before + 1)[-1]
        assert shown["text"] == "没有收录，或者已经删除。"
    assert world.app.get_chat_page(str(WEATHER)).posts  # while this one is there
