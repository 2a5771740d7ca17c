"""/start and what it leads to; lists; languages."""

from collections.abc import Callable

from .archive import TRAFFIC, WEATHER
from .conftest import World, buttons, find_button, labels, links


def start_at(world: World, person: int, payload: str) -> dict[str, object]:
    before = len(world.double.sent(person))
    world.double.start(person, payload)
    return dict(world.double.wait_sent(person, before + 1)[before])


def test_start_teaches_and_its_examples_work(world: World) -> None:
    person = world.person()
    hello = start_at(world, person, "")
    text = str(hello["text"])
    assert len(text.splitlines()) == 3
    answer = world.press_and_see(hello, "天气", user=person)
    assert "天气早报" in answer["text"]


def test_a_link_shows_a_post_and_what_is_related(world: World) -> None:
    person = world.person()
    shown = start_at(world, person, f"p_{TRAFFIC}_2")
    assert "高铁" in str(shown["text"])
    assert find_button(shown, "打开")["url"] == "https://t.me/traffic_soso_demo/2"
    onward = next(
        label for label in labels(shown) if label.startswith(("💬", "🎬")) and "高铁" not in label
    )
    following = world.press_and_see(shown, onward, user=person)
    assert following["text"] != shown["text"]
    assert len(world.double.sent(person)) == 1


def test_a_hit_leads_to_its_post_in_the_bot(world: World) -> None:
    person = world.person()
    answer = world.ask(person, "高铁")
    more = next(link for link in links(answer) if "?start=p_" in link)
    shown = start_at(world, person, more.partition("?start=")[2])
    assert "高铁" in str(shown["text"])


def test_other_links(world: World) -> None:
    person = world.person()
    assert "1.2万" in str(start_at(world, person, f"c_{WEATHER}")["text"])
    assert "没有收录" in str(start_at(world, person, "p_1500000001_999")["text"])
    assert "登陆" in str(start_at(world, person, "s_5Y-w6aOO")["text"])  # 台风
    for odd in ("p_", "p_1_", "e_x", "c_", "s_@", "nonsense", "p_1500000001_9999999999999999999"):
        assert str(start_at(world, person, odd)["text"])


def test_lists(world: World) -> None:
    person = world.person()
    assert "出门请带伞" in world.ask(person, "/new")["text"]
    assert world.ask(person, "/hot")["text"]
    assert world.ask(person, "/random")["text"]
    assert "减号" in world.ask(person, "/help")["text"]
    assert str(person) in world.ask(person, "/id")["text"]
    assert "减号" in world.ask(person, "/nosuchcommand")["text"]


def test_a_language_is_remembered(world: World) -> None:
    person = world.person("Ann", language="de")
    assert "result" in world.ask(person, "台风")["text"]  # what Soso does not speak is English
    choice = world.ask(person, "/lang")
    world.press(choice, "繁體", user=person)
    world.double.wait_for(lambda: world.app.get_bot_chat(person).language == "zh-Hant")
    assert "用時" in world.ask(person, "台风")["text"]
    assert "用时" in world.ask(world.person(), "台风")["text"]


def test_groups_are_set_by_their_admins(world: World) -> None:
    owner, member = world.person("主"), world.person("员")
    group = world.double.add_group("朋友", [owner, member])
    menu = world.ask(owner, "/settings", chat=group)
    denied = world.press(menu, "English", user=member)
    assert denied["show_alert"]
    assert world.app.find_bot_chat(group) is None
    world.press(menu, "English", user=owner)
    assert "result" in world.ask(member, "/s 台风", chat=group)["text"]


def test_commands_are_offered_in_the_languages(start: Callable[..., World]) -> None:
    world = start(bot_operators=(77,))
    world.ask(world.person(), "台风")
    assert buttons(world.ask(world.person(), "/start"))
