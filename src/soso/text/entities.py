"""Hashtags, cashtags, mentions and links, where a source gave none.

Knows how Telegram reads them in plain text; must not know what is made of them.
Rules as in Telegram's own clients: a hashtag does not begin in the middle of a word and is not all
digits; a link in Chinese text ends at Chinese punctuation.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from soso.model.post import Entity, EntityKind, Post

LONGEST_TAG: Final = 256
MOST: Final = 200
"""Of one text; Telegram itself allows 100 entities."""

_LONGEST_LINK: Final = 2_000
_HASHTAG: Final = re.compile(r"(?<![\w#＃])[#＃]((?:\w|[\u00b7\u200c])+)(?:@[A-Za-z]\w{2,31}\b)?")
_CASHTAG: Final = re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![A-Za-z0-9_])")
_MENTION: Final = re.compile(r"(?<![\w@./])@([A-Za-z]\w{2,31})(?!\w)", re.ASCII)
_TOP: Final = (  # endings of bare addresses; short English words are left out (done.it, works.in)
    "com|net|org|info|biz|io|me|cn|hk|tw|mo|jp|kr|ru|ua|de|fr|uk|eu|vn|th|my|sg|au|ca|br|es|nl|tv|cc|app|dev"
    "|xyz|top|vip|club|site|online|shop|ai|co|gg|ly|ws|sh|edu|gov|icu|moe"
)
_LINK: Final = re.compile(
    rf"""(?<![A-Za-z0-9_@.])(?:  # Chinese may stand right before a link
        (?:https?|tg)://[^\s<>"'，。；：！？、）】》」』”’（【《「『“]{{1,{_LONGEST_LINK}}}
        | youtu\.be/[\w-]+
        | (?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.){{1,5}}(?:{_TOP})(?![a-z0-9_-])(?:\:\d{{2,5}})?
          (?:[/?\#][^\s<>"'，。；：！？、）】》」』”’（【《「『“]{{0,{_LONGEST_LINK}}})?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGN: Final = re.compile(r"[.#＃$@]|://")
"""Without one of these there is no entity."""

_TRAILING: Final = ".,;:!?'\"…*_~|"
_OPENING: Final = {")": "(", "]": "[", "}": "{"}


@lru_cache(maxsize=16)  # one post is asked for its tags, its links and its bonds
def find_entities(text: str) -> tuple[Entity, ...]:
    """Return the entities that can be read off plain text, sorted, disjoint; at most MOST.

    Inside a link nothing else is read. Raises nothing. O(len(text)).
    """
    if _SIGN.search(text) is None:
        return ()
    found: list[Entity] = []
    if "." in text or "://" in text:
        found += _links(text)
    taken = [(entity.start, entity.end) for entity in found]
    for sign, kind, pattern in (
        ("#＃", EntityKind.HASHTAG, _HASHTAG),
        ("$", EntityKind.CASHTAG, _CASHTAG),
        ("@", EntityKind.MENTION, _MENTION),
    ):
        if any(one in text for one in sign):
            for match in islice(pattern.finditer(text), MOST):
                if kind is not EntityKind.HASHTAG or _is_tag(match[1]):
                    found.append(Entity(kind=kind, start=match.start(), end=match.end()))
    found.sort(key=lambda entity: (entity.start, -entity.end))
    return tuple(_disjoint(found, taken))[:MOST]


def find_tags(post: Post) -> list[str]:
    """Return the post's hashtags and cashtags as written, without their sign, each once.

    Of the entities, or read off the text if the source gave none at all.
    """
    found: dict[str, str] = {}
    for entity in entities_of(post):
        if entity.kind in (EntityKind.HASHTAG, EntityKind.CASHTAG):
            written = post.text[max(entity.start, 0) : max(entity.end, 0)].lstrip("#＃$ ")
            tag = written.split("@")[0].strip()
            if 0 < len(tag) <= LONGEST_TAG:
                found.setdefault(tag.casefold(), tag)
    return list(found.values())


def find_links(post: Post) -> list[str]:
    """Return the web addresses a post names: in its text, behind its words, in its previews.

    Each once, in order; those without a scheme get https. Other schemes are left out.
    """
    found: dict[str, None] = {}
    for entity in entities_of(post):
        if entity.kind is EntityKind.TEXT_LINK:
            found[entity.url or ""] = None
        elif entity.kind is EntityKind.LINK:
            found[entity.url or post.text[max(entity.start, 0) : max(entity.end, 0)]] = None
    found.update(dict.fromkeys(preview.url for preview in post.previews))
    addresses = (_address(link.strip()) for link in found)
    return list(dict.fromkeys(address for address in addresses if address))


def has_link(post: Post) -> bool:
    """Whether a post links somewhere; a mention is no link."""
    kinds = (EntityKind.LINK, EntityKind.TEXT_LINK)
    return bool(post.previews) or any(entity.kind in kinds for entity in entities_of(post))


def entities_of(post: Post) -> tuple[Entity, ...]:
    """Return the post's entities, read off its text if the source gave none at all."""
    return post.entities or find_entities(post.text)


def _links(text: str) -> Iterator[Entity]:
    for match in islice(_LINK.finditer(text), MOST):
        end = match.start() + len(_trimmed(match[0]))
        yield Entity(kind=EntityKind.LINK, start=match.start(), end=end)


def _trimmed(link: str) -> str:
    """Punctuation at the end belongs to the sentence; a bracket only if it was opened inside."""
    while link:
        last = link[-1]
        if last in _TRAILING or (
            last in _OPENING and link.count(last) > link.count(_OPENING[last])
        ):
            link = link[:-1]
        else:
            break
    return link


def _is_tag(word: str) -> bool:
    return (
        len(word) <= LONGEST_TAG and not word.replace("_", "").isdigit() and word.strip("_·") != ""
    )


def _disjoint(entities: list[Entity], links: list[tuple[int, int]]) -> Iterator[Entity]:
    end = 0
    for entity in entities:
        inside = any(start <= entity.start < stop for start, stop in links)
        if entity.start >= end and (entity.kind is EntityKind.LINK or not inside):
            yield entity
            end = entity.end


def _address(link: str) -> str | None:
    scheme, colon, _ = link.partition("://")
    if not colon:
        plain = bool(link) and ":" not in link.split("/")[0] and "." in link
        return f"https://{link}" if plain else None
    return link if scheme.lower() in ("http", "https", "tg") else None
