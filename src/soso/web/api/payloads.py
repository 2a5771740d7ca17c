"""The shapes of the API's answers. Names and meanings are stable within /api/v1.

Knows what programs are given. Must not know routes, nor how answers come about.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Highlight = Annotated[
    list[int],
    Field(min_length=2, max_length=2, description="[start, end) in code points"),
]


class Payload(BaseModel):
    """The base of all answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cover(Payload):
    """A small picture."""

    url: str
    width: int = Field(description="pixels")
    height: int = Field(description="pixels")


class Reason(Payload):
    """Why something is in a list of what is related."""

    code: str = Field(
        description="story, link, post, picture, source, name, tag, words, meaning; of chats also "
        "posts, forwards, mentions, mentioned, about"
    )
    named: list[str] = Field(description="what both have: words, a link, a tag, a name")


class Hit(Payload):
    """A post or a chat as lists have it. Text is plain; highlights are ranges into it."""

    kinds: list[str] = Field(description="channel, group, bot, post, video, photo, audio, file …")
    chat: str = Field(description="the chat, as other addresses of this API take it")
    chat_title: str
    id: int | None = Field(description="the post's number in its chat; null for the chat itself")
    title: str = Field(description="empty where there is none; see fallback")
    title_highlights: list[Highlight]
    snippet: str
    highlights: list[Highlight] = Field(description="of the snippet: sorted, disjoint")
    fallback: str = Field(description="what it is, where it has no title: photo, video, file …")
    score: float = Field(description="comparable within one answer only")
    full: bool = Field(description="whether it has all that was asked for")
    url: str = Field(description="its page here")
    telegram_url: str | None = Field(description="its page on Telegram")
    at: str | None = Field(description="when it was published; ISO 8601, UTC")
    views: int | None
    cover: Cover | None
    sensitive: bool
    veiled: bool = Field(description="sensitive and not asked for: text and cover are left out")
    cluster: int | None = Field(description="the same for all posts that say the same")
    copies: int = Field(description="how many others say the same; see /posts/{chat}/{id}/copies")
    copying_chats: int = Field(description="in how many other chats")
    reasons: list[Reason] = Field(default=[], description="of what is related, strongest first")
    members: int | None = Field(default=None, description="of a chat")
    posts: int | None = Field(default=None, description="of a chat: how many are in the archive")


class Notice(Payload):
    """Something the asker should know, such as a part of the query that was ignored."""

    code: str
    args: dict[str, str]
    text: str = Field(description="in English")


class FacetCount(Payload):
    """How many hits have a value; a chat's value is what `chat:` takes in a query."""

    value: str
    title: str | None = Field(default=None, description="of a chat")
    count: int


class SearchAnswer(Payload):
    """A page of an answer."""

    query: str = Field(description="as it was understood")
    total: int = Field(description="how many have all that was asked; if none, some of it")
    full: bool = Field(description="whether the total counts those that have all of it")
    kind: str | None
    sort: str
    mode: str = Field(description="what it was answered by: words, meaning or both")
    page: int
    notices: list[Notice]
    did_you_mean: list[str] = Field(description="queries that may have been meant")
    tabs: dict[str, int] = Field(description="how many there are of each kind")
    facets: dict[str, list[FacetCount]] = Field(description="chat, lang, month")
    hits: list[Hit]
    next: str | None = Field(description="give it as page= for the next page")
    previous: str | None


class Mark(Payload):
    """A marked stretch of a text, [start, end) in code points."""

    kind: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None


class MediaFile(Payload):
    """A picture, video, sound or file of a post."""

    kind: str
    id: int = Field(description="the album item's own number, else the post's")
    file_name: str | None
    mime: str | None
    bytes: int | None
    duration_s: int | None
    width: int | None
    height: int | None
    performer: str | None
    title: str | None
    spoiler: bool
    picture: Cover | None = Field(description="the kept copy of the picture or of its preview")
    thumb: Cover | None


class ReactionCount(Payload):
    """How many people reacted with a sign."""

    emoji: str
    count: int


class PollChoice(Payload):
    """An answer of a poll."""

    text: str
    voters: int | None
    percent: int | None


class Poll(Payload):
    """A poll."""

    question: str
    answers: list[PollChoice]
    total_voters: int | None
    closed: bool


class PostAnswer(Payload):
    """A post. A veiled one has no text, marks, media and poll."""

    hit: Hit
    text: str
    marks: list[Mark]
    author: str | None
    edited: bool
    edited_at: str | None
    revisions: int = Field(description="how many earlier wordings the archive has")
    forwards: int | None
    replies: int | None
    reactions: list[ReactionCount]
    media: list[MediaFile]
    album: list[int] = Field(description="the numbers of the messages that are this post")
    poll: Poll | None
    forwarded_from: str | None = Field(description="name of whom it was forwarded from")
    origin: Hit | None = Field(description="the post it was forwarded from, if it is here")
    reply_to: Hit | None = Field(description="the post it answers, if it is here")
    newer: Hit | None
    older: Hit | None
    cluster: str | None = Field(
        description="the first of the posts that say the same, as chat/id; null: it is alone"
    )
    copies: int = Field(description="how many others say the same; see /copies")


class Difference(Payload):
    """A stretch of a copy; of the origin, where it was removed."""

    change: Literal["equal", "added", "removed"]
    text: str


class CopyOfPost(Payload):
    """A post that says the same. A veiled one has no differences."""

    hit: Hit
    origin: bool = Field(description="whether it was first")
    delay_s: int | None = Field(
        description="after the origin; null for it, and where a time is not sure"
    )
    forwarded: bool
    differences: list[Difference] = Field(description="from the origin; empty for it")


class CopiesAnswer(Payload):
    """Posts that say the same as one, in order of time, itself among them."""

    cluster: str | None = Field(description="its first post, as chat/id; null: there are no copies")
    chats: int = Field(description="how many published it")
    outside: str | None = Field(description="the origin, where the archive does not have it")
    copies: list[CopyOfPost]


class StoryRow(Payload):
    """A story: posts of several chats about one event."""

    id: int = Field(description="stays as the story grows; one that was taken in leads on")
    title: str = Field(description="of its most central post, `post`")
    post: Hit
    chats: list[str] = Field(description="who took part independently, in order of time")
    posts: int = Field(description="how many, one for all that say the same")
    first_at: str
    last_at: str
    url: str


class StoryPost(Payload):
    """A post of a story. copies: how many more say the same."""

    hit: Hit
    copies: int


class StoryAnswer(Payload):
    """A story with its posts in order of time."""

    story: StoryRow
    posts: list[StoryPost]
    copying: list[str] = Field(description="chats that only copied")
    left_out: int = Field(description="how many of the middle of a very long story are left out")


class StoryList(Payload):
    """Current stories, those first that most chats tell of now."""

    stories: list[StoryRow]
    next_offset: int | None = Field(description="give it as offset= for the next page")


class RelatedAnswer(Payload):
    """Posts that are about the same, or chats that write about the same, with reasons."""

    related: list[Hit]


class ChatAnswer(Payload):
    """A channel, group or bot."""

    chat: str
    kind: str
    title: str
    username: str | None
    former_usernames: list[str]
    description: str
    members: int | None
    verified: bool
    sensitive: bool
    posts: int
    last_post_at: str | None
    picture: Cover | None
    url: str
    telegram_url: str | None


class ChatPosts(Payload):
    """A page of a chat's posts, newest first."""

    chat: str
    kind: str | None
    posts: list[Hit]
    next: str | None = Field(description="give it as page= for the next page")


class ChatList(Payload):
    """A page of chats."""

    chats: list[ChatAnswer]
    next_offset: int | None = Field(description="give it as offset= for the next page")


class SuggestedText(Payload):
    """Something to go on with."""

    kind: Literal["group", "channel", "bot", "person", "unknown", "popular", "tag", "post", "file"]
    text: str
    query: str = Field(description="what to search for when it is chosen")
    url: str = Field(description="where choosing it leads: a chat's page, else an answer's")
    chat: str | None = Field(description="of a group, channel or bot")
    members: int | None = Field(default=None, description="of a chat")


class SuggestAnswer(Payload):
    """What may be meant by what was typed so far, the likeliest first."""

    query: str
    suggestions: list[SuggestedText]


class ProblemText(Payload):
    """What went wrong."""

    code: Literal[
        "bad_input",
        "refused",
        "not_found",
        "method_not_allowed",
        "gone",
        "too_large",
        "too_long",
        "too_many_requests",
        "internal",
        "unavailable",
        "error",
    ]
    message: str


class Problem(Payload):
    """Every answer with a status of 400 and more."""

    error: ProblemText


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "It can't be answered; the message says why."},
    "5XX": {"model": Problem, "description": "It can't be answered now."},
}
"""For the description of every route."""
