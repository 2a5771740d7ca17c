"""What readers are shown of stories: shown posts of listed chats, copies once, two chats at least."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from soso.flows import read_stories
from soso.flows.cluster import cluster_changes
from soso.flows.lay_out import CardMaker
from soso.flows.read_stories import StoryReading, find_story_of, get_story, list_stories
from soso.flows.tell_stories import StoryTeller
from soso.model.batch import Batch
from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.errors import Gone, NotFound
from soso.model.ids import Peer, PeerKind, PostKey
from soso.model.post import Post
from soso.ports.stories import StoryRow
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import load_analyzers

ANALYZERS = load_analyzers()
START = datetime(2026, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=90)
BRIDGE = (
    "白鹭大桥恢复通车\n关闭十九个月的白鹭大桥今天上午恢复通车，桥面全部更换，行人先上桥",
    "白鹭大桥今早恢复通车，封闭十九个月之后行人先上桥，自行车道加宽",
    "现场：白鹭大桥恢复通车，市民步行过桥，桥面换新，十九个月的封闭结束",
)
COMET = (
    "霁月彗星到达近日点，西南低空肉眼可见，尾巴长两度",
    "拍到了霁月彗星，西南低空，肉眼能看到尾巴，近日点刚过",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    yield made
    made.close()


def add_chat(store: SqlStore, number: int, kind: ChatKind = ChatKind.CHANNEL) -> Chat:
    peer = Peer(kind=PeerKind.CHANNEL, id=1500 + number)
    sighting = ChatSighting(peer=peer, kind=kind, title=f"频道{number}", is_public=True)
    return store.add_chat(sighting, START)


def put(store: SqlStore, chat: Chat, number: int, text: str, hours: float) -> PostKey:
    post = Post(id=number, at=START + timedelta(hours=hours), text=text)
    batch = Batch(chat=ChatSighting(peer=chat.peer), observed_at=NOW, posts=(post,))
    store.apply(chat.key, batch, source="test", at=NOW)
    found = store.find_post(chat.key, number)
    assert found is not None
    return found.key


def reading(store: SqlStore, *, sensitive: bool = False) -> StoryReading:
    cards = CardMaker(store, ANALYZERS, sensitive=sensitive)
    return StoryReading(store, cards, ZoneInfo("Asia/Shanghai"), sensitive)


def tell(store: SqlStore) -> None:
    cluster_changes(store)
    telling = StoryTeller(store, ANALYZERS, lambda: None)
    while not telling.step().is_idle:
        pass


def fill(store: SqlStore) -> list[Chat]:
    """A bridge told of by three channels and copied by a fourth, over midnight; a comet by two."""
    chats = [add_chat(store, number) for number in range(1, 6)]
    for place, text in enumerate(BRIDGE):
        put(store, chats[place], 1, text, 12 + 3 * place)
    put(store, chats[3], 1, BRIDGE[0], 14)
    for place, text in enumerate(COMET):
        put(store, chats[place], 2, text, 200 + place)
    for day in range(30):
        put(store, chats[4], day + 1, f"今日菜谱第{'甲乙丙丁戊己庚辛壬癸'[day % 10] * 9}", day * 24)
    tell(store)
    return chats


def test_a_page_has_days_copies_and_who_took_part(store: SqlStore) -> None:
    chats = fill(store)
    comet, bridge = list_stories(reading(store), limit=9)
    assert (comet.posts, bridge.posts) == (2, 3)
    page = get_story(bridge.number, reading(store))
    assert [chat.key for chat in page.story.chats] == [chat.key for chat in chats[:3]]
    assert [chat.key for chat in page.copying] == [chats[3].key]
    days = {str(day.day): [post.copies for post in day.posts] for day in page.days}
    assert days == {"2026-05-01": [1, 0], "2026-05-02": [0]}
    assert page.story.first_at == START + timedelta(hours=12)
    assert page.story.card.stored is not None
    assert "白鹭大桥" in page.story.card.title.text


def test_what_may_not_be_seen_is_gone_at_once(store: SqlStore) -> None:
    chats = fill(store)
    comet, bridge = list_stories(reading(store), limit=9)
    first = store.find_post(chats[0].key, 1)
    assert first is not None
    store.hide_post(first.key, hidden=True)  # nothing is told anew
    page = get_story(bridge.number, reading(store))
    assert [chat.key for chat in page.story.chats] == [chats[3].key, chats[1].key, chats[2].key]
    store.set_chat(chats[1].key, visibility=Visibility.PRIVATE)
    with pytest.raises(Gone):
        get_story(comet.number, reading(store))
    assert [one.number for one in list_stories(reading(store), limit=9)] == [bridge.number]
    assert find_story_of(first.key, reading(store)) is not None


def test_sensitive_posts_are_left_out_unless_they_are_wanted(store: SqlStore) -> None:
    chats = fill(store)
    comet, _ = list_stories(reading(store), limit=9)
    second = store.find_post(chats[1].key, 2)
    assert second is not None
    store.mark_post(second.key, sensitive=True)
    with pytest.raises(Gone):
        get_story(comet.number, reading(store))
    page = get_story(comet.number, reading(store, sensitive=True))
    assert [post.card.sensitive for day in page.days for post in day.posts] == [False, True]


def test_copies_alone_are_no_story(store: SqlStore) -> None:
    fill(store)
    chats = [add_chat(store, number) for number in range(20, 24)]
    for chat in chats:
        put(store, chat, 1, "云海漫过松涛岭垭口，" + BRIDGE[0][::-1], 400)
    tell(store)
    key = store.find_post(chats[0].key, 1)
    assert key is not None
    assert store.find_story_of(key.key) is not None
    assert find_story_of(key.key, reading(store)) is None


def test_one_that_was_taken_in_gives_the_other(store: SqlStore) -> None:
    fill(store)
    _, bridge = list_stories(reading(store), limit=9)
    moved = [StoryRow(number=900, moved_to=bridge.number)]
    store.put_stories(store.stories_turn(), placed={}, gone=[], rows=moved)
    assert get_story(900, reading(store)).story.number == bridge.number
    with pytest.raises(NotFound):
        get_story(901, reading(store))


def test_a_very_long_story_shows_how_it_began_and_ended(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    monkeypatch.setattr(read_stories, "MOST_POSTS", 2)
    _, bridge = list_stories(reading(store), limit=9)
    page = get_story(bridge.number, reading(store))
    assert page.left_out == 1
    assert sum(len(day.posts) for day in page.days) == 2


def test_old_stories_are_not_current_and_pages_go_on(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    needs = reading(store)
    every = [one.number for one in list_stories(needs, limit=9)]
    assert [list_stories(needs, limit=1, offset=place)[0].number for place in (0, 1)] == every
    assert list_stories(needs, limit=1, offset=2) == []
    monkeypatch.setattr(read_stories, "CURRENT_S", 3600)
    assert [one.number for one in list_stories(needs, limit=9)] == every[:1]


def test_an_empty_archive_has_none(store: SqlStore) -> None:
    assert list_stories(reading(store), limit=5) == []
    assert find_story_of(PostKey(5), reading(store)) is None
