"""Clusters over a real store: the same posts give the same clusters, however they came in."""

import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soso.flows import cluster as cluster_module
from soso.flows.cluster import CONSUMER, MADE, cluster_changes
from soso.model.batch import Batch, Tombstone
from soso.model.chat import Chat, ChatKind, ChatSighting
from soso.model.errors import Busy
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey, post_doc
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import Forward, Post
from soso.similarity import boilerplate as boilerplate_module
from soso.similarity.clusters import Settled
from soso.stores.sql.store import SqlStore

START = datetime(2026, 5, 1, tzinfo=UTC)
CHATS = 4

NEWS = (
    "地铁九号线今天正式开通运营，首班车早上六点从港湾站发出，末班车晚上十一点半。全线共有二十三座车站，"
    "贯穿东西两岸，预计每天运送乘客四十万人次。票价起步三元，学生半价。"
)
OTHER = (
    "气象台发布暴雨橙色预警，预计未来六小时内山区雨量将达到一百毫米以上，请沿河居民提前转移，"
    "停止一切户外活动，学校明日停课，轮渡暂停，具体恢复时间另行通知。"
)
SHORT = "小区门口新开的面馆味道很不错，推荐牛肉面"
SIGNED = "{}\n\n我们是第{}个分站的夜班编辑部出品"
TEXTS = (
    NEWS,
    NEWS[:80],
    f"快讯：地铁开通\n\n{NEWS}",
    NEWS.replace("四十万", "五十万"),
    NEWS + OTHER,
    OTHER,
    f"{OTHER}\n\n https://example.org/1",
    SHORT,
    SHORT + "！！🎉",
    "早上好",
    "https://example.org/a",
    "",
)


def chat_of(store: SqlStore, number: int, **fields: object) -> Chat:
    told = {
        "peer": Peer(kind=PeerKind.CHANNEL, id=700 + number),
        "kind": ChatKind.CHANNEL,
        "title": f"频道 {number}",
        "username": f"channel_{number}",
        "is_public": True,
    }
    return store.add_chat(ChatSighting(**(told | fields)), START)  # type: ignore[arg-type]


def apply(store: SqlStore, chat: Chat, *posts: Post, seen: int = 0) -> None:
    when = START + timedelta(days=900 + seen)
    batch = Batch(chat=ChatSighting(), observed_at=when, posts=posts)
    store.apply(chat.key, batch, source="test", at=when)


def bury(store: SqlStore, chat: Chat, number: int, seen: int) -> None:
    when = START + timedelta(days=900 + seen)
    dead = (Tombstone(post_id=number, at=when),)
    batch = Batch(chat=ChatSighting(), observed_at=when, tombstones=dead)
    store.apply(chat.key, batch, source="test", at=when)


def partition(store: SqlStore) -> dict[tuple[int, int], tuple[int, int]]:
    """Each post's chat and number, and those of its head."""
    names = {
        stored.key: (chat, stored.post.id)
        for chat in range(1, CHATS + 1)
        for stored in store.iter_posts(ChatKey(chat))
    }
    rows = store.find_rows(list(names))
    named = {key: _named(store, key) for key in names}
    return {named[key]: named[row.head] for key, row in rows.items()}


def _named(store: SqlStore, key: PostKey) -> tuple[int, int]:
    stored = store.get_posts([key])[0]
    peer = store.get_chat(stored.chat).peer
    assert peer is not None
    return peer.id, stored.post.id


def clusters(store: SqlStore) -> set[frozenset[tuple[int, int]]]:
    found: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for name, head in partition(store).items():
        found.setdefault(head, set()).add(name)
    return {frozenset(names) for names in found.values() if len(names) > 1}


@contextmanager
def opened(folder: str) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{folder}/{random.getrandbits(60)}.db")
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with opened(str(tmp_path)) as made:
        yield made


# chat, number, which text, hours, signed, forwarded from which post of chat 0
told = st.tuples(
    st.integers(0, CHATS - 1),
    st.integers(1, 6),
    st.integers(0, len(TEXTS) - 1),
    st.integers(0, 40),
    st.booleans(),
    st.one_of(st.none(), st.none(), st.integers(1, 6)),
    st.sampled_from([(), (), ("0f1",), ("a2b",), ("0f1", "a2b"), ("",)]),
)
steps = st.lists(
    st.one_of(told, st.tuples(st.integers(0, CHATS - 1), st.integers(1, 6))),
    min_size=4,
    max_size=24,
)


def shown(look: str) -> Media:
    picture = Picture(
        blob="1" * 64,
        thumb="2" * 64,
        width=9,
        height=9,
        thumb_width=9,
        thumb_height=9,
        look=look,
    )
    return Media(kind=MediaKind.PHOTO, picture=picture)


def post_of(one: tuple[int, int, int, int, bool, int | None, tuple[str, ...]]) -> Post:
    chat, number, text, hours, signed, origin, looks = one
    said = SIGNED.format(TEXTS[text], chat) if signed else TEXTS[text]
    forward = None
    if origin is not None and chat:
        by_name = number % 2
        forward = Forward(
            peer=None if by_name else Peer(kind=PeerKind.CHANNEL, id=700),
            username="Channel_0" if by_name else None,
            post_id=origin,
        )
    return Post(
        id=number,
        at=START + timedelta(hours=hours),
        text=said,
        forward=forward,
        media=tuple(map(shown, looks)),
    )


def remade(store: SqlStore, folder: str, order: Iterable[int]) -> dict[tuple[int, int], object]:
    """The clusters of the same posts, come in at once into another store, chats in another order."""
    with opened(folder) as other:
        for number in order:
            chat_of(other, number)
        for number in range(CHATS):
            key = store.find_chat_by_peer(Peer(kind=PeerKind.CHANNEL, id=700 + number))
            there = other.find_chat_by_peer(Peer(kind=PeerKind.CHANNEL, id=700 + number))
            assert key is not None
            assert there is not None
            apply(other, there, *(one.post for one in store.iter_posts(key.key)), seen=60)
        cluster_changes(other)
        return dict(partition(other))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps,
    st.integers(1, 5),
    st.permutations(range(CHATS)),
    st.lists(st.integers(1, 30), max_size=3),
    st.sampled_from([4, 256]),
)
def test_any_order_gives_the_same_clusters(
    done: list[tuple[int, ...]],
    size: int,
    order: list[int],
    purged: list[int],
    sample: int,
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(folder) as store,
        pytest.MonkeyPatch.context() as patch,
    ):
        for module in (boilerplate_module, __import__("soso.flows.sight", fromlist=["SAMPLE"])):
            patch.setattr(module, "SAMPLE", sample)
        patch.setattr(cluster_module, "STEP", 3)
        patch.setattr(cluster_module, "LONG_STEP", 4)
        chats = [chat_of(store, number) for number in range(CHATS)]
        for place, one in enumerate(done):
            if len(one) == 2:
                bury(store, chats[one[0]], one[1], place)
            else:
                apply(store, chats[one[0]], post_of(one), seen=place)  # type: ignore[arg-type]
            if place % size == 0:
                cluster_changes(store)
        store.purge_posts([PostKey(key) for key in purged])
        cluster_changes(store)
        assert store.lag(CONSUMER) == 0
        assert store.list_stale_chats() == []
        assert partition(store) == remade(store, folder, order)


def test_copies_of_several_channels_are_one_cluster(store: SqlStore) -> None:
    first, second, third = (chat_of(store, number) for number in range(3))
    apply(store, second, Post(id=5, at=START + timedelta(hours=1), text=TEXTS[2]))
    apply(store, first, Post(id=1, at=START, text=NEWS), Post(id=2, at=START, text="早上好"))
    apply(store, third, Post(id=9, at=START, text=OTHER), Post(id=10, at=START, text="早上好"))
    report = cluster_changes(store)
    assert report.seen == 5
    assert clusters(store) == {frozenset({(700, 1), (701, 5)})}
    assert store.get_setting(MADE) is not None
    assert cluster_changes(store).seen == 0


def test_few_words_are_copies_beside_pictures_that_look_the_same(store: SqlStore) -> None:
    said = ("今晚开播", "今晚开播", "今晚开播", "今晚开饭", "", "", "早上好", "早上好！")
    looks = ("0f1", "0f1", "a2b", "0f1", "0f1", "0f1", "0f1", "0f1")
    chats = [chat_of(store, number) for number in range(2)]
    for number, (text, look) in enumerate(zip(said, looks, strict=True), 1):
        at = START + timedelta(hours=number)
        post = Post(id=number, at=at, text=text, media=(shown(look),))
        apply(store, chats[number % 2], post)
    cluster_changes(store)
    assert clusters(store) == {
        frozenset({(701, 1), (700, 2)}),
        frozenset({(701, 7), (700, 8)}),
    }


def test_a_picture_that_is_kept_later_joins_what_says_the_same(store: SqlStore) -> None:
    first, second = chat_of(store, 0), chat_of(store, 1)
    told = Post(id=1, at=START, text="今晚开播", media=(shown("0f1"),))
    apply(store, first, told)
    apply(
        store, second, Post(id=1, at=START, text="今晚开播", media=(Media(kind=MediaKind.PHOTO),))
    )
    cluster_changes(store)
    assert clusters(store) == set()
    apply(store, second, told, seen=1)
    cluster_changes(store)
    assert clusters(store) == {frozenset({(700, 1), (701, 1)})}


def test_what_is_new_joins_and_what_is_edited_leaves(store: SqlStore) -> None:
    first, second = chat_of(store, 0), chat_of(store, 1)
    apply(store, first, Post(id=1, at=START, text=NEWS))
    cluster_changes(store)
    apply(store, second, Post(id=1, at=START + timedelta(hours=1), text=TEXTS[3]))
    cluster_changes(store)
    assert clusters(store) == {frozenset({(700, 1), (701, 1)})}
    apply(
        store, first, Post(id=1, at=START, text=OTHER, edited_at=START + timedelta(hours=2)), seen=1
    )
    cluster_changes(store)
    assert clusters(store) == set()


def test_a_deleted_post_stays_in_its_cluster_and_is_not_counted(store: SqlStore) -> None:
    first, second, third = (chat_of(store, number) for number in range(3))
    for hour, chat in enumerate((first, second, third)):
        apply(store, chat, Post(id=1, at=START + timedelta(hours=hour), text=NEWS))
    cluster_changes(store)
    bury(store, first, 1, 1)
    cluster_changes(store)
    docs = [post_doc(PostKey(key)) for key in (1, 2, 3)]
    heads = store.clusters_of(docs)
    assert set(heads.values()) == {docs[0]}
    assert store.cluster_sizes(set(heads.values())) == {docs[0]: (2, 2)}


def test_boilerplate_is_learnt_and_applied_to_what_came_before(store: SqlStore) -> None:
    """The signature has no link: only that it stands under different texts tells what it is."""
    first, second = chat_of(store, 0), chat_of(store, 1)
    apply(store, first, Post(id=1, at=START, text=SHORT))
    apply(store, second, Post(id=1, at=START, text=SIGNED.format(SHORT, 2)))
    cluster_changes(store)
    assert clusters(store) == set()
    others = [f"第{number}期：今天讲的是另外一件事情，与之前的完全不同" for number in "甲乙丙丁"]
    for number, text in enumerate(others, 2):
        apply(store, second, Post(id=number, at=START, text=SIGNED.format(text, 2)))
    cluster_changes(store)
    assert clusters(store) == {frozenset({(700, 1), (701, 1)})}


def test_a_short_forward_joins_its_origin_whichever_comes_first(store: SqlStore) -> None:
    first, second = chat_of(store, 0), chat_of(store, 1)
    by_name = Forward(username="channel_0", post_id=3)
    apply(store, second, Post(id=8, at=START + timedelta(hours=1), text="好", forward=by_name))
    cluster_changes(store)
    apply(store, first, Post(id=3, at=START, text="好"), Post(id=4, at=START, text="好"))
    cluster_changes(store)
    assert clusters(store) == {frozenset({(700, 3), (701, 8)})}


def test_forwards_find_a_chat_whose_number_is_told_later(store: SqlStore) -> None:
    chat = chat_of(store, 0, peer=None)
    second = chat_of(store, 1)
    named = Forward(peer=Peer(kind=PeerKind.CHANNEL, id=700), post_id=3)
    apply(store, chat, Post(id=3, at=START, text="好"))
    apply(store, second, Post(id=8, at=START + timedelta(hours=1), text="好", forward=named))
    cluster_changes(store)
    assert store.clusters_of([post_doc(PostKey(2))]) == {post_doc(PostKey(2)): post_doc(PostKey(2))}
    sighting = ChatSighting(peer=Peer(kind=PeerKind.CHANNEL, id=700))
    store.update_chat(chat.key, sighting, START + timedelta(days=1))
    cluster_changes(store)
    assert clusters(store) == {frozenset({(700, 3), (701, 8)})}


def test_two_processes_do_not_write_over_each_other(store: SqlStore) -> None:
    turn = store.copies_turn()
    assert store.put_copies(turn, Settled([], [], [], [])) == turn + 1
    with pytest.raises(Busy):
        store.put_copies(turn, Settled([], [], [], []))


def test_a_walk_that_was_stopped_goes_on(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "LONG_STEP", 2)
    chats = [chat_of(store, number) for number in range(3)]
    for chat in chats:
        apply(store, chat, Post(id=1, at=START, text=NEWS), Post(id=2, at=START, text=OTHER))
    answers = iter([False, True])
    assert cluster_changes(store, stopped=lambda: next(answers, True)).seen == 2
    assert store.get_setting(MADE) is None
    assert cluster_changes(store).seen == 4
    assert {len(names) for names in clusters(store)} == {3}
