"""Searches in any chat, with `@bot words`."""

from collections.abc import Callable

from .conftest import World


def ask(world: World, person: int, text: str, offset: str = "") -> dict[str, object]:
    query = world.double.ask_inline(person, text, offset=offset)
    return dict(world.double.wait_inline(query))


def test_cards_are_pages_that_go_on_to_the_end(start: Callable[..., World]) -> None:
    world = start(public_url="https://soso.example.org")
    person = world.person()
    answer = ask(world, person, "出门请带伞")
    assert answer["is_personal"]
    results = answer["results"]
    assert isinstance(results, list)
    assert len(results) == 36
    assert answer["next_offset"] == ""
    everything = ask(world, person, "天 OR 雨 OR 台风 OR 地铁 OR 雪")
    assert everything["results"]


def test_what_is_chosen_is_sent(world: World) -> None:
    person = world.person()
    query = world.double.ask_inline(person, "高铁")
    answer = world.double.wait_inline(query)
    chosen = answer["results"][0]
    group = world.double.add_group("朋友", [person])
    sent = world.double.choose(person, query, chosen["id"], chat=group)
    assert "高铁" in sent["text"]
    addresses = [one.get("url") for one in sent["entities"]]
    assert "https://t.me/traffic_soso_demo/2" in addresses


def test_no_words_give_what_is_new_and_nonsense_nothing(world: World) -> None:
    person = world.person()
    assert ask(world, person, "")["results"]
    answer = ask(world, person, "zzzzqqqq")
    assert answer["results"] == []
    assert ask(world, person, "台风", "r.0123456789abcdef01.2.1.5")["results"] == []
    assert "靛蓝色" not in str(ask(world, person, "靛蓝色风车"))
