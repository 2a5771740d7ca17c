"""Documents become cards: fetched from the store, checked for who may see them, titled, cut."""

from collections.abc import Collection, Mapping, Sequence

from soso.model.chat import Chat
from soso.model.ids import ChatKey, DocId, PostKey, chat_doc, doc_key, is_chat_doc, post_doc
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import Post, StoredPost
from soso.model.visibility import is_listed, is_post_shown, is_readable, is_sensitive
from soso.ports.store import Store
from soso.query.results import Card
from soso.schema.build import kinds_of_chat, kinds_of_post
from soso.similarity.segments import blank_out, find_learnt_lines
from soso.text.analyzers import Analyzers
from soso.text.snippet import READ, Marks, Snippet, cut_snippet, highlight
from soso.text.title import Title, make_excerpt, make_title

WIDTH = 120
NO_MARKS = Marks()


class CardMaker:
    """Makes cards for one answer; sensitive: the reader asked to see sensitive content.

    Titles and excerpts are made without what a chat puts under or over most of its posts, as far
    as that is learnt by then.
    """

    def __init__(self, store: Store, analyzers: Analyzers, *, sensitive: bool) -> None:
        self.store = store
        self.analyzers = analyzers
        self.sensitive = sensitive
        self._learnt: dict[ChatKey, Collection[int]] = {}

    def find(self, docs: Sequence[DocId], marks: Marks = NO_MARKS) -> dict[DocId, Card]:
        """Return cards of those documents that may stand in a list; the store decides (law b)."""
        posts = self.find_posts(docs)
        chats = self.store.get_chats([ChatKey(doc_key(doc)) for doc in docs if is_chat_doc(doc)])
        cards: dict[DocId, Card] = {}
        for doc in docs:
            if doc in posts:
                cards[doc] = self.of_post(*posts[doc], marks)
                continue
            chat = chats.get(ChatKey(doc_key(doc))) if is_chat_doc(doc) else None
            if chat is not None and is_listed(chat) and (self.sensitive or not chat.sensitive):
                cards[doc] = self.of_chat(chat, marks)
        return cards

    def find_posts(self, docs: Sequence[DocId]) -> dict[DocId, tuple[StoredPost, Chat]]:
        """Return those of the documents that are posts and may stand in a list, with their chats."""
        found = self.store.get_posts(
            [PostKey(doc_key(doc)) for doc in docs if not is_chat_doc(doc)]
        )
        chats = self.store.get_chats([*{stored.chat for stored in found}])
        self._learn(chats.keys())
        return {
            post_doc(stored.key): (stored, chat)
            for stored in found
            if (chat := chats.get(stored.chat)) is not None
            and is_listed(chat)
            and is_post_shown(stored)
            and (self.sensitive or not is_sensitive(chat, stored))
        }

    def many(
        self, stored: Sequence[StoredPost], chats: Mapping[ChatKey, Chat] | None = None
    ) -> list[Card]:
        """Return the cards of posts in their order, without those that may not be shown."""
        known = chats or self.store.get_chats([*{post.chat for post in stored}])
        self._learn(known.keys())
        cards = [
            self.of_post(post, known[post.chat], NO_MARKS)
            for post in stored
            if post.chat in known and is_readable(known[post.chat]) and is_post_shown(post)
        ]
        return [card for card in cards if self.sensitive or not card.sensitive]

    def of_post(self, stored: StoredPost, chat: Chat, marks: Marks = NO_MARKS) -> Card:
        """Return a post's card, whoever may see it."""
        post = self._undressed(stored)
        title = make_title(post, chat.title)
        return Card(
            doc=post_doc(stored.key),
            chat=chat,
            stored=stored,
            kinds=tuple(kinds_of_post(post)),
            title=self._marked(title.text, marks),
            snippet=self._snippet(post, title, marks),
            fallback=title.fallback,
            cover=cover_of(post.media),
            sensitive=is_sensitive(chat, stored),
        )

    def of_chat(self, chat: Chat, marks: Marks = NO_MARKS, posts: int | None = None) -> Card:
        """Return a chat's card."""
        return Card(
            doc=chat_doc(chat.key),
            chat=chat,
            stored=None,
            kinds=tuple(kinds_of_chat(chat)),
            title=self._marked(chat.title, marks),
            snippet=cut_snippet(chat.description, marks, self.analyzers, width=WIDTH),
            cover=chat.picture,
            sensitive=chat.sensitive,
            posts=posts,
        )

    def _undressed(self, stored: StoredPost) -> Post:
        """A post without its chat's signature, unless that is all it has."""
        self._learn([stored.chat])
        post = stored.post
        own = blank_out(post, find_learnt_lines(post, self._learnt[stored.chat]))
        return own if post.media or not own.text.isspace() else post

    def _learn(self, chats: Collection[ChatKey]) -> None:
        unknown = [key for key in chats if key not in self._learnt]
        if unknown:
            found = self.store.find_dressings(unknown)
            self._learnt |= {
                key: found[key].marks if key in found else frozenset() for key in unknown
            }

    def _snippet(self, post: Post, title: Title, marks: Marks) -> Snippet:
        """The passage that answers, beside the title; else a file's name; else how it begins."""
        excerpt = Snippet(text=make_excerpt(post, title, width=WIDTH))
        if marks == NO_MARKS:
            return excerpt
        names = " · ".join(name for one in post.media for name in _names(one))
        for text in filter(None, (make_excerpt(post, title, width=READ), names)):
            snippet = cut_snippet(text, marks, self.analyzers, width=WIDTH, beside=title.text)
            if snippet.highlights:
                return snippet
        return excerpt

    def _marked(self, text: str, marks: Marks) -> Snippet:
        if marks == NO_MARKS:
            return Snippet(text=text)
        return highlight(text, marks, self.analyzers)


def _names(media: Media) -> list[str]:
    return [name for name in (media.file_name, media.performer, media.title) if name]


def cover_of(media: Sequence[Media]) -> Picture | None:
    """Return the first picture, a photo's before a thumbnail's."""
    pictures = [one for one in media if one.picture is not None]
    photos = [one for one in pictures if one.kind is MediaKind.PHOTO]
    first = next(iter(photos or pictures), None)
    return first.picture if first is not None else None
