"""A post or a chat becomes a document.

Knows what goes into which field; must not know how text is cut (text/) or how an engine keeps it.
This is the hot path of imports: a text is folded once for words and once for characters.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Final

import msgspec

from soso.model.chat import Chat, ChatKind
from soso.model.ids import chat_doc, post_doc
from soso.model.media import MediaKind
from soso.model.post import EntityKind, Post, StoredPost
from soso.model.visibility import is_listed, is_post_shown, is_sensitive
from soso.schema import fields
from soso.schema.bonds import find_bonds
from soso.schema.document import Document
from soso.text.analyzers import BOUNDARY, Analyzers
from soso.text.entities import find_tags, has_link
from soso.text.names import chat_names, file_names, letters_of
from soso.text.script import UNKNOWN, detect_language
from soso.text.title import make_title, media_name

SENSITIVE: Final = "sensitive"
SPOKEN: Final = 12
"""Characters of a title that pinyin finds: names are short, and nobody types a headline so. The
whole of a title of 30 makes the index larger by 0.45 of the raw text, this by 0.17."""

_LEAST_LETTERS: Final = 2
_LARGEST: Final = 2**63 - 1
_ORDER_BITS: Final = 30
_MOST_SECONDS: Final = 2 ** (63 - _ORDER_BITS) - 1

_MEDIA_KINDS: Final = {
    MediaKind.PHOTO: "photo",
    MediaKind.VIDEO: "video",
    MediaKind.ANIMATION: "video",
    MediaKind.ROUND_VIDEO: "video",
    MediaKind.AUDIO: "audio",
    MediaKind.VOICE: "audio",
    MediaKind.FILE: "file",
}
_CHAT_KINDS: Final = (ChatKind.CHANNEL, ChatKind.GROUP, ChatKind.BOT)
_WITHHELD: Final = (EntityKind.PHONE, EntityKind.BANK_CARD)
_GAP: Final = "\x1f"  # a control character: foreign text that has it gets a space instead


def build_document(
    stored: StoredPost, chat: Chat, analyzers: Analyzers, *, zone: tzinfo
) -> Document:
    """Return the document of a post. zone: in which months are counted. Raises nothing.

    Telephone and bank card numbers that Telegram marks as such are in no field.
    """
    post = _without_numbers(stored.post)
    names = [media.file_name for media in post.media if media.file_name]
    tags = find_tags(post)
    title = make_title(post, chat.title).text
    parts = _Parts(analyzers)
    for text in _texts(post):
        parts.add(text)
    at_s = int(post.at.timestamp())
    doc = post_doc(stored.key)
    kinds = kinds_of_post(post)
    chat_words, chat_pinyin = _chat_terms(analyzers, chat.title)
    spoken = (title[:SPOKEN], *tags, *names)
    sounds = _joined([*(analyzers.pinyin(text) for text in spoken), chat_pinyin])
    return Document(
        doc=doc,
        terms=_filled(
            {
                fields.WORDS: parts.words,
                fields.TITLE: analyzers.words(title),
                fields.CHAT_TITLE: chat_words,
                fields.NAMES: [term for name in (*names, *tags) for term in analyzers.words(name)],
                fields.CHARS: parts.chars,
                fields.BIGRAMS: parts.bigrams,
                fields.PINYIN: sounds,
                fields.INITIALS: [sound[0] for sound in sounds],
            }
        ),
        keywords=_filled(
            {
                fields.KIND: kinds,
                fields.CHAT: (str(chat.key),),
                fields.CHAT_KIND: (chat.kind.value,),
                fields.LANG: _language(post.text or title),
                fields.MONTH: (_month(post.at, zone),),
                fields.HAS: _has(post, kinds),
                fields.FROM: _keywords(analyzers, _senders(post)),
                fields.TAG: _keywords(analyzers, tags),
                fields.NAME: _names(analyzers, (way for name in names for way in file_names(name))),
                fields.FLAG: (SENSITIVE,) if is_sensitive(chat, stored) else (),
                fields.BOND: [bond.term for bond in find_bonds(post)],
            }
        ),
        numbers={
            fields.ORDER: order_of(at_s, doc),
            fields.AT: _number(at_s),
            fields.AUDIENCE: _number(post.views),
            fields.REACTIONS: _number(sum(reaction.count for reaction in post.reactions)),
        },
    )


def build_chat_document(
    chat: Chat,
    analyzers: Analyzers,
    *,
    zone: tzinfo,
    posts: int,
    last_post_at: datetime | None,
) -> Document:
    """Return the document of a chat. Raises nothing.

    last_post_at: its place in time; a chat without posts stands at the beginning.
    posts: how many are shown; no field holds it yet.
    """
    usernames = [name.name for name in chat.usernames]
    if chat.username:
        usernames.append(chat.username)
    parts = _Parts(analyzers)
    for text in (chat.title, chat.description, *dict.fromkeys(usernames)):
        parts.add(text)
    chat_words, chat_pinyin = _chat_terms(analyzers, chat.title)
    at_s = int(last_post_at.timestamp()) if last_post_at is not None else 0
    doc = chat_doc(chat.key)
    return Document(
        doc=doc,
        terms=_filled(
            {
                fields.WORDS: parts.words,
                fields.TITLE: chat_words,
                fields.NAMES: [term for name in usernames for term in analyzers.words(name)],
                fields.CHARS: parts.chars,
                fields.BIGRAMS: parts.bigrams,
                fields.PINYIN: chat_pinyin,
                fields.INITIALS: [sound[0] for sound in chat_pinyin],
            }
        ),
        keywords=_filled(
            {
                fields.KIND: kinds_of_chat(chat),
                fields.CHAT: (str(chat.key),),
                fields.CHAT_KIND: (chat.kind.value,),
                fields.LANG: _language(f"{chat.title}\n{chat.description}"),
                fields.MONTH: (_month(last_post_at, zone),) if last_post_at is not None else (),
                fields.NAME: _names(analyzers, (*usernames, *chat_names(chat.title))),
                fields.FLAG: (SENSITIVE,) if chat.sensitive else (),
            }
        ),
        numbers={
            fields.ORDER: order_of(at_s, doc),
            fields.AT: _number(at_s),
            fields.AUDIENCE: _number(chat.members),
        },
    )


def read_post(stored: StoredPost) -> str:
    """Return what there is to read of a post, as one text: what an embedder is given.

    Telephone and bank card numbers that Telegram marks as such are left out.
    """
    post = _without_numbers(stored.post)
    texts = [*post.text.split(_GAP), *map(media_name, post.media), *_beside_media(post)]
    return _to_read(texts)


def read_chat(chat: Chat) -> str:
    """Return what there is to read of a chat: its title and what it says of itself."""
    return _to_read((chat.title, chat.description))


def _to_read(texts: Iterable[str]) -> str:
    """The texts as one; a row of dots or one letter lies near to every query, and is none."""
    whole = "\n".join(dict.fromkeys(text for text in map(str.strip, texts) if text))
    return whole if sum(map(str.isalnum, whole)) >= _LEAST_LETTERS else ""


def is_indexed(stored: StoredPost, chat: Chat) -> bool:
    """Whether a post stands in the index: it may be listed and there is something to find."""
    post = stored.post
    if post.service is not None:  # the name of a new chat is no post of it
        return False
    content = post.text.strip() or post.media or post.poll or post.location or post.previews
    return is_listed(chat) and is_post_shown(stored) and bool(content)


def kinds_of_post(post: Post) -> tuple[str, ...]:
    """Return "post" and what else a reader looks for it as: video photo audio file link poll."""
    kinds = {"post": None}
    kinds |= {_MEDIA_KINDS[media.kind]: None for media in post.media if media.kind in _MEDIA_KINDS}
    if has_link(post):
        kinds["link"] = None
    if post.poll is not None:
        kinds["poll"] = None
    return tuple(kinds)


def kinds_of_chat(chat: Chat) -> tuple[str, ...]:
    """Return channel, group or bot; nothing for chats that are none of these."""
    return (chat.kind.value,) if chat.kind in _CHAT_KINDS else ()


def order_of(at_s: int, key: int) -> int:
    """Return a number that rises with time and, within a second, with key.

    at_s: Unix seconds; key: the document's id, of which the lowest 30 bits count.
    """
    seconds = min(max(at_s, 0), _MOST_SECONDS)
    return (seconds << _ORDER_BITS) | (key & ((1 << _ORDER_BITS) - 1))


class _Parts:
    """The texts of a document, each in once; a boundary keeps phrases from reaching over two."""

    def __init__(self, analyzers: Analyzers) -> None:
        self.words: list[str] = []
        self.chars: list[str] = []
        self.bigrams: list[str] = []
        self._analyzers = analyzers
        self._seen: list[str] = []

    def add(self, text: str) -> None:
        """Add a text unless one before it says the same."""
        if not text:
            return
        chars, bigrams = self._analyzers.chars_and_bigrams(text)
        row = "".join(chars)
        if not row or any(row in seen for seen in self._seen):
            return
        self._seen.append(row)
        self.words += self._analyzers.words(text)
        if self.chars:
            self.chars.append(BOUNDARY)
        self.chars += chars
        self.bigrams += bigrams


def _without_numbers(post: Post) -> Post:
    """The post with a boundary in place of telephone and bank card numbers, lengths as before."""
    text = post.text.replace(_GAP, " ")
    for entity in post.entities:
        if entity.kind in _WITHHELD and 0 <= entity.start < entity.end:
            end = min(entity.end, len(text))
            text = text[: entity.start] + _GAP * (end - entity.start) + text[end:]
    return post if text == post.text else msgspec.structs.replace(post, text=text)


def _texts(post: Post) -> Iterator[str]:
    yield from post.text.split(_GAP)
    for media in post.media:
        yield from filter(None, (media.file_name, media.performer, media.title))
    yield from _beside_media(post)


def _beside_media(post: Post) -> Iterator[str]:
    if post.poll is not None:
        yield post.poll.question
        yield from (answer.text for answer in post.poll.answers)
    yield from (preview.title for preview in post.previews if preview.title)
    if post.location is not None and post.location.title:
        yield post.location.title


def _has(post: Post, kinds: Sequence[str]) -> tuple[str, ...]:
    found = [kind for kind in kinds if kind != "post"]
    if post.location is not None:
        found.append("location")
    if post.forward is not None:
        found.append("forward")
    return tuple(found)


def _senders(post: Post) -> Iterator[str]:
    if post.author:
        yield post.author
    if post.author_peer is not None:
        yield post.author_peer.ref
    if post.via_bot:
        yield post.via_bot


@lru_cache(maxsize=1_024)
def _chat_terms(analyzers: Analyzers, title: str) -> tuple[Sequence[str], Sequence[str]]:
    """Words and pinyin of a chat's title: the same for all its posts."""
    return tuple(analyzers.words(title)), tuple(analyzers.pinyin(title))


def _joined(rows: Iterable[Sequence[str]]) -> list[str]:
    found: list[str] = []
    for row in rows:
        if row:
            found += [BOUNDARY, *row] if found else row
    return found


def _keywords(analyzers: Analyzers, values: Iterable[str]) -> tuple[str, ...]:
    folded = (analyzers.keyword(value) for value in values)
    return tuple(dict.fromkeys(value for value in folded if value))


def _names(analyzers: Analyzers, names: Iterable[str]) -> tuple[str, ...]:
    """Names as they are compared: folded, and as letters alone, without emoji, dots and blanks."""
    folded = _keywords(analyzers, names)
    return tuple(dict.fromkeys(filter(None, (*folded, *map(letters_of, folded)))))


def _language(text: str) -> tuple[str, ...]:
    language = detect_language(text)
    return () if language == UNKNOWN else (language,)


def _month(at: datetime, zone: tzinfo) -> str:
    try:
        local = at.astimezone(zone)
    except (OverflowError, ValueError):  # the first and the last day that datetime knows
        local = at
    return f"{local.year:04d}-{local.month:02d}"


def _number(value: int | None) -> int:
    return min(max(value or 0, 0), _LARGEST)


def _filled(found: dict[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: value for name, value in found.items() if value}
