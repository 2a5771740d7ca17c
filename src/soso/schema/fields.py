"""The fields of the index.

Terms fields hold analyzed terms, joined by spaces and split on white space by the engine, so that
every engine gives the same hits (law d). Keyword fields hold whole values. Number fields are
unsigned 63-bit integers.
"""

from enum import StrEnum
from typing import Final

from soso.model.value import Value


class Indexing(StrEnum):
    """How much of a terms field is kept."""

    POSITIONS = "positions"  # phrases work
    FREQUENCIES = "frequencies"  # enough for ranking
    PRESENCE = "presence"  # enough for filters


class FieldType(StrEnum):
    """What a field holds."""

    TERMS = "terms"
    KEYWORD = "keyword"  # many values allowed
    NUMBER = "number"  # one value


class Field(Value):
    """A field: its name, type, and for terms how much is kept; facet: counted by engines."""

    name: str
    type: FieldType
    indexing: Indexing = Indexing.FREQUENCIES
    facet: bool = False


DOC: Final = "doc"  # DocId: the key of a document
ORDER: Final = "order"  # unique and rising with time; see schema.build.order_of
AT: Final = "at"  # Unix seconds
AUDIENCE: Final = "audience"  # views of a post, members of a chat
REACTIONS: Final = "reactions"

WORDS: Final = "words"  # a post's text and file names, a chat's title and description
TITLE: Final = "title"  # words of the title alone, a bonus over WORDS
CHAT_TITLE: Final = "chat_title"  # words of the title of the chat that a post stands in
NAMES: Final = "names"  # words of file names, tags and usernames
CHARS: Final = "chars"  # single characters of all that WORDS, TITLE and NAMES hold
BIGRAMS: Final = "bigrams"  # pairs of neighbouring characters of the same
PINYIN: Final = "pinyin"  # syllables of the title, chat name, tags and file names
INITIALS: Final = "initials"  # their first letters

KIND: Final = "kind"  # channel group bot post video photo audio file link poll
CHAT: Final = "chat"  # the chat's key
CHAT_KIND: Final = "chat_kind"
LANG: Final = "lang"
MONTH: Final = "month"  # 2026-11, in the archive's zone
HAS: Final = "has"
FROM: Final = "from"  # folded name of the author, and its ref
TAG: Final = "tag"  # folded, without #
NAME: Final = "name"  # folded usernames, titles of chats, file names, whole
FLAG: Final = "flag"  # "sensitive"
BOND: Final = "bond"  # what ties a post to others beside words; schema/bonds.py has the terms

SCHEMA: Final[tuple[Field, ...]] = (
    Field(name=DOC, type=FieldType.NUMBER),
    Field(name=ORDER, type=FieldType.NUMBER),
    Field(name=AT, type=FieldType.NUMBER),
    Field(name=AUDIENCE, type=FieldType.NUMBER),
    Field(name=REACTIONS, type=FieldType.NUMBER),
    Field(name=WORDS, type=FieldType.TERMS, indexing=Indexing.POSITIONS),
    Field(name=TITLE, type=FieldType.TERMS),
    Field(name=CHAT_TITLE, type=FieldType.TERMS),
    Field(name=NAMES, type=FieldType.TERMS),
    Field(name=CHARS, type=FieldType.TERMS, indexing=Indexing.POSITIONS),
    Field(name=BIGRAMS, type=FieldType.TERMS),
    Field(name=PINYIN, type=FieldType.TERMS, indexing=Indexing.POSITIONS),
    Field(name=INITIALS, type=FieldType.TERMS, indexing=Indexing.POSITIONS),
    Field(name=KIND, type=FieldType.KEYWORD, facet=True),
    Field(name=CHAT, type=FieldType.KEYWORD, facet=True),
    Field(name=CHAT_KIND, type=FieldType.KEYWORD),
    Field(name=LANG, type=FieldType.KEYWORD, facet=True),
    Field(name=MONTH, type=FieldType.KEYWORD, facet=True),
    Field(name=HAS, type=FieldType.KEYWORD),
    Field(name=FROM, type=FieldType.KEYWORD),
    Field(name=TAG, type=FieldType.KEYWORD),
    Field(name=NAME, type=FieldType.KEYWORD),
    Field(name=FLAG, type=FieldType.KEYWORD),
    Field(name=BOND, type=FieldType.KEYWORD),
)

BY_NAME: Final = {field.name: field for field in SCHEMA}
