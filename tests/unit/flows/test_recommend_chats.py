"""Related chats over a real store and the engine in memory."""

from soso.flows.recommend import Recommending
from soso.flows.recommend_chats import recommend_chats
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Forward
from soso.query.results import Card

from .conftest import ANALYZERS, World, post

SKY = ["霁月彗星今晚可见", "彗星的尾巴拍到了", "望远镜看土星环", "流星雨与彗星同夜"]
FOOD = ["姜汁豆腐鱼丸煲的做法", "豆腐要先焯水", "鱼丸手打更弹", "豆腐鱼丸汤"]


def sighting(number: int, title: str, about: str = "") -> ChatSighting:
    return ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500000010 + number),
        kind=ChatKind.CHANNEL,
        title=title,
        username=f"channel_{number}",
        description=about,
        is_public=True,
    )


def related(world: World, number: int) -> list[Card]:
    chat = world.store.find_chat_by_peer(Peer(kind=PeerKind.CHANNEL, id=1500000010 + number))
    assert chat is not None
    needs = Recommending(world.store, world.engine, ANALYZERS)
    return list(recommend_chats(chat, needs, limit=6, sensitive=False))


def filled(world: World) -> World:
    texts = {1: ("抬头", SKY), 2: ("观星", SKY[::-1]), 3: ("灶台", FOOD), 4: ("小馆", FOOD[::-1])}
    for number, (title, said) in texts.items():
        posts = [post(n, f"{text}，记第{number}{n}次") for n, text in enumerate(said, 1)]
        world.take_posts(*posts, chat=sighting(number, title))
    return world


def test_chats_that_post_about_the_same(world: World) -> None:
    found = related(filled(world), 1)
    assert [card.chat.title for card in found][:1] == ["观星"]
    assert found[0].reasons[0].code == "posts"
    assert "彗星" in found[0].reasons[0].named
    assert "灶台" not in [card.chat.title for card in found]


def test_who_forwards_and_mentions_it(world: World) -> None:
    filled(world)
    forward = Forward(username="channel_1", post_id=1)
    posts = [post(20 + n, f"转来的第{n}条", forward=forward) for n in range(6)]
    world.take_posts(*posts, chat=sighting(3, "灶台"))
    titles = {card.chat.title: card for card in related(world, 1)}
    assert "forwards" in [reason.code for reason in titles["灶台"].reasons]
    assert "抬头" in [card.chat.title for card in related(world, 3)]


def test_how_chats_describe_themselves(world: World) -> None:
    filled(world)
    about = "星座与天象预报，欢迎天文爱好者"
    world.take_posts(post(1, "甲"), chat=sighting(5, "夜观天象", about))
    world.take_posts(post(1, "乙"), chat=sighting(6, "天象馆", f"{about}投稿"))
    found = related(world, 5)
    assert [card.chat.title for card in found] == ["天象馆"]
    assert found[0].reasons[0].code == "about"


def test_an_empty_chat_has_none(world: World) -> None:
    filled(world)
    world.take_posts(post(1, "孤零零一句话"), chat=sighting(7, ""))
    assert related(world, 7) == []
