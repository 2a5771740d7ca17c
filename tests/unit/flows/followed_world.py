"""A preview site in memory, and visits to it, over a real store."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from soso.flows.follow import Following, VisitReport, visit_due
from soso.flows.follow_preview import PreviewVisits
from soso.flows.ingest import Ingestion
from soso.following.pace import Habits
from soso.following.pages import Ask, Purpose, Reading, Shown
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import BadInput, SosoError
from soso.model.following import Followed, Route
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post, StoredPost
from soso.ports.preview_site import Named
from soso.stores.blobs.keeper import PictureKeeper
from tests.unit.following.chats import Site

from .conftest import World


class Channel(Site):
    """A channel with a name and a number; edits are kept in texts."""

    def __init__(self, name: str, number: int, *, posts: int = 0, size: int = 5) -> None:
        super().__init__(size=size, parts=False)
        self.name = name
        self.number = number
        self.texts: dict[int, str] = {}
        self.times: dict[int, datetime] = {}
        self.has_number = True
        for _ in range(posts):
            self.add()

    def sighting(self) -> ChatSighting:
        peer = Peer(kind=PeerKind.CHANNEL, id=self.number) if self.has_number else None
        return ChatSighting(
            peer=peer if self.blocks else None,
            kind=ChatKind.CHANNEL,
            title=f"频道 {self.number}",
            username=self.name,
            members=77,
            is_public=True,
        )


class FakeSite:
    """Fills ports.preview_site.PreviewSite. fault: raised by the next requests, each once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.channels: dict[str, Channel] = {}
        self.cards: dict[str, Shown] = {}
        self.asked: list[tuple[str, Ask]] = []
        self.faults: list[SosoError | None] = []
        self.wait = 0.0
        self.before_answer: Callable[[], None] = lambda: None

    def add(self, channel: Channel) -> Channel:
        self.channels[channel.name.lower()] = channel
        return channel

    def rename(self, channel: Channel, name: str) -> None:
        del self.channels[channel.name.lower()]
        channel.name = name
        self.add(channel)

    def parse_name(self, text: str) -> Named:
        if text.startswith("https://"):
            return Named(Route.FEED, text, text)
        name = text.removeprefix("@")
        if not name.isidentifier():
            raise BadInput(f"{text!r} can't be followed")
        return Named(Route.PREVIEW, name.lower(), name)

    def read(
        self, name: str, ask: Ask, *, etag: str | None = None, last_modified: str | None = None
    ) -> Reading:
        self.asked.append((name, ask))
        self.before_answer()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        now = self.world.clock.now()
        if name in self.cards:
            return self._card(name)
        channel = self.channels.get(name)
        if channel is None:
            shown = Shown.FREE if ask.post_id is None else Shown.NO_POST
            return Reading(shown=shown, at=now)
        stamp = f"{channel.blocks}{channel.texts}"
        if etag == stamp and ask.purpose is Purpose.NEWEST:
            return Reading(shown=Shown.UNCHANGED, at=now)
        reading = channel.show(ask, now)
        posts = tuple(self._told(channel, one) for one in reading.posts)
        return Reading(
            shown=reading.shown, at=now, chat=channel.sighting(), posts=posts, etag=stamp
        )

    def _card(self, name: str) -> Reading:
        now, shown = self.world.clock.now(), self.cards[name]
        if shown is Shown.FREE:
            return Reading(shown=shown, at=now)
        kind = ChatKind.BOT if shown is Shown.BOT else ChatKind.GROUP
        known = None if shown is Shown.PRIVATE else name
        chat = ChatSighting(
            kind=kind, title=f"名片 {name}", username=known, members=5, is_public=known is not None
        )
        return Reading(shown=shown, at=now, chat=chat)

    def _told(self, channel: Channel, one: Post) -> Post:
        text = channel.texts.get(one.id, one.text)
        return Post(
            id=one.id,
            at=channel.times.get(one.id, one.at),
            text=text,
            views=7,
            album=one.album,
            edited=one.id in channel.texts,
        )

    def lists(self, post: Post) -> bool:
        return post.service is None

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        return None

    def wait_s(self) -> float:
        return self.wait


class Follower:
    """Visits what is followed in a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.site = FakeSite(world)
        self.habits = Habits()
        self.stopped = False
        visits = PreviewVisits(self.site, world.store, world.clock, self.habits)
        needs = Ingestion(world.store, PictureKeeper(world.blobs), world.clock, 10**6, print)
        self.following = Following(
            needs, {Route.PREVIEW: visits}, self.habits, "test/1", lambda: self.stopped
        )

    def follow(self, name: str, **fields: object) -> Followed:
        now = self.world.clock.now()
        told: dict[str, object] = {"next_visit_at": now, "planned_at": now} | fields
        return self.world.store.add_followed(
            Followed(
                route=Route.PREVIEW,
                name=name,
                added_at=now,
                added_by="test",
                **told,  # type: ignore[arg-type]
            )
        )

    def visit(self, *, background: bool = False) -> VisitReport | None:
        return visit_due(self.following, background=background)

    def settle(self) -> list[VisitReport]:
        """Do all that is due now."""
        return list(self._due())

    def _due(self) -> Iterator[VisitReport]:
        for _ in range(2000):
            report = self.visit() or self.visit(background=True)
            if report is None:
                return
            yield report
        raise AssertionError("there is always something due")

    def wait(self, **units: float) -> None:
        self.world.clock.at += timedelta(**units)

    def pass_time(self, *, hours: float, step_s: float = 300) -> None:
        """Let time go by, and do what is due in it."""
        for _ in range(int(hours * 3600 / step_s)):
            self.wait(seconds=step_s)
            self.settle()

    def row(self, name: str) -> Followed:
        found = self.world.store.find_followed(Route.PREVIEW, name)
        assert found is not None
        return found

    def posts(self, name: str) -> dict[int, StoredPost]:
        key = self.row(name).chat
        assert key is not None
        return {stored.post.id: stored for stored in self.world.store.iter_posts(key)}

    def alive(self, name: str) -> set[int]:
        alive: set[int] = set()
        for stored in self.posts(name).values():
            if stored.buried_at is None:
                alive |= {stored.post.id, *stored.post.album}
        return alive
