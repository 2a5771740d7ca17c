"""What is where: the page of a post, of a chat, the first page, lists of what is new."""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from soso.flows.fold import count_copies, fold_copies
from soso.flows.identify import find_chat, follow_merges
from soso.flows.lay_out import CardMaker
from soso.flows.recommend import Recommending, recommend
from soso.model.chat import Chat, ChatKind
from soso.model.errors import Gone, NotFound
from soso.model.ids import PostKey
from soso.model.media import MediaKind
from soso.model.post import StoredPost
from soso.model.visibility import is_listed, is_post_shown, is_readable
from soso.ports.chats import ChatRow
from soso.ports.posts import Place
from soso.ports.store import Store
from soso.query.results import Card, ChatPage, Home, PostPage
from soso.text.analyzers import Analyzers

HOME_POSTS: Final = 12
HOME_CHATS: Final = 8
MOST_ROWS: Final = 100
MEDIA_OF_KIND: Final = {
    "video": (MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.ROUND_VIDEO),
    "photo": (MediaKind.PHOTO,),
    "audio": (MediaKind.AUDIO, MediaKind.VOICE),
    "file": (MediaKind.FILE,),
}
_PLACE: Final = re.compile(r"(\d{1,10})\.(\d{1,18})")


class Browsing(NamedTuple):
    """What browsing needs; sensitive: the reader asked to see sensitive content."""

    store: Store
    analyzers: Analyzers
    sensitive: bool

    @property
    def cards(self) -> CardMaker:
        """A maker of cards for this reader."""
        return CardMaker(self.store, self.analyzers, sensitive=self.sensitive)


def find_readable_chat(store: Store, ref: str) -> Chat:
    """Return the chat whose pages may be read. Raises NotFound, also for private ones."""
    chat = find_chat(store, ref)
    if not is_readable(chat):
        raise NotFound(f"there is no chat {ref!r} in the archive")
    return chat


def find_shown_post(store: Store, ref: str, post_id: int) -> tuple[Chat, StoredPost]:
    """Return a post that may be read, and its chat. Raises NotFound, Gone."""
    chat = find_readable_chat(store, ref)
    stored = store.find_post(chat.key, post_id)
    if stored is None:
        raise NotFound(f"there is no post {post_id} of {ref!r} in the archive")
    if not is_post_shown(stored):
        raise Gone("the post was deleted or taken down")
    return chat, stored


def get_post_page(
    ref: str, post_id: int, needs: Browsing, recommending: Recommending, *, related: int
) -> PostPage:
    """Return all that a post's page shows. Raises NotFound, Gone, Unavailable."""
    chat, stored = find_shown_post(needs.store, ref, post_id)
    everything = CardMaker(needs.store, needs.analyzers, sensitive=True)
    place = Place(at=stored.post.at, key=stored.key)
    newer = needs.store.list_posts(chat.key, after=place, limit=1)
    older = needs.store.list_posts(chat.key, before=place, limit=1)
    return PostPage(
        card=everything.of_post(stored, chat),
        chat=chat,
        stored=stored,
        revisions=tuple(needs.store.list_revisions(stored.key)) if stored.revisions else (),
        reply_to=_answered(stored, chat, needs),
        origin=_origin(stored, needs),
        related=recommend(stored, recommending, limit=related, sensitive=needs.sensitive)
        if related
        else (),
        newer=next(iter(needs.cards.many(newer)), None),
        older=next(iter(needs.cards.many(older)), None),
    )


def _answered(stored: StoredPost, chat: Chat, needs: Browsing) -> Card | None:
    reply = stored.post.reply
    if reply is None:
        return None
    where = chat
    if reply.peer is not None and reply.peer != chat.peer:
        other = needs.store.find_chat_by_peer(reply.peer)
        if other is None:
            return None
        where = follow_merges(needs.store, other)
    return _card_of(needs, where, reply.post_id)


def _origin(stored: StoredPost, needs: Browsing) -> Card | None:
    forward = stored.post.forward
    if forward is None or forward.post_id is None:
        return None
    found = needs.store.find_chat_by_peer(forward.peer) if forward.peer else None
    if found is None and forward.username:
        found = needs.store.find_chat_by_username(forward.username)
    return _card_of(needs, follow_merges(needs.store, found), forward.post_id) if found else None


def _card_of(needs: Browsing, chat: Chat, post_id: int) -> Card | None:
    stored = needs.store.find_post(chat.key, post_id)
    return next(iter(needs.cards.many([stored])), None) if stored is not None else None


def get_chat_page(
    ref: str, needs: Browsing, *, kind: str | None, page: str | None, limit: int
) -> ChatPage:
    """Return a page of a chat's posts, newest first. Raises NotFound, Unavailable.

    kind: a key of MEDIA_OF_KIND; anything else is all. page: from ChatPage.next_page.
    """
    chat = find_readable_chat(needs.store, ref)
    limit = min(max(limit, 1), MOST_ROWS)
    kinds = MEDIA_OF_KIND.get(kind or "", ())
    before = parse_place(page) if page else None
    stored = needs.store.list_posts(chat.key, before=before, kinds=kinds, limit=limit + 1)
    newest = needs.store.list_posts(chat.key, limit=1)
    last = stored[limit - 1] if len(stored) > limit else None
    return ChatPage(
        chat=chat,
        posts=needs.store.count_posts(chat.key),
        rows=tuple(needs.cards.many(stored[:limit], {chat.key: chat})),
        last_post_at=newest[0].post.at if newest else None,
        next_page=unparse_place(Place(at=last.post.at, key=last.key)) if last else None,
        kind=kind if kinds else None,
    )


def get_home(needs: Browsing) -> Home:
    """Return the first page: newest posts, at most two of a chat, and the busiest chats."""
    newest = list_newest(needs, before=None, limit=HOME_POSTS * 5)
    seen: dict[int, int] = {}
    fresh: list[Card] = []
    folded = set(fold_copies([card.doc for card in newest], needs.store))
    for card in newest:
        if card.doc not in folded:
            continue
        seen[card.chat.key] = seen.get(card.chat.key, 0) + 1
        if seen[card.chat.key] <= 2:
            fresh.append(card)
    counts = needs.store.count_chats()
    return Home(
        newest=tuple(count_copies(fresh[:HOME_POSTS], needs.store)),
        chats=tuple(list_chat_cards(needs, limit=HOME_CHATS)),
        posts=needs.store.count_posts(listed=True),
        chats_by_kind={kind.value: count for kind, count in counts.items()},
    )


def list_chat_cards(
    needs: Browsing,
    *,
    kind: ChatKind | None = None,
    order: str = "posts",
    limit: int,
    offset: int = 0,
) -> list[Card]:
    """Return listed chats as cards."""
    rows = needs.store.list_chats(kind=kind, order=order, limit=limit, offset=offset)
    return [needs.cards.of_chat(row.chat, posts=row.posts) for row in rows if _fits(row, needs)]


def _fits(row: ChatRow, needs: Browsing) -> bool:
    return is_listed(row.chat) and (needs.sensitive or not row.chat.sensitive)


def list_newest(needs: Browsing, *, before: Place | None, limit: int) -> list[Card]:
    """Return the newest shown posts of all listed chats."""
    cards: list[Card] = []
    while len(cards) < limit:  # what may not be shown to this reader makes no gap
        stored = needs.store.list_posts(None, before=before, limit=limit)
        cards += needs.cards.many(stored)
        if len(stored) < limit:
            break
        before = Place(at=stored[-1].post.at, key=stored[-1].key)
    return cards[:limit]


def place_of(card: Card) -> Place | None:
    """Return where a post's card stands in time, to go on behind it."""
    if card.stored is None:
        return None
    return Place(at=card.stored.post.at, key=card.stored.key)


def unparse_place(place: Place) -> str:
    """Return a place as a page token."""
    return f"{int(place.at.timestamp())}.{place.key}"


def parse_place(token: str) -> Place | None:
    """Return the place a page token names, None for anything else."""
    found = _PLACE.fullmatch(token)
    if found is None:
        return None
    at = datetime.fromtimestamp(int(found[1]), tz=UTC)
    return Place(at=at, key=PostKey(int(found[2])))
