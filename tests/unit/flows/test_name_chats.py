"""chat: takes an id, a @name, or exactly a title; only listed chats can be meant."""

from soso.flows.name_chats import NAMED, find_named_chats
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.ids import ChatKey, Peer, PeerKind
from soso.query.parse import parse
from tests.unit.flows.conftest import World, post


def add(world: World, number: int, title: str, **told: object) -> ChatKey:
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=number),
        kind=ChatKind.CHANNEL,
        title=title,
        is_public=True,
        **told,  # type: ignore[arg-type]
    )
    world.take_posts(post(number % 1000, f"彗星 {number}"), chat=sighting)
    chat = world.store.find_chat_by_peer(Peer(kind=PeerKind.CHANNEL, id=number))
    assert chat is not None
    return chat.key


def find(world: World, text: str) -> tuple[dict[str, ChatKey], list[tuple[str, str]]]:
    found, notices = find_named_chats(parse(text).query, world.store)
    return found, [(one.code, one.args.get("names", "")) for one in notices]


def test_a_title_that_one_chat_has_means_it(world: World) -> None:
    night = add(world, 1501, "夜 空", username="night_sky")
    add(world, 1502, "夜空 摄影")
    assert find(world, 'chat:"夜 空"') == ({"夜 空": night}, [])
    assert find(world, "chat:@night_sky chat:1501")[0] == {"@night_sky": night, "1501": night}
    assert find(world, "chat:夜空") == ({}, [("unknown_chat", "")])
    assert world.found('彗星 chat:"夜 空"') == [501]


def test_a_title_of_several_is_told_with_what_tells_them_apart(world: World) -> None:
    add(world, 1501, "闲聊", username="chat_one")
    add(world, 1502, "闲聊")
    assert find(world, "chat:闲聊") == ({}, [("ambiguous_chat", "chat:@chat_one, chat:1502")])
    assert world.search("彗星 chat:闲聊").total == 0
    for number in range(1503, 1510):
        add(world, number, "闲聊")
    assert find(world, "chat:闲聊")[1][0][1].count("chat:") == NAMED


def test_a_name_goes_before_a_title(world: World) -> None:
    one = add(world, 1501, "somewhere", username="elsewhere")
    other = add(world, 1502, "whatever", username="somewhere")
    assert find(world, "chat:somewhere")[0] == {"somewhere": other} != {"somewhere": one}


def test_what_is_not_listed_is_not_told_of(world: World) -> None:
    key = add(world, 1501, "密室", username="secret_room")
    world.store.set_chat(key, visibility=Visibility.PRIVATE)
    for name in ("密室", "@secret_room", "1501", "nowhere"):
        assert find(world, f"chat:{name}") == ({}, [("unknown_chat", "")])
    open_one = add(world, 1502, "密室")
    assert find(world, "chat:密室") == ({"密室": open_one}, [])
