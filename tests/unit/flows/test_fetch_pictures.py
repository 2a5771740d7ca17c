from datetime import datetime, timedelta

import msgspec
import pytest

from soso.flows.fetch_pictures import (
    FIRST,
    LONGEST,
    MOST_TRIES,
    Fetching,
    FetchReport,
    fetch_due_pictures,
)
from soso.flows.identify import Identifier
from soso.flows.ingest import Ingestion, take_batch
from soso.flows.keep_media import LINK_DEAD, Kept, keep_media
from soso.model.batch import Batch, Tombstone
from soso.model.chat import Chat, ChatSighting
from soso.model.errors import NotFound, Unavailable
from soso.model.ids import Peer, PeerKind
from soso.model.media import Media, MediaKind
from soso.model.post import Post, Service
from soso.ports.pictures_due import PictureDue
from soso.stores.blobs.keeper import PictureKeeper

from .conftest import CHANNEL, World, post
from .test_keep_media import drawn

OLD, NEW = "https://cdn1.telesco.pe/old.jpg", "https://cdn1.telesco.pe/new.jpg"


class Web:
    """Pictures by address; an error is raised, None is what can never be had."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Exception | None] = {}
        self.asked: list[str] = []

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        self.asked.append(source)
        answer = self.answers.get(source, NotFound("404"))
        if isinstance(answer, Exception):
            raise answer
        return answer


class Pages:
    """Fresh pages by post."""

    def __init__(self) -> None:
        self.batch: Batch | Exception | None = None
        self.asked: list[tuple[str, int]] = []

    def pull_post(self, username: str, post_id: int, now: datetime) -> Batch | None:
        self.asked.append((username, post_id))
        if isinstance(self.batch, Exception):
            raise self.batch
        return self.batch


class Live:
    """A live channel, as the follower would write it, and the flow that fetches what it missed."""

    def __init__(self, world: World) -> None:
        self.world, self.web, self.pages = world, Web(), Pages()
        self.chat = world.store.add_chat(CHANNEL, world.clock.now())
        self.keeper = PictureKeeper(world.blobs)

    def see(self, *posts: Post, chat: ChatSighting = CHANNEL) -> Kept:
        """A page is applied."""
        world = self.world
        batch = Batch(chat=chat, observed_at=world.clock.now(), posts=posts)
        needs = Ingestion(world.store, self.keeper, world.clock, 10**6, lambda _: None)
        who = Identifier(world.store, "live")
        return take_batch(batch, who, self.web, needs, name="live", live=True).kept

    def fetch(self, later: timedelta = FIRST) -> FetchReport:
        self.world.clock.at += later
        needs = Fetching(
            self.world.store, self.keeper, self.world.clock, self.web, self.pages, 10**6
        )
        return fetch_due_pictures(needs)

    def has_picture(self, number: int = 1) -> bool:
        stored = self.world.store.find_post(self.chat.key, number)
        assert stored is not None
        return all(media.picture is not None for media in stored.post.media)

    def due(self, *, given_up: bool = False) -> PictureDue:
        [row] = self.world.store.list_pictures_due(given_up=given_up)
        return row


@pytest.fixture
def live(world: World) -> Live:
    return Live(world)


def photo(link: str = OLD, **more: object) -> Media:
    return Media(kind=MediaKind.PHOTO, source=link, **more)  # type: ignore[arg-type]


def seen(number: int = 1, *media: Media, **more: object) -> Post:
    return post(number, "看图", media=media or (photo(),), **more)


def test_pictures_of_live_posts_are_kept_at_once(live: Live) -> None:
    live.web.answers[OLD] = drawn()
    kept = live.see(seen())
    assert (kept.pictures, kept.due) == (1, {})
    assert live.has_picture()
    assert live.fetch() == FetchReport()


def test_files_of_an_import_never_lead_to_the_web(live: Live) -> None:
    batch = Batch(chat=CHANNEL, observed_at=live.world.clock.now(), posts=(seen(),))
    kept = keep_media(batch, live.web, live.keeper, {}, max_bytes=10**6)
    assert (kept.pictures, kept.due, live.web.asked) == (0, {}, [])


def test_a_link_that_changes_is_not_fetched_again(live: Live) -> None:
    live.web.answers[OLD] = drawn()
    live.see(seen())
    kept = live.see(seen(1, photo(NEW)))
    assert (kept.pictures, kept.due, live.web.asked) == (0, {}, [OLD])
    assert live.has_picture()


def test_an_edited_post_may_have_another_picture(live: Live) -> None:
    live.web.answers |= {OLD: drawn(), NEW: drawn()}
    live.see(seen())
    live.see(msgspec.structs.replace(seen(1, photo(NEW)), edited=True))
    assert live.web.asked == [OLD, NEW]
    live.see(msgspec.structs.replace(seen(1, photo(OLD)), edited=True))
    assert live.web.asked == [OLD, NEW]


def test_of_a_video_only_the_cover_is_fetched(live: Live) -> None:
    video = Media(kind=MediaKind.VIDEO, source="https://cdn1.telesco.pe/v.mp4", thumb_source=OLD)
    live.web.answers[OLD] = drawn()
    live.see(seen(1, video))
    assert live.web.asked == [OLD]
    assert live.has_picture()


def test_a_host_that_does_not_answer_is_asked_later_by_the_same_link(live: Live) -> None:
    live.web.answers[OLD] = Unavailable("cdn1.telesco.pe: it answers 503", retry_after_s=3)
    kept = live.see(seen())
    assert kept.due == {1: "picture: cdn1.telesco.pe: it answers 503"}
    assert live.fetch(timedelta(minutes=1)) == FetchReport()
    assert live.fetch() == FetchReport(later=1)
    assert (live.due().tries, live.pages.asked) == (0, [])
    live.web.answers[OLD] = drawn()
    assert live.fetch() == FetchReport(done=1)
    assert live.has_picture()
    assert live.world.store.count_pictures_due() == (0, 0)


def test_a_dead_link_is_had_from_a_fresh_page(live: Live) -> None:
    assert live.see(seen()).due == {1: LINK_DEAD}
    live.web.answers[NEW] = drawn()
    live.pages.batch = Batch(
        chat=CHANNEL, observed_at=live.world.clock.now(), posts=(seen(1, photo(NEW)),)
    )
    assert live.fetch() == FetchReport(done=1)
    assert live.pages.asked == [("yangli_soso_demo", 1)]
    assert live.has_picture()


def test_after_some_tries_it_is_given_up_with_the_reason(live: Live) -> None:
    live.see(seen())
    reports = [live.fetch(timedelta(days=1)) for _ in range(MOST_TRIES)]
    assert reports == [FetchReport(later=1)] * (MOST_TRIES - 1) + [FetchReport(given_up=1)]
    row = live.due(given_up=True)
    assert row.reason == "picture: its link has died, and no page shows the post"
    assert live.fetch(timedelta(days=9)) == FetchReport()
    live.see(seen())
    assert live.world.store.count_pictures_due() == (0, 1)


def test_tries_come_ever_more_rarely(live: Live) -> None:
    live.see(seen())
    waits = []
    for _ in range(3):
        live.fetch(timedelta(days=1))
        waits.append(live.due().due_at - live.world.clock.now())
    assert waits == [FIRST, 4 * FIRST, 16 * FIRST]


def test_a_host_that_is_gone_for_good_is_given_up_in_the_end(live: Live) -> None:
    live.web.answers[OLD] = Unavailable("no network")
    live.see(seen())
    assert live.fetch(LONGEST) == FetchReport(later=1)
    assert live.fetch(timedelta(hours=1)) == FetchReport(given_up=1)


def test_what_can_never_be_had_is_not_queued(live: Live) -> None:
    live.web.answers[OLD] = None
    kept = live.see(seen())
    assert kept.due == {}
    assert sum(kept.skipped.values()) == 1
    live.web.answers[OLD] = b"this is no picture"
    assert live.see(seen()).due == {}


def test_what_proves_to_be_none_later_is_given_up_at_once(live: Live) -> None:
    live.see(seen())
    live.web.answers[OLD] = b"this is no picture"
    assert live.fetch() == FetchReport(given_up=1)
    assert "no picture" in live.due(given_up=True).reason


def test_a_name_that_another_channel_took_gives_no_pictures(live: Live) -> None:
    live.see(seen())
    live.web.answers[NEW] = drawn()
    other = msgspec.structs.replace(CHANNEL, peer=Peer(kind=PeerKind.CHANNEL, id=99))
    live.pages.batch = Batch(
        chat=other, observed_at=live.world.clock.now(), posts=(seen(1, photo(NEW)),)
    )
    assert live.fetch() == FetchReport(later=1)
    assert not live.has_picture()


def test_rows_of_posts_that_are_gone_go(live: Live) -> None:
    live.see(seen(1), seen(2))
    now = live.world.clock.now()
    gone = Batch(chat=CHANNEL, observed_at=now, tombstones=(Tombstone(post_id=1, at=now),))
    live.world.store.apply(live.chat.key, gone, source="live", at=now)
    stored = live.world.store.find_post(live.chat.key, 2)
    assert stored is not None
    live.world.store.purge_posts([stored.key])
    assert live.fetch() == FetchReport(done=2)
    assert live.world.store.count_pictures_due() == (0, 0)


def test_a_host_that_does_not_answer_is_not_asked_for_a_whole_page(live: Live) -> None:
    links = [f"https://cdn1.telesco.pe/{number}.jpg" for number in range(20)]
    live.web.answers |= {link: Unavailable("silence") for link in links}
    kept = live.see(*(seen(number + 1, photo(link)) for number, link in enumerate(links)))
    assert len(kept.due) == 20
    assert len(live.web.asked) <= 4  # two threads look at the same time


def test_a_full_disk_is_no_matter_of_the_host(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(content: bytes) -> None:
        raise Unavailable("no space left")

    live.web.answers[OLD] = drawn()
    monkeypatch.setattr(live.keeper, "keep", full)
    with pytest.raises(Unavailable, match="space"):
        live.see(seen())


@pytest.mark.parametrize("changed", [False, True])
def test_the_chats_picture_is_fetched_once_and_when_it_changed(live: Live, changed: bool) -> None:
    live.web.answers |= {OLD: drawn(), NEW: drawn()}
    live.see(chat=with_picture(OLD))
    chat: Chat = live.world.store.get_chat(live.chat.key)
    assert chat.picture is not None
    service = Service(action="edit_group_photo" if changed else "pin_message", raw="{}")
    live.see(post(2, "", service=service), chat=with_picture(NEW))
    assert live.web.asked == ([OLD, NEW] if changed else [OLD])


def with_picture(link: str) -> ChatSighting:
    return msgspec.structs.replace(CHANNEL, picture_source=link)


def test_albums_keep_what_they_have_item_by_item(live: Live) -> None:
    two = (photo(OLD, post_id=1), photo(NEW, post_id=2))
    live.web.answers[OLD] = drawn()
    assert live.see(seen(1, *two, album=(1, 2))).due == {1: LINK_DEAD}
    live.web.answers[NEW] = drawn()
    assert live.fetch() == FetchReport(done=1)
    assert live.has_picture()
    assert live.web.asked.count(OLD) == 1
