"""Related posts over a real store and the engine in memory."""

from datetime import timedelta

import msgspec

from soso.flows.recommend import Recommending, recommend
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.query.results import Card

from .conftest import ANALYZERS, CHANNEL, START, World, post

FILLER = "今天食堂的包子是白菜馅的，排队的人不少"


def sighting(number: int) -> ChatSighting:
    return ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500000001 + number),
        kind=ChatKind.CHANNEL,
        title=f"频道{number}",
        username=f"channel_{number}",
        is_public=True,
    )


def related(world: World, number: int, **asked: object) -> list[Card]:
    chat = world.store.find_chat_by_peer(Peer(kind=PeerKind.CHANNEL, id=1500000001))
    assert chat is not None
    stored = world.store.find_post(chat.key, number)
    assert stored is not None
    needs = Recommending(world.store, world.engine, ANALYZERS)
    wanted = {"limit": 8, "sensitive": False} | asked
    return list(recommend(stored, needs, **wanted))  # type: ignore[arg-type]


def names(cards: list[Card]) -> list[str]:
    return [f"{one.chat.ref}/{one.stored.post.id}" for one in cards if one.stored is not None]


def test_what_shares_its_words_is_found_and_says_which(world: World) -> None:
    world.take_posts(post(1, "霁月彗星今晚从东崖观景台可见"), post(2, FILLER))
    world.take_posts(post(5, "去东崖观景台等霁月彗星，带望远镜"), chat=sighting(1))
    found = related(world, 1)
    assert names(found) == ["1500000002/5"]
    reason = found[0].reasons[0]
    assert reason.code == "words"
    assert "彗星" in "".join(reason.named)


def test_neither_itself_nor_its_copies(world: World) -> None:
    text = (
        "超级台风青鲤预计明晚登陆港湾区，请居民留在家中关好门窗，渡轮全部停航，"
        "学校停课一天，超市照常营业到晚上八点为止"
    )
    world.take_posts(
        post(1, text),
        post(2, "台风青鲤走了，渡轮恢复通航，学校照常上课，超市照常营业"),
        post(3, FILLER),
    )
    world.take_posts(post(5, f"{text}！"), chat=sighting(1))
    assert names(related(world, 1)) == ["1500000001/2"]
    assert names(related(world, 1, copies=True)) == ["1500000002/5", "1500000001/2"]


def test_a_link_that_two_posts_share(world: World) -> None:
    world.take_posts(post(1, "这个好用 https://example.org/tool"), post(2, FILLER))
    world.take_posts(
        post(5, "推荐一下 https://www.example.org/tool?utm_source=x"), chat=sighting(1)
    )
    found = related(world, 1)
    assert names(found) == ["1500000002/5"]
    assert found[0].reasons[0].code == "link"


def test_a_link_under_every_post_of_a_chat_ties_none(world: World) -> None:
    signed = [
        post(n, f"第{word}件小事 https://example.org/about")
        for n, word in enumerate("甲乙丙丁戊己", 1)
    ]
    world.take_posts(*signed)
    assert all(one.code != "link" for card in related(world, 1) for one in card.reasons)


def test_who_links_to_the_post(world: World) -> None:
    world.take_posts(post(1, "修桥的进度又更新了"), post(2, FILLER))
    world.take_posts(post(5, "见 https://t.me/yangli_soso_demo/1"), chat=sighting(1))
    found = related(world, 1)
    assert names(found) == ["1500000002/5"]
    assert found[0].reasons[0].code == "post"


def test_an_edit_counts_at_once(world: World) -> None:
    world.take_posts(post(1, "霁月彗星今晚可见"), post(2, FILLER), post(3, "老桥今晚维修"))
    world.take_posts(post(5, "老桥维修到凌晨"), chat=sighting(1))
    assert "1500000002/5" not in names(related(world, 1))
    edited = msgspec.structs.replace(
        post(1, "老桥维修，绕行滨江路"), edited=True, edited_at=START + timedelta(hours=9)
    )
    world.take_posts(edited)
    assert "1500000002/5" in names(related(world, 1))


def test_what_was_hidden_is_gone_at_once(world: World) -> None:
    world.take_posts(post(1, "霁月彗星今晚可见"), post(2, "霁月彗星的照片"), post(3, FILLER))
    assert names(related(world, 1)) == ["1500000001/2"]
    chat = world.store.find_chat_by_peer(CHANNEL.peer)  # type: ignore[arg-type]
    stored = world.store.find_post(chat.key, 2) if chat else None
    assert stored is not None
    world.store.hide_post(stored.key, hidden=True)
    assert related(world, 1) == []


def test_a_post_without_a_word_has_nothing_related(world: World) -> None:
    world.take_posts(post(1, "…………"), post(2, "……"), post(3, FILLER))
    assert related(world, 1) == []


def test_several_chats_share_the_list(world: World) -> None:
    world.take_posts(*(post(n, f"霁月彗星观测第{n}夜，云量{n * 7}") for n in range(1, 5)))
    for chat in (1, 2):
        world.take_posts(
            *(post(n, f"霁月彗星在频道{chat}，照片{n * 13}张") for n in range(1, 4)),
            chat=sighting(chat),
        )
    found = related(world, 1, limit=6)
    chats = [card.chat.ref for card in found]
    assert len(found) == 6
    assert max(chats.count(chat) for chat in chats) == 2
    assert names(found) == names(related(world, 1, limit=6))
    assert "1500000001/1" not in names(found)
