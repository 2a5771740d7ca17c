"""What the archive says, as payloads.

Knows the archive's values and the payloads. Must not know routes.
"""

from datetime import datetime

from soso.i18n.speaker import Speaker
from soso.model.chat import Chat
from soso.model.links import chat_path, story_path, telegram_chat_link
from soso.model.media import Media, Picture
from soso.model.post import Post
from soso.ports.chats import ChatRow
from soso.query.results import Card, ChatPage, FacetValue, PostPage, ResultPage, Suggestion
from soso.query.rows import blob_path, build_row
from soso.query.stories import StoryCard, StoryPage
from soso.query.traces import Copy, Trace
from soso.web.api.payloads import (
    ChatAnswer,
    ChatPosts,
    CopiesAnswer,
    CopyOfPost,
    Cover,
    Difference,
    FacetCount,
    Hit,
    Mark,
    MediaFile,
    Notice,
    Poll,
    PollChoice,
    PostAnswer,
    ReactionCount,
    SearchAnswer,
    StoryAnswer,
    StoryPost,
    StoryRow,
    SuggestAnswer,
    SuggestedText,
)
from soso.web.site.foreign import clean_line
from soso.web.site.paths import search_path


class PayloadMaker:
    """Makes payloads for one reader. sensitive: asked to see sensitive content."""

    def __init__(self, base_url: str, speaker: Speaker, *, sensitive: bool) -> None:
        self._base = base_url
        self._speaker = speaker
        self._sensitive = sensitive

    def hit(self, card: Card) -> Hit:
        """Return a card."""
        return Hit.model_validate(build_row(card, self._base, sensitive=self._sensitive))

    def hits(self, cards: tuple[Card, ...]) -> list[Hit]:
        """Return cards in their order."""
        return [self.hit(card) for card in cards]

    def story(self, story: StoryCard) -> StoryRow:
        """Return a story as lists have it."""
        post = self.hit(story.card)
        return StoryRow(
            id=story.number,
            title=post.title,
            post=post,
            chats=[chat.ref for chat in story.chats],
            posts=story.posts,
            first_at=story.first_at.isoformat(),
            last_at=story.last_at.isoformat(),
            url=self._base + story_path(story.number),
        )

    def story_page(self, page: StoryPage) -> StoryAnswer:
        """Return a story with its posts."""
        return StoryAnswer(
            story=self.story(page.story),
            posts=[
                StoryPost(hit=self.hit(post.card), copies=post.copies)
                for day in page.days
                for post in day.posts
            ],
            copying=[chat.ref for chat in page.copying],
            left_out=page.left_out,
        )

    def search(self, page: ResultPage) -> SearchAnswer:
        """Return a page of an answer."""
        return SearchAnswer(
            query=page.text,
            total=page.total,
            full=page.full,
            kind=page.kind,
            sort=page.sort.value,
            mode=page.mode.value,
            page=page.page,
            notices=[
                Notice(code=one.code, args=one.args, text=self._speaker.notice(one))
                for one in page.notices
            ],
            did_you_mean=list(page.did_you_mean),
            tabs=page.tabs,
            facets={
                name: [_count(value) for value in values] for name, values in page.facets.items()
            },
            hits=self.hits(page.rows),
            next=page.next_page,
            previous=page.previous_page,
        )

    def suggestions(self, typed: str, found: tuple[Suggestion, ...]) -> SuggestAnswer:
        """Return suggestions."""
        return SuggestAnswer(query=typed, suggestions=[self._suggestion(one) for one in found])

    def _suggestion(self, one: Suggestion) -> SuggestedText:
        path = chat_path(one.chat) if one.chat is not None else search_path(one.query)
        return SuggestedText.model_validate(
            {
                "kind": one.kind,
                "text": clean_line(one.text),
                "query": one.query,
                "url": self._base + path,
                "chat": one.chat.ref if one.chat is not None else None,
                "members": one.chat.members if one.chat is not None else None,
            }
        )

    def post(self, page: PostPage, copies: Trace | None = None) -> PostAnswer:
        """Return a post; of a sensitive one that was not asked for, nothing but its frame."""
        hit, post = self.hit(page.card), page.stored.post
        shown = not hit.veiled
        return PostAnswer(
            hit=hit,
            text=post.text if shown else "",
            marks=_marks(post) if shown else [],
            author=post.author,
            edited=post.edited,
            edited_at=_iso(post.edited_at),
            revisions=page.stored.revisions,
            forwards=post.forwards,
            replies=post.replies,
            reactions=[ReactionCount(emoji=one.emoji, count=one.count) for one in post.reactions],
            media=[self._media(one, post) for one in post.media] if shown else [],
            album=list(post.album),
            poll=_poll(post) if shown else None,
            forwarded_from=post.forward.name if post.forward is not None else None,
            origin=self._maybe(page.origin),
            reply_to=self._maybe(page.reply_to),
            newer=self._maybe(page.newer),
            older=self._maybe(page.older),
            cluster=copies.cluster if copies is not None else None,
            copies=len(copies.copies) - 1 if copies is not None else 0,
        )

    def copies(self, trace: Trace | None) -> CopiesAnswer:
        """Return a post's copies."""
        if trace is None:
            return CopiesAnswer(cluster=None, chats=1, outside=None, copies=[])
        outside = trace.outside
        return CopiesAnswer(
            cluster=trace.cluster,
            chats=trace.chats,
            outside=(outside.username or outside.name or "") if outside is not None else None,
            copies=[self._copy(copy) for copy in trace.copies],
        )

    def _copy(self, copy: Copy) -> CopyOfPost:
        return CopyOfPost(
            hit=self.hit(copy.card),
            origin=copy.is_origin,
            delay_s=int(copy.delay.total_seconds()) if copy.delay is not None else None,
            forwarded=copy.forwarded,
            differences=[
                Difference.model_validate({"change": piece.change.value, "text": piece.text})
                for piece in copy.pieces
            ],
        )

    def chat(self, row: ChatRow) -> ChatAnswer:
        """Return a chat; the picture of a sensitive one only to who asked for it."""
        chat = row.chat
        shown = self._sensitive or not chat.sensitive
        return ChatAnswer(
            chat=chat.ref,
            kind=chat.kind.value,
            title=chat.title,
            username=chat.username,
            former_usernames=_former(chat),
            description=chat.description if shown else "",
            members=chat.members,
            verified=chat.verified,
            sensitive=chat.sensitive,
            posts=row.posts,
            last_post_at=_iso(row.last_post_at),
            picture=self._thumb(chat.picture) if shown else None,
            url=self._base + chat_path(chat),
            telegram_url=telegram_chat_link(chat),
        )

    def chat_posts(self, page: ChatPage) -> ChatPosts:
        """Return a page of a chat's posts."""
        return ChatPosts(
            chat=page.chat.ref, kind=page.kind, posts=self.hits(page.rows), next=page.next_page
        )

    def _maybe(self, card: Card | None) -> Hit | None:
        return self.hit(card) if card is not None else None

    def _media(self, media: Media, post: Post) -> MediaFile:
        picture = media.picture
        return MediaFile(
            kind=media.kind.value,
            id=media.post_id or post.id,
            file_name=media.file_name,
            mime=media.mime,
            bytes=media.bytes,
            duration_s=media.duration_s,
            width=media.width,
            height=media.height,
            performer=media.performer,
            title=media.title,
            spoiler=media.spoiler,
            picture=self._original(picture),
            thumb=self._thumb(picture),
        )

    def _original(self, picture: Picture | None) -> Cover | None:
        if picture is None:
            return None
        url = self._base + blob_path(picture.blob)
        return Cover(url=url, width=picture.width, height=picture.height)

    def _thumb(self, picture: Picture | None) -> Cover | None:
        if picture is None:
            return None
        url = self._base + blob_path(picture.thumb)
        return Cover(url=url, width=picture.thumb_width, height=picture.thumb_height)


def _count(value: FacetValue) -> FacetCount:
    if value.chat is None:
        return FacetCount(value=value.value, count=value.count)
    return FacetCount(value=value.chat.ref, title=value.chat.title, count=value.count)


def _marks(post: Post) -> list[Mark]:
    return [
        Mark(kind=one.kind.value, start=one.start, end=one.end, url=one.url, language=one.language)
        for one in post.entities
    ]


def _poll(post: Post) -> Poll | None:
    if post.poll is None:
        return None
    answers = [
        PollChoice(text=one.text, voters=one.voters, percent=one.percent)
        for one in post.poll.answers
    ]
    return Poll(
        question=post.poll.question,
        answers=answers,
        total_voters=post.poll.total_voters,
        closed=post.poll.closed,
    )


def _former(chat: Chat) -> list[str]:
    present = (chat.username or "").lower()
    return [one.name for one in chat.usernames if one.name.lower() != present]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
