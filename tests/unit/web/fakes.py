"""An archive of a few posts held in memory, with the methods that the web doors call."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from soso.config import Settings
from soso.flows.ponder import QueryReport, Wanted
from soso.model.batch import Applied, Block
from soso.model.chat import Chat, ChatKind, Username, Visibility
from soso.model.errors import BadInput, Gone, NotFound
from soso.model.following import Followed, Route, SourceState
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey, chat_doc, post_doc
from soso.model.media import Picture
from soso.model.post import Entity, EntityKind, Post, StoredPost
from soso.model.visibility import is_listed, is_readable
from soso.ports.chats import ChatRow
from soso.ports.desk import Decision, RemovalRequest, RequestState
from soso.ports.discovery import Met
from soso.ports.journal import ImportReport
from soso.ports.posts import Place
from soso.ports.queries import QueryRow
from soso.query.plan_types import Sort
from soso.query.results import (
    Card,
    ChatPage,
    FacetValue,
    Home,
    Notice,
    PostPage,
    ResultPage,
    SearchRequest,
    Suggestion,
)
from soso.query.stories import StoryCard, StoryPage
from soso.query.traces import Trace
from soso.sources.names_list import NamesRead, parse_names
from soso.text.snippet import Snippet

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\"'&\u0000\u202e"
PASSWORD = "correct horse"
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
BLOB = "ab" * 32


class FakeClock:
    def now(self) -> datetime:
        return NOW


def plain(text: str) -> Snippet:
    return Snippet(text=text, highlights=())


def make_chat(key: int = 1, **changes: Any) -> Chat:
    values: dict[str, Any] = {
        "key": ChatKey(key),
        "kind": ChatKind.CHANNEL,
        "peer": Peer(kind=PeerKind.CHANNEL, id=1_500_000_000 + key),
        "title": f"频道{key}",
        "username": f"channel{key}",
        "usernames": (Username(name=f"channel{key}", first_seen_at=NOW, last_seen_at=NOW),),
        "visibility": Visibility.PUBLIC,
    }
    return Chat(**{**values, **changes})


def make_stored(key: int, chat: Chat, *, minutes: int = 0, **changes: Any) -> StoredPost:
    post = {"id": key, "at": NOW - timedelta(minutes=minutes), "text": f"第{key}篇 #天气"}
    return StoredPost(
        key=PostKey(key),
        chat=chat.key,
        post=Post(**{**post, **changes}),
        observed_at=NOW,
        first_seen_at=NOW,
    )


def make_card(stored: StoredPost, chat: Chat, **changes: Any) -> Card:
    values: dict[str, Any] = {
        "doc": post_doc(stored.key),
        "chat": chat,
        "stored": stored,
        "kinds": ("post",),
        "title": plain(stored.post.text[:20]),
        "snippet": Snippet(text=stored.post.text, highlights=((0, 1),)),
        "score": 1.5,
    }
    return Card(**{**values, **changes})


def make_chat_card(chat: Chat) -> Card:
    return Card(
        doc=chat_doc(chat.key),
        chat=chat,
        stored=None,
        kinds=(chat.kind.value,),
        title=plain(chat.title),
        snippet=plain(chat.description),
        posts=7,
    )


def make_picture() -> Picture:
    return Picture(
        blob=BLOB, thumb="cd" * 32, width=800, height=600, thumb_width=320, thumb_height=240
    )


def tag(text: str, marked: str) -> Entity:
    start = text.index(marked)
    return Entity(kind=EntityKind.HASHTAG, start=start, end=start + len(marked))


class _Status:
    posts = 3
    chats = 2
    documents = 5
    index_bytes = 1000
    store_bytes = 2000
    blob_bytes = 3000
    lag = 1
    stale = False
    version = "0.1.0"


class FakeStore:
    """What the pages ask of the store itself: which sessions have ended, what others counted."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}

    def keep_answer(self, token: str, content: bytes, *, expires_at: datetime) -> None:
        self.answers[token] = content

    def find_answer(self, token: str, *, now: datetime) -> bytes | None:
        return self.answers.get(token)

    def swap_tallies(self, *_: object, after: int) -> tuple[int, list[dict[str, int]]]:
        return max(after, 0), []


@dataclass
class FakeApp:
    """cards: newest first. fails: raised by every question, to see what comes of it."""

    settings: Settings = field(default_factory=Settings)
    store: FakeStore = field(default_factory=FakeStore)
    cards: list[Card] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    requests: list[RemovalRequest] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    reports: list[ImportReport] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    asked: list[SearchRequest] = field(default_factory=list)
    done: list[tuple[Any, ...]] = field(default_factory=list)
    related_asked: list[int] = field(default_factory=list)
    fails: Exception | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    secret_key: str = "s" * 43
    status_calls: int = 0
    popular: tuple[str, ...] = ()
    trace: Trace | None = None
    has_meaning: bool = False
    notices: tuple[Notice, ...] = ()
    stories: list[StoryPage] = field(default_factory=list)
    sources: list[Followed] = field(default_factory=list)
    met: list[Met] = field(default_factory=list)

    def _ask(self) -> None:
        if self.fails is not None:
            raise self.fails

    def _find_chat(self, ref: str) -> Chat:
        self._ask()
        for chat in self.chats:
            if ref in (chat.ref, chat.username, f"@{chat.username}") and is_readable(chat):
                return chat
        raise NotFound(f"there is no chat {ref!r} in the archive")

    def search(self, request: SearchRequest) -> ResultPage:
        self._ask()
        self.asked.append(request)
        words = request.text.split()
        rows = [
            card
            for card in self.cards
            if all(word in card.snippet.text for word in words)
            and (request.sensitive or not card.sensitive)
        ]
        chat = self.chats[0] if self.chats else None
        facets = {
            "chat": (FacetValue(value="1", count=len(rows), chat=chat),),
            "month": (FacetValue(value="2026-11", count=len(rows)),),
        }
        return ResultPage(
            text=request.text,
            total=len(rows),
            full=True,
            rows=tuple(rows[: request.limit]),
            sort=request.sort or Sort.RELEVANCE,
            kind=request.kind,
            tabs={"all": len(rows), "post": len(rows)},
            facets=facets if request.facets else {},
            notices=self.notices,
            took_ms=1.25,
        )

    def count_search(self, text: str, page: ResultPage) -> None:
        self.done.append(("asked", text, page.total))

    def count_click(self, text: str) -> None:
        self.done.append(("opened", text))

    def list_stories(
        self, *, limit: int = 20, offset: int = 0, sensitive: bool = False
    ) -> list[StoryCard]:
        self._ask()
        return [page.story for page in self.stories][offset : offset + limit]

    def get_story(self, number: int, *, sensitive: bool = False) -> StoryPage:
        self._ask()
        for page in self.stories:
            if number in (page.story.number, page.story.number + 1000):  # one was taken in
                return page
        raise NotFound("there is no such story")

    def find_story_of(self, ref: str, post_id: int, *, sensitive: bool = False) -> StoryCard | None:
        for page in self.stories:
            for post in (post for day in page.days for post in day.posts):
                stored = post.card.stored
                if stored is not None and (post.card.chat.ref, stored.post.id) == (ref, post_id):
                    return page.story
        return None

    def list_popular(self, *, limit: int = 10) -> tuple[str, ...]:
        return self.popular[:limit]

    def suggest(
        self, text: str, *, limit: int = 8, sensitive: bool = False
    ) -> tuple[Suggestion, ...]:
        self._ask()
        found = [
            *(
                Suggestion(kind=chat.kind.value, text=chat.title, query=chat.title, chat=chat)
                for chat in self.chats
                if is_listed(chat) and chat.title.startswith(text)
            ),
            *(
                Suggestion(kind="popular", text=one, query=one)
                for one in self.popular
                if one.startswith(text)
            ),
        ]
        return tuple(found[:limit])

    def list_sources(
        self,
        *,
        states: Collection[SourceState] = (),
        routes: Collection[Route] = (),
        after: int = 0,
        limit: int = 100,
    ) -> list[Followed]:
        self._ask()
        rows = [row for row in self.sources if row.number > after]
        rows = [row for row in rows if not states or row.state in states]
        return [row for row in rows if not routes or row.route in routes][:limit]

    def list_proposed(self, *, limit: int = 50) -> list[Met]:
        return self.met[:limit]

    def read_names(self, content: bytes) -> NamesRead:
        return parse_names(content)

    def add_source(self, name: str, *, who: str, look: bool = True) -> None:
        if "bot" in name:
            raise BadInput(f"{name} is a bot")
        self.done.append(("add_source", name, who, look))

    def pause_source(self, name: str, *, paused: bool, who: str) -> None:
        self.done.append(("pause_source", name, paused, who))

    def visit_now(self, name: str, *, who: str) -> None:
        self.done.append(("visit_now", name, who))

    def remove_source(self, name: str, *, who: str) -> None:
        self.done.append(("remove_source", name, who))

    def ignore_proposed(self, name: str) -> None:
        self.done.append(("ignore_proposed", name))

    def list_queries(self, *, days: int = 30, limit: int = 20) -> QueryReport:
        since = (NOW - timedelta(days=days - 1)).date()
        counts = {"asked": 7, "missed": 2, "partial": 1, "clicked": 3, "days": 4, "hours": 5}
        row = QueryRow(key="k", text=f"彗星 {EVIL}", last=since, **counts)
        wanted = Wanted(text="大桥", times=3, queries=2)
        return QueryReport(
            since=since,
            popular=(row,),
            missed=(row,),
            unclicked=(),
            partial=(),
            words=(wanted,),
            names=(),
        )

    def get_cluster(
        self, ref: str, post_id: int, *, sensitive: bool = False, differences: int = 500
    ) -> Trace | None:
        self._ask()
        return self.trace

    def get_post_page(
        self, ref: str, post_id: int, *, sensitive: bool = False, related: int = 8
    ) -> PostPage:
        self.related_asked.append(related)
        chat = self._find_chat(ref)
        for card in self.cards:
            if card.stored is not None and card.chat == chat and card.stored.post.id == post_id:
                if card.stored.hidden:
                    raise Gone("the post was deleted or taken down")
                return PostPage(card=card, chat=chat, stored=card.stored)
        raise NotFound(f"there is no post {post_id}")

    def get_related(
        self,
        ref: str,
        post_id: int,
        *,
        limit: int = 8,
        sensitive: bool = False,
        copies: bool = False,
    ) -> tuple[Card, ...]:
        page = self.get_post_page(ref, post_id)
        others = [card for card in self.cards if card.stored is not page.stored]
        return tuple(others[:limit])

    def get_related_chats(
        self, ref: str, *, limit: int = 6, sensitive: bool = False
    ) -> tuple[Card, ...]:
        chat = self._find_chat(ref)
        others = [card for card in self.cards if card.stored is None and card.chat != chat]
        return tuple(others[:limit])

    def get_chat_page(
        self,
        ref: str,
        *,
        kind: str | None = None,
        page: str | None = None,
        sensitive: bool = False,
        limit: int = 20,
    ) -> ChatPage:
        chat = self._find_chat(ref)
        rows = [card for card in self.cards if card.chat == chat and card.stored is not None]
        return ChatPage(
            chat=chat,
            posts=len(rows),
            rows=tuple(rows[:limit]),
            last_post_at=NOW,
            next_page="token" if len(rows) > limit else None,
            kind=kind,
        )

    def get_home(self, *, sensitive: bool = False) -> Home:
        self._ask()
        return Home(newest=tuple(self.cards[:3]), chats=(), posts=len(self.cards))

    def list_chats(
        self,
        *,
        listed: bool = True,
        kind: ChatKind | None = None,
        order: str = "posts",
        limit: int = 50,
        offset: int = 0,
    ) -> list[ChatRow]:
        self._ask()
        rows = [
            ChatRow(
                chat=chat,
                posts=sum(card.chat == chat for card in self.cards),
                last_post_at=NOW,
            )
            for chat in self.chats
            if (is_listed(chat) or not listed) and kind in (None, chat.kind)
        ]
        return rows[offset : offset + limit]

    def list_newest(self, *, before: Place | None = None, limit: int = 50) -> list[Card]:
        self._ask()
        behind = [
            card
            for card in self.cards
            if card.stored is not None
            and is_listed(card.chat)
            and (before is None or (card.stored.post.at, card.stored.key) < (before.at, before.key))
        ]
        return behind[:limit]

    def get_blob(self, sha256: str) -> bytes:
        self._ask()
        if sha256 != BLOB:
            raise NotFound("there is no such picture")
        return PNG

    def request_removal(self, request: RemovalRequest) -> int:
        self._ask()
        self.requests.append(request)
        return len(self.requests)

    def list_requests(self, state: RequestState | None = None) -> list[RemovalRequest]:
        return [one for one in self.requests if state in (None, one.state)]

    def decide_request(self, number: int, *, accept: bool, who: str, note: str = "") -> None:
        if not 1 <= number <= len(self.requests):
            raise NotFound(f"there is no request {number}")
        self.done.append(("decide", number, accept, who, note))

    def set_chat(self, ref: str, **changes: Any) -> Chat:
        self.done.append(("set_chat", ref, changes))
        return next(chat for chat in self.chats if chat.ref == ref)

    def hide_post(self, ref: str, post_id: int, *, hidden: bool, who: str) -> None:
        self.done.append(("hide", ref, post_id, hidden, who))

    def list_blocks(self) -> list[Block]:
        return self.blocks

    def add_block(self, block: Block, *, who: str) -> int:
        if block.word == "taken":
            raise BadInput(f"it is blocked already {EVIL}")
        self.blocks.append(block)
        return 0

    def remove_block(self, block: Block, *, who: str) -> None:
        self.done.append(("unblock", block, who))

    def list_decisions(self) -> list[Decision]:
        return self.decisions

    def list_reports(self) -> list[ImportReport]:
        return self.reports

    def check_password(self, password: str) -> bool:
        return password == PASSWORD

    def status(self) -> _Status:
        self._ask()
        self.status_calls += 1
        return _Status()


def make_app(**settings: Any) -> FakeApp:
    """Return an archive of two channels with two posts each and one that is private."""
    one, two = make_chat(1, description="天气与交通"), make_chat(2, picture=make_picture())
    hidden = make_chat(3, visibility=Visibility.PRIVATE, title="秘密")
    text = "第1篇 #天气\n第二行"
    cards = [
        make_card(make_stored(1, one, text=text, entities=(tag(text, "#天气"),)), one),
        make_card(make_stored(2, two, minutes=1), two, cover=make_picture()),
        make_card(make_stored(3, one, minutes=2), one),
        make_card(make_stored(4, two, minutes=3, edited_at=NOW), two),
    ]
    reports = [
        ImportReport(
            source=f"result.json {EVIL}",
            form="desktop_json",
            state="partial",
            started_at=NOW,
            finished_at=NOW,
            chats=("1500000001",),
            applied=Applied(inserted=4, kept=1),
            skipped={f"service {EVIL}": 2},
            notices=(f"ended early {EVIL}",),
            error=EVIL,
        )
    ]
    return FakeApp(
        settings=Settings(**settings), cards=cards, chats=[one, two, hidden], reports=reports
    )
