from soso.flows.ponder import Popular
from soso.flows.suggest import LONGEST, Suggesting, suggest
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.ids import ChatKey, Peer, PeerKind
from soso.model.media import Media, MediaKind
from soso.query.results import Suggestion

from .conftest import ANALYZERS, CHANNEL, ListSource, World, post
from .test_offer import follow

WECHAT = ChatSighting(
    peer=Peer(kind=PeerKind.CHANNEL, id=1500000002),
    kind=ChatKind.GROUP,
    title="微信交流群",
    username="wechat_talk",
    members=5000,
    is_public=True,
)


def ask(
    world: World,
    text: str,
    *,
    popular: tuple[str, ...] = (),
    limit: int = 8,
    sensitive: bool = False,
) -> tuple[Suggestion, ...]:
    needs = Suggesting(world.store, ANALYZERS, Popular(popular, ANALYZERS), sensitive)
    return suggest(text, needs, limit=limit)


def told(world: World, text: str, **how: object) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in ask(world, text, **how)]  # type: ignore[arg-type]


def chat_key(world: World, username: str) -> ChatKey:
    chat = world.store.find_chat_by_username(username)
    assert chat is not None
    return chat.key


def fill(world: World) -> None:
    world.take_posts(
        post(1, "微信更新了，朋友圈可以改\n#微信 #软件", views=100),
        post(2, "流浪地球2 上映", media=(Media(kind=MediaKind.FILE, file_name="流浪地球.mkv"),)),
        post(3, "天气：明天有雨"),
    )
    world.take_posts(post(1, "微信群里有人吗今天"), chat=WECHAT)
    follow(world)


def test_kinds_stand_together_the_likeliest_first(world: World) -> None:
    fill(world)
    assert told(world, "微", popular=("微信下载", "微博热搜")) == [
        ("group", "微信交流群"),
        ("popular", "微信下载"),
        ("popular", "微博热搜"),
        ("tag", "#微信"),
        ("post", "微信更新了，朋友圈可以改"),
        ("post", "微信群里有人吗今天"),
    ]
    [group, *_] = ask(world, "微")
    assert group.chat is not None
    assert group.chat.username == "wechat_talk"


def test_pinyin_initials_and_the_other_script_find_the_same(world: World) -> None:
    fill(world)
    for typed in (
        "wx",
        "weix",
        "weixin",
        "wei'x",
        "WX",
        "jlq",
        "wechat",
        "@wechat_t",
        "微信交",
        "talk",
    ):
        assert ("group", "微信交流群") in told(world, typed), typed
    assert told(world, "微信羣") == told(world, "微信群")
    assert ("tag", "#软件") in told(world, "軟") == told(world, "软")
    assert ("popular", "天气预报") in told(world, "tianq", popular=("天气预报",))


def test_signs_before_the_last_word_narrow_it(world: World) -> None:
    fill(world)
    assert told(world, "#微") == [("tag", "#微信")]
    assert told(world, "@we") == [("group", "微信交流群")]
    for text in (
        "",
        "  ",
        "-微",
        '"微',
        "kind:微",
        "微信 OR",
        "(微",
        "x" * (LONGEST + 1),
        "#",
        "@",
    ):
        assert told(world, text) == [], text


def test_the_last_of_several_words_is_completed(world: World) -> None:
    fill(world)
    assert told(world, "朋友圈 微") == [
        ("tag", "朋友圈 #微信"),
        ("post", "微信更新了，朋友圈可以改"),
    ]
    assert told(world, "上映 流浪") == [("post", "流浪地球2 上映")]
    assert told(world, "流浪 地球") == [("post", "流浪地球2 上映"), ("file", "流浪地球.mkv")]
    assert told(world, "广州 天", popular=("天气 广州", "天气")) == [("popular", "天气 广州")]
    assert ask(world, "朋友圈 #微")[0].query == "朋友圈 #微信"


def test_what_is_longer_than_a_kept_beginning_is_compared_in_full(world: World) -> None:
    world.take_posts(post(1, "一二三四五六七八九十甲"), post(2, "一二三四五六七八九十乙"))
    follow(world)
    assert len(told(world, "一二三四五六七八")) == 2
    assert told(world, "一二三四五六七八九十乙") == [("post", "一二三四五六七八九十乙")]
    assert told(world, "一二三四五六七八九丙") == []


def test_choosing_a_title_asks_for_its_words_alone(world: World) -> None:
    world.take_posts(post(1, "“海燕”登陆 -5 度 kind:video (图)"))
    follow(world)
    [one] = ask(world, "海燕")
    assert one.text == "“海燕”登陆 -5 度 kind:video (图)"
    assert one.query == "海燕 登陆 5 度 kind video 图"


def test_one_text_is_suggested_once_and_what_is_typed_not_at_all_as_popular(world: World) -> None:
    fill(world)
    world.take_posts(post(4, "天气预报"), post(5, "天氣預報"))
    follow(world)
    assert told(world, "天", popular=("天气预报",)) == [
        ("popular", "天气预报"),
        ("post", "天气：明天有雨"),
    ]
    assert ("popular", "天气预报") not in told(world, "天气预报", popular=("天气预报",))


def test_what_is_taken_down_is_gone_at_once(world: World) -> None:
    fill(world)
    first = world.store.find_post(chat_key(world, "yangli_soso_demo"), 1)
    assert first is not None
    world.store.hide_post(first.key, hidden=True)
    assert told(world, "微") == [("group", "微信交流群"), ("post", "微信群里有人吗今天")]
    world.store.set_chat(chat_key(world, "wechat_talk"), visibility=Visibility.UNLISTED)
    assert told(world, "微") == told(world, "wx") == told(world, "@wechat") == []


def test_private_chats_are_never_suggested(world: World) -> None:
    private = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500000009),
        kind=ChatKind.CHANNEL,
        title="微信内部",
        username="weixin_inside",
        is_public=False,
    )
    batch = Batch(chat=private, observed_at=world.clock.now(), posts=(post(1, "微信密谈 #微密"),))
    world.take(ListSource([batch], name="test:private"))
    follow(world)
    for typed in ("微", "微信", "wx", "weixin", "@weixin", "#微"):
        assert told(world, typed, sensitive=True) == [], typed
    assert world.store.count_suggestions() == 0


def test_sensitive_chats_are_for_those_who_asked(world: World) -> None:
    fill(world)
    world.store.set_chat(chat_key(world, "wechat_talk"), sensitive=True)
    assert ("group", "微信交流群") not in told(world, "微")
    follow(world)
    assert ("group", "微信交流群") not in told(world, "微")
    assert ("group", "微信交流群") in told(world, "微", sensitive=True)
    assert ("post", "微信群里有人吗今天") not in told(world, "微", sensitive=True)


def test_an_edited_title_is_not_suggested_as_it_was(world: World) -> None:
    fill(world)
    world.take_posts(post(3, "改口：没有雨", edited=True, edited_at=world.clock.now()))
    assert told(world, "天气") == []
    follow(world)
    assert told(world, "改口") == [("post", "改口：没有雨")]


def test_hidden_entries_make_room_for_others(world: World) -> None:
    """The weightiest are hidden and the worker has not heard of it yet."""
    world.take_posts(
        *(post(n, f"共同 {n} 甲", views=10_000) for n in range(1, 15)),
        *(post(n, f"共同 {n} 乙") for n in range(15, 20)),
    )
    follow(world)
    for number in range(1, 15):
        stored = world.store.find_post(chat_key(world, "yangli_soso_demo"), number)
        assert stored is not None
        world.store.hide_post(stored.key, hidden=True)
    assert len(told(world, "共同")) == 5
    assert len(told(world, "共同", limit=3)) == 3


def test_a_purge_takes_suggestions_along(world: World) -> None:
    fill(world)
    world.store.purge_chat(chat_key(world, CHANNEL.username or ""))
    assert told(world, "微") == [("group", "微信交流群"), ("post", "微信群里有人吗今天")]
