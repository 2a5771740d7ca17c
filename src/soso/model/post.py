"""A post: what someone published in a chat, at a time."""

from datetime import datetime
from enum import StrEnum

from soso.model.ids import ChatKey, Peer, PostKey
from soso.model.media import Media
from soso.model.value import Value


class EntityKind(StrEnum):
    """What a stretch of a post's text is."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKE = "strike"
    SPOILER = "spoiler"
    CODE = "code"
    PRE = "pre"
    QUOTE = "quote"
    LINK = "link"  # the text itself is the address
    TEXT_LINK = "text_link"  # the address is in url
    MENTION = "mention"
    MENTION_NAME = "mention_name"  # a person without a username, in peer
    HASHTAG = "hashtag"
    CASHTAG = "cashtag"
    COMMAND = "command"
    EMAIL = "email"
    PHONE = "phone"
    BANK_CARD = "bank_card"
    CUSTOM_EMOJI = "custom_emoji"
    HEADING = "heading"


class Entity(Value):
    """A marked stretch of text; [start, end) in code points of Post.text."""

    kind: EntityKind
    start: int
    end: int
    url: str | None = None
    language: str | None = None
    peer: Peer | None = None


class Forward(Value):
    """Where a forwarded post came from; all may be hidden."""

    name: str | None = None
    peer: Peer | None = None
    username: str | None = None
    post_id: int | None = None
    author: str | None = None
    at: datetime | None = None


class Reply(Value):
    """What a post answers; peer and username only when it stands in another chat."""

    post_id: int
    peer: Peer | None = None
    username: str | None = None
    author: str | None = None
    text: str | None = None


class Reaction(Value):
    """How many people reacted with one sign; "⭐" stands for paid ones."""

    emoji: str
    count: int


class PollAnswer(Value):
    """One answer; votes as a number or as the percentage a preview page shows."""

    text: str
    voters: int | None = None
    percent: int | None = None


class Poll(Value):
    """A question with answers; also a to-do list, whose items have no votes."""

    question: str
    answers: tuple[PollAnswer, ...] = ()
    total_voters: int | None = None
    closed: bool = False


class Location(Value):
    """A point on the map; title and address for venues."""

    latitude: float
    longitude: float
    title: str | None = None
    address: str | None = None


class LinkPreview(Value):
    """What Telegram shows of a page that the post links to."""

    url: str
    site: str | None = None
    title: str | None = None
    description: str | None = None


class Button(Value):
    """A button under a post that opens an address."""

    text: str
    url: str


class Service(Value):
    """Something that happened in the chat rather than a thing somebody wrote."""

    action: str  # the source's own name for it
    raw: str | None = None  # the source's own fields, as JSON


class Post(Value):
    """A post as a source tells it, of one chat; see StoredPost for what the archive adds.

    at, edited_at: aware, UTC. at_certain is False where the source gave local time without a zone.
    text: as published; entities point into it and are sorted by start.
    views, forwards, replies: None where the source can't see them; views may be rounded.
    author: the signature in a channel, the sender's name in a group; author_peer the sender.
    album: the ids that were merged into this post, its own (the lowest) first; empty otherwise.
    second_hand: the text is as somebody else renders it (a feed); see rule 9 of model/merge.py.
    """

    id: int
    at: datetime
    at_certain: bool = True
    edited: bool = False
    edited_at: datetime | None = None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    author: str | None = None
    author_peer: Peer | None = None
    via_bot: str | None = None
    views: int | None = None
    views_exact: bool = True
    forwards: int | None = None
    replies: int | None = None
    reactions: tuple[Reaction, ...] = ()
    forward: Forward | None = None
    reply: Reply | None = None
    topic_id: int | None = None
    album: tuple[int, ...] = ()
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    location: Location | None = None
    previews: tuple[LinkPreview, ...] = ()
    buttons: tuple[Button, ...] = ()
    service: Service | None = None
    second_hand: bool = False


class Revision(Value):
    """What a post said before an edit."""

    text: str
    replaced_at: datetime  # when we saw that it had changed
    entities: tuple[Entity, ...] = ()
    edited_at: datetime | None = None


class StoredPost(Value):
    """A post in the archive.

    observed_at: when a source last saw the post alive.
    version_at: when the text that is kept was true, as model/merge.py orders versions; None in
      posts made by hand: then it follows from the post and observed_at.
    told_views, told_reactions: the numbers when the index was last told of the post.
    buried_at: when it was seen to be deleted; its text stays for the record but is shown to nobody.
    hidden: a decision of the operator keeps it out of every door.
    sensitive: by mark or word list; hidden unless the reader asks for it.
    """

    key: PostKey
    chat: ChatKey
    post: Post
    observed_at: datetime
    first_seen_at: datetime
    version_at: datetime | None = None
    told_views: int | None = None
    told_reactions: int | None = None
    revisions: int = 0
    buried_at: datetime | None = None
    hidden: bool = False
    sensitive: bool = False
