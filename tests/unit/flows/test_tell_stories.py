"""Stories over a real store: the same posts give the same stories, however they came in."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from soso.flows import retell as retell_module
from soso.flows import tell_stories as module
from soso.flows.cluster import cluster_changes
from soso.flows.tell_stories import StoryTeller
from soso.model.batch import Batch, Tombstone
from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.errors import Busy
from soso.model.ids import Peer, PeerKind, PostKey, post_doc
from soso.model.post import Post
from soso.ports.vectors import DocVectors
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import load_analyzers

ANALYZERS = load_analyzers()
START = datetime(2026, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=900)

BRIDGE = (
    "白鹭大桥恢复通车\n关闭十九个月的白鹭大桥今天上午恢复通车，桥面全部更换",
    "白鹭大桥今早恢复通车，封闭十九个月之后行人先上桥，自行车道加宽",
    "现场：白鹭大桥恢复通车，市民步行过桥，桥面换新，十九个月的封闭结束",
    "白鹭大桥通车首日车流平稳，交警提醒桥面限速",
)
COMET = (
    "霁月彗星今晚最亮\n霁月彗星到达近日点，西南低空肉眼可见，尾巴长两度",
    "拍到了霁月彗星，西南方向低空，肉眼能看到尾巴",
    "霁月彗星观测窗口只剩今晚，西南低空找金星右侧，肉眼可见",
)
OTHER = (
    "面馆老板娘推荐牛肉面加辣油，门口排队二十分钟",
    "图书馆通宵开放，一楼自习区座位预约满员",
    "二手钢琴出售，四个琴键不准，自提六百元",
    "周末跳蚤市场改在操场举行，摊位费减半",
)


@contextmanager
def opened() -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{Path(folder) / 'archive.db'}")
        try:
            yield store
        finally:
            store.close()


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with opened() as store:
        yield store


def add_chat(store: SqlStore, number: int) -> Chat:
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500 + number),
        kind=ChatKind.CHANNEL,
        title=f"频道{number}",
        is_public=True,
    )
    return store.add_chat(sighting, START)


def put(
    store: SqlStore, chat: Chat, number: int, text: str, hours: float, **fields: object
) -> None:
    post = Post(id=number, at=START + timedelta(hours=hours), text=text, **fields)  # type: ignore[arg-type]
    batch = Batch(chat=ChatSighting(peer=chat.peer), observed_at=NOW, posts=(post,))
    store.apply(chat.key, batch, source="test", at=NOW)


def teller(store: SqlStore) -> StoryTeller:
    return StoryTeller(store, ANALYZERS, lambda: None)


def tell(store: SqlStore, telling: StoryTeller | None = None) -> StoryTeller:
    """Bring copies and stories up to the archive."""
    telling = telling or teller(store)
    cluster_changes(store)
    for _ in range(500):
        if telling.step().is_idle:
            return telling
    raise AssertionError("telling stories does not come to an end")


def stories_of(store: SqlStore) -> dict[int, frozenset[str]]:
    """The stories by number, each as the names of its posts."""
    told = store.list_told(from_s=-(2**60), limit=10_000)
    posts = {one.key: one for one in store.get_posts([one.telling.key for one in told])}
    found: dict[int, set[str]] = {}
    for one in told:
        if one.story is not None:
            stored = posts[one.telling.key]
            name = f"{store.get_chat(stored.chat).ref}/{stored.post.id}"
            found.setdefault(one.story, set()).add(name)
    return {number: frozenset(names) for number, names in found.items()}


def partition(store: SqlStore) -> set[frozenset[str]]:
    return set(stories_of(store).values())


def fill(store: SqlStore) -> list[Chat]:
    """Three channels tell of a bridge, two months later of a comet; a fourth of other things."""
    chats = [add_chat(store, number) for number in range(1, 5)]
    for place, text in enumerate(BRIDGE[:3]):
        put(store, chats[place], 1, text, place)
    for place, text in enumerate(COMET):
        put(store, chats[place], 2, text, 1_440 + place)
    for place, text in enumerate(OTHER):
        put(store, chats[3], place + 1, text, place * 300)
    return chats


def test_posts_of_several_chats_about_one_event_are_a_story(store: SqlStore) -> None:
    fill(store)
    tell(store)
    assert partition(store) == {
        frozenset({"1501/1", "1502/1", "1503/1"}),
        frozenset({"1501/2", "1502/2", "1503/2"}),
    }
    rows = store.list_hot(limit=10)
    assert [(row.posts, row.chats) for row in rows] == [(3, 3), (3, 3)]
    assert rows[0].first_s == int((START + timedelta(hours=1_440)).timestamp())


def test_next_years_event_is_another_story(store: SqlStore) -> None:
    chats = fill(store)
    for place, text in enumerate(BRIDGE[:3]):
        put(store, chats[place], 9, f"{text}，今年", 24 * 365 + place)
    tell(store)
    assert frozenset({"1501/9", "1502/9", "1503/9"}) in partition(store)
    assert frozenset({"1501/1", "1502/1", "1503/1"}) in partition(store)


def test_copies_make_no_story_row_of_two_chats(store: SqlStore) -> None:
    chats = [add_chat(store, number) for number in range(1, 4)]
    text = (
        BRIDGE[0]
        + "，有关部门表示将持续关注后续的通行情况，并在早晚高峰增派人手疏导交通，请市民合理安排出行。"
        * 2
    )
    for chat in chats:
        put(store, chat, 1, text, chat.key)
    tell(store)
    assert len(partition(store)) == 1
    assert store.list_hot(limit=10) == []


def test_a_post_that_comes_late_joins_the_story_of_its_day(store: SqlStore) -> None:
    chats = fill(store)
    telling = tell(store)
    number = next(n for n, names in stories_of(store).items() if "1501/1" in names)
    put(store, chats[3], 50, BRIDGE[3] + "，十九个月后恢复通车", 1.5)
    tell(store, telling)
    assert stories_of(store)[number] == {"1501/1", "1502/1", "1503/1", "1504/50"}


def test_what_is_taken_away_leaves_its_story(store: SqlStore) -> None:
    chats = fill(store)
    telling = tell(store)
    number = next(n for n, names in stories_of(store).items() if "1501/2" in names)
    grave = Tombstone(post_id=2, at=NOW)
    batch = Batch(chat=ChatSighting(peer=chats[1].peer), observed_at=NOW, tombstones=(grave,))
    store.apply(chats[1].key, batch, source="test", at=NOW)
    tell(store, telling)
    assert stories_of(store)[number] == {"1501/2", "1503/2"}
    store.set_chat(chats[2].key, visibility=Visibility.PRIVATE)
    tell(store, telling)
    assert number not in stories_of(store)
    row = store.find_story(number)
    assert row is not None
    assert (row.posts, row.moved_to) == (0, None)


def test_a_purge_leaves_no_terms_behind(store: SqlStore) -> None:
    chats = fill(store)
    tell(store)
    stored = store.find_post(chats[0].key, 1)
    assert stored is not None
    store.purge_posts([stored.key])
    told = store.find_told([stored.key])[stored.key]
    assert (told.telling.terms, told.telling.vector) == (b"", b"")
    tell(store)
    assert store.find_told([stored.key]) == {}


def test_an_edit_moves_a_post_and_the_address_stays(store: SqlStore) -> None:
    chats = fill(store)
    telling = tell(store)
    before = stories_of(store)
    edited = {"edited": True, "edited_at": NOW}
    put(store, chats[2], 1, "海边露营地本周开始预约，帐篷自带，炊具可租", 2, **edited)
    tell(store, telling)
    after = stories_of(store)
    number = next(n for n, names in before.items() if "1503/1" in names)
    assert after[number] == before[number] - {"1503/1"}
    assert after.keys() == before.keys()


def test_a_story_that_is_taken_in_leads_on(store: SqlStore) -> None:
    """Two stories of one event, days apart, are joined when posts between them come."""
    chats = [add_chat(store, number) for number in range(1, 9)]
    for day in range(40):
        put(store, chats[7], day + 1, f"{OTHER[day % 4]}，第{day}天", day * 24)
    for place, text in enumerate((BRIDGE[0], BRIDGE[1], BRIDGE[2], BRIDGE[0])):
        put(store, chats[place], 1, f"{text}，消息{place}", place + (100 if place > 1 else 0))
    telling = tell(store)
    first, second = sorted(
        number for number, names in stories_of(store).items() if any("/1" in n for n in names)
    )
    for place in (4, 5, 6):
        put(store, chats[place], 1, f"{BRIDGE[place % 3]}，消息{place}", 50 + place)
    tell(store, telling)
    kept = next(n for n, names in stories_of(store).items() if "1501/1" in names)
    assert stories_of(store)[kept] == {f"{1501 + place}/1" for place in range(7)}
    gone = second if kept == first else first
    row = store.find_story(gone)
    assert row is not None
    assert row.moved_to == kept
    assert gone not in [one.number for one in store.list_hot(limit=5)]


def test_nothing_is_told_before_copies_were_looked_for(store: SqlStore) -> None:
    fill(store)
    assert teller(store).step().is_idle
    assert store.count_tellings() == 0


def test_changes_wait_until_their_copies_are_known(store: SqlStore) -> None:
    chats = fill(store)
    telling = tell(store)
    put(store, chats[3], 60, BRIDGE[3], 3)
    assert telling.step().is_idle
    cluster_changes(store)
    assert telling.step().taken == 1


def test_two_processes_do_not_tell_the_same(store: SqlStore) -> None:
    fill(store)
    tell(store)
    turn = store.stories_turn()
    store.put_tellings(turn, [])
    with pytest.raises(Busy):
        store.put_tellings(turn, [])
    with pytest.raises(Busy):
        store.put_stories(turn, placed={}, gone=[], rows=[])


def test_vectors_are_taken_in_when_they_come(store: SqlStore) -> None:
    chats = fill(store)
    tell(store)
    stored = store.find_post(chats[0].key, 1)
    assert stored is not None
    row = DocVectors(doc=post_doc(stored.key), mark=b"m", packed=bytes([3, 4, 5, 6, 7, 8]))
    store.put_vectors("model", [row])
    telling = StoryTeller(store, ANALYZERS, lambda: ("model", 3))
    assert telling.step(vectors=False).is_idle
    tell(store, telling)
    assert store.find_told([stored.key])[stored.key].telling.vector == bytes([3, 4, 5])
    assert store.first_due() is None


def test_telling_anew_changes_nothing(store: SqlStore) -> None:
    fill(store)
    telling = tell(store)
    before = stories_of(store)
    telling.tell_anew()
    assert not telling.step().is_idle
    tell(store, telling)
    assert stories_of(store) == before


def test_an_earlier_copy_makes_those_before_it_copies_of_it(store: SqlStore) -> None:
    """Its cluster gets another head, which no change of the others tells of."""
    chats = fill(store)
    text = (
        BRIDGE[1] + "，交警提醒：桥面限速四十公里，非机动车请走东侧车道，货车仍需绕行滨江路。" * 2
    )
    for place in (0, 1):
        put(store, chats[place], 20, text, 40 + place)
    telling = tell(store)
    put(store, chats[2], 20, text, 39)
    tell(store, telling)
    told = store.list_told(from_s=0, limit=100)
    docs = [post_doc(one.telling.key) for one in told]
    heads = store.clusters_of(docs)
    assert [post_doc(PostKey(one.telling.cluster)) for one in told] == [
        heads.get(doc, doc) for doc in docs
    ]
    first = store.find_post(chats[2].key, 20)
    assert first is not None
    assert sum(one.telling.cluster == first.key for one in told) == 3
    assert store.first_due() is None


Event = tuple[int, int, int, int]  # chat, post, text, hour


def _texts() -> list[str]:
    return [*BRIDGE, *COMET, *OTHER]


def _arrive(store: SqlStore, events: Sequence[Event], seed: int, *, often: bool) -> None:
    chats = [add_chat(store, number) for number in range(1, 16)]
    shuffled = random.Random(seed)
    order = list(events)
    shuffled.shuffle(order)
    telling = teller(store)
    for chat, number, text, hour in order:
        put(store, chats[chat], number, f"{_texts()[text]}，第{number}条", hour)
        if often and shuffled.random() < 0.4:
            tell(store, telling)
        if often and shuffled.random() < 0.2:
            telling = teller(store)  # the worker began anew
    if often:  # some are taken away again and come back
        for chat, number, text, hour in order[:3]:
            put(store, chats[chat], number, OTHER[0], hour, edited=True, edited_at=NOW)
            tell(store, telling)
            put(
                store,
                chats[chat],
                number,
                f"{_texts()[text]}，第{number}条",
                hour,
                edited=True,
                edited_at=NOW + timedelta(days=1),
            )
    tell(store, telling)
    telling.tell_anew()  # the measure is that of all posts now
    tell(store, telling)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    events=st.lists(
        st.tuples(st.integers(0, 14), st.integers(1, 2), st.integers(0, 10), st.integers(0, 400)),
        min_size=2,
        max_size=30,
        unique_by=lambda event: event[:2],
    ),
    seed=st.integers(0, 2**16),
)
@example(
    events=[
        *[(0, 1, 0, 42), (9, 1, 1, 0), (0, 2, 3, 400), (6, 2, 4, 151), (2, 1, 6, 363)],
        *[(1, 2, 2, 303), (12, 2, 9, 226), (7, 2, 8, 10), (14, 2, 3, 400), (3, 2, 0, 250)],
        *[(14, 1, 8, 242), (11, 1, 0, 31), (12, 1, 9, 290), (6, 1, 4, 1), (3, 1, 1, 100)],
        *[(9, 2, 2, 0), (11, 2, 2, 167), (4, 2, 2, 271)],
    ],
    seed=323,
)
def test_stories_follow_from_the_posts(
    events: list[Event], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened() as one, opened() as other:
        _arrive(one, events, seed, often=False)
        monkeypatch.setattr(retell_module, "SLICE", 4)
        monkeypatch.setattr(module, "STEP", 3)
        _arrive(other, events, seed + 1, often=True)
        monkeypatch.undo()
        assert partition(one) == partition(other)
        _check_rows(other)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    events=st.lists(
        st.tuples(st.integers(0, 14), st.integers(1, 2), st.integers(0, 10), st.integers(0, 400)),
        min_size=6,
        max_size=30,
        unique_by=lambda event: event[:2],
    ),
    seed=st.integers(0, 2**16),
)
@example(
    events=[
        *[(14, 1, 0, 396), (7, 2, 0, 273), (0, 1, 1, 229), (13, 2, 0, 296), (0, 2, 0, 399)],
        *[(3, 1, 4, 216), (14, 2, 8, 156), (9, 1, 5, 16), (8, 1, 7, 160), (10, 2, 4, 174)],
        *[(1, 1, 3, 32), (4, 2, 10, 256), (13, 1, 5, 279), (4, 1, 7, 209), (3, 2, 8, 1)],
        *[(6, 2, 8, 295), (1, 2, 1, 182), (5, 2, 2, 95)],
    ],
    seed=40197,
)
def test_telling_on_gives_what_telling_anew_gives(
    events: list[Event], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same measure, late posts and edits leave nothing that a telling of all would change."""
    with opened() as store:
        half = len(events) // 2
        chats = [add_chat(store, number) for number in range(1, 16)]
        for chat, number, text, hour in events:
            put(store, chats[chat], number, f"{_texts()[text]}，第{number}条", hour)
        telling = tell(store)
        measure = store.load_measure()
        assert measure is not None
        monkeypatch.setattr(retell_module, "SLICE", 4)
        for chat, number, text, hour in events[half:]:
            put(store, chats[chat], number, OTHER[text % 4], hour, edited=True, edited_at=NOW)
            if (seed + number) % 3 == 0:
                tell(store, telling)
            if (seed + number) % 5 == 0:
                telling = teller(store)
        tell(store, telling)
        found = partition(store)
        _check_rows(store)
        store.tell_all_anew(measure)
        tell(store)
        monkeypatch.undo()
        assert partition(store) == found


def _check_rows(store: SqlStore) -> None:
    """Every story has its row, and no row tells of a story that is not there."""
    told = [one for one in store.list_told(from_s=-(2**60), limit=10_000) if one.story is not None]
    sizes: dict[int, int] = {}
    for one in told:
        assert one.story is not None
        sizes[one.story] = sizes.get(one.story, 0) + 1
    rows = {row.number: row for row in store.list_stories(limit=1000)}
    for number, size in sizes.items():
        row = store.find_story(number)
        assert row is not None
        assert (row.posts, row.moved_to) == (size, None)
        assert size > 1
    assert rows.keys() <= sizes.keys()


@pytest.mark.parametrize("times", [5, 9])
def test_more_posts_in_one_second_than_in_a_slice(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(retell_module, "SLICE", 4)
    for number in range(times):
        put(store, add_chat(store, number), 1, f"{BRIDGE[number % 4]}{number}", 5)
    tell(store)
    assert (store.first_due(), store.count_tellings()) == (None, times)
