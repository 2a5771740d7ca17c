"""What the doors are given to render: rows, pages, notices. No wording, no HTML."""

from datetime import datetime

from soso.model.chat import Chat
from soso.model.ids import DocId
from soso.model.media import Picture
from soso.model.post import Revision, StoredPost
from soso.model.value import Value
from soso.query.plan_types import Sort
from soso.text.snippet import Snippet

KIND_TABS = ("group", "channel", "bot", "video", "photo", "audio", "file", "post")
"""The tabs of a result page, after "all", in the order shown; values of fields.KIND."""


class Notice(Value):
    """Something to tell the reader; i18n has the wording of each code, with args filled in."""

    code: str
    args: dict[str, str] = {}


class Card(Value):
    """A post or a chat as lists show it.

    stored: None where the card is the chat itself.
    fallback: what to call it when title.text is empty: photo video album file voice sticker poll …
    sensitive: show only to readers who asked for it.
    """

    doc: DocId
    chat: Chat
    stored: StoredPost | None
    kinds: tuple[str, ...]
    title: Snippet
    snippet: Snippet
    fallback: str = ""
    cover: Picture | None = None
    score: float = 0.0
    full: bool = True
    sensitive: bool = False
    posts: int | None = None  # of a chat, where it is known

    @property
    def at(self) -> datetime | None:
        """When the post was published."""
        return self.stored.post.at if self.stored is not None else None


class FacetValue(Value):
    """A value of a facet; chat is filled in for the chat facet."""

    value: str
    count: int
    chat: Chat | None = None


class SearchRequest(Value):
    """What a door asks for.

    text: the grammar of query/parse.py. kind: a value of KIND_TABS or None for all.
    page: a token from ResultPage.next_page or previous_page; None for the first page.
    sensitive: the reader asked to see sensitive content.
    """

    text: str
    kind: str | None = None
    sort: Sort = Sort.RELEVANCE
    page: str | None = None
    limit: int = 20
    sensitive: bool = False
    facets: bool = True
    explain: bool = False


class ResultPage(Value):
    """One page of an answer.

    text: the query as understood, printed back. total: how many have all that was asked (or, with
    full False, some of it). tabs: kind -> count, "all" included, under all filters but the kind.
    facets: chat, lang, month.
    """

    text: str
    total: int
    full: bool
    rows: tuple[Card, ...]
    sort: Sort
    notices: tuple[Notice, ...] = ()
    kind: str | None = None
    tabs: dict[str, int] = {}
    facets: dict[str, tuple[FacetValue, ...]] = {}
    page: int = 1
    next_page: str | None = None
    previous_page: str | None = None
    took_ms: float = 0.0
    explained: tuple[str, ...] = ()  # one text a row, where it was asked for


class PostPage(Value):
    """All that a post's page shows."""

    card: Card
    chat: Chat
    stored: StoredPost
    revisions: tuple[Revision, ...] = ()
    reply_to: Card | None = None  # where the archive has the post it answers, and may show it
    origin: Card | None = None  # where the archive has the post it was forwarded from
    related: tuple[Card, ...] = ()
    newer: Card | None = None  # its neighbours in the chat
    older: Card | None = None


class ChatPage(Value):
    """A page of a chat: what it is, and its posts, newest first."""

    chat: Chat
    posts: int
    rows: tuple[Card, ...]
    last_post_at: datetime | None = None
    next_page: str | None = None
    kind: str | None = None


class Home(Value):
    """What the first page shows: what is new, the busiest channels, how much there is."""

    newest: tuple[Card, ...]
    chats: tuple[Card, ...]
    posts: int
    chats_by_kind: dict[str, int] = {}
