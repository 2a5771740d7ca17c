"""What the doors are given to render: rows, pages, notices. No wording, no HTML."""

from datetime import datetime

from soso.model.chat import Chat
from soso.model.ids import DocId
from soso.model.media import Picture
from soso.model.post import Revision, StoredPost
from soso.model.value import Value
from soso.query.plan_types import Mode, Sort
from soso.text.snippet import Snippet

KIND_TABS = ("group", "channel", "bot", "video", "photo", "audio", "file", "post")
"""The tabs of a result page, after "all", in the order shown; values of fields.KIND."""


class Notice(Value):
    """Something to tell the reader; i18n has the wording of each code, with args filled in."""

    code: str
    args: dict[str, str] = {}


class Reason(Value):
    """Why something is in a list; i18n has the wording of each code. named: what both have."""

    code: str
    named: tuple[str, ...] = ()


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
    cluster: DocId | None = None  # names it among those that say the same, where there are any
    copies: int = 0  # how many others say the same
    copying_chats: int = 0  # in how many other chats
    reasons: tuple[Reason, ...] = ()  # of what is related, the strongest first

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
    mode: by words, by meaning or by both; None for what the installation has set.
    collapse: one row for what several channels published.
    """

    text: str
    kind: str | None = None
    sort: Sort = Sort.RELEVANCE
    page: str | None = None
    limit: int = 20
    sensitive: bool = False
    mode: Mode | None = None
    collapse: bool = True
    facets: bool = True
    explain: bool = False


class ResultPage(Value):
    """One page of an answer.

    text: the query as understood, printed back. total: how many have all that was asked (or, with
    full False, some of it). tabs: kind -> count, "all" included, under all filters but the kind.
    facets: chat, lang, month. mode: what it was answered by; words alone where nothing else could.
    did_you_mean: queries that may have been meant, best first, at most three.
    """

    text: str
    total: int
    full: bool
    rows: tuple[Card, ...]
    sort: Sort
    mode: Mode = Mode.WORDS
    notices: tuple[Notice, ...] = ()
    did_you_mean: tuple[str, ...] = ()
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


class Suggestion(Value):
    """Something to go on with while typing.

    kind: channel, group, bot (chat says which); tag, popular, post, file.
    text: what to show, on one line; query: what to search for when it is chosen.
    """

    kind: str
    text: str
    query: str
    chat: Chat | None = None
