"""Posts become what stories are found by: the terms of their titles and first sentences.

Knows the order of steps from a stored post to a telling. Must not know how stories come of them
(similarity/stories.py).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from zlib import crc32

from soso.model.chat import Chat
from soso.model.ids import ChatKey, DocId, PostKey, doc_key, post_doc
from soso.model.post import Post, StoredPost
from soso.ports.clusters import Dressing
from soso.ports.store import Store
from soso.schema.build import is_indexed
from soso.similarity.segments import find_boilerplate
from soso.similarity.signature import strip_signature
from soso.similarity.tellings import LEAD, REST, TITLE, Telling, pack_terms
from soso.text.analyzers import Analyzers
from soso.text.title import make_title

READ: Final = 1_200
"""Of a long post so many characters are read; what happened stands there."""

LEAD_LENGTH: Final = 200
REST_LENGTH: Final = 400

_ADDRESS: Final = re.compile(r"https?://\S+|(?:t\.me|telegram\.me)/\S+|@\w+", re.ASCII)


def take_gists(
    store: Store, analyzers: Analyzers, keys: Sequence[PostKey]
) -> dict[PostKey, Telling]:
    """Return the tellings of those of the posts that may stand in a list and have words.

    Raises Unavailable.
    """
    posts = store.get_posts(keys)
    chats = store.get_chats([*{stored.chat for stored in posts}])
    dressings = store.find_dressings(chats.keys())
    heads = store.clusters_of([post_doc(stored.key) for stored in posts])
    found = (
        _telling(stored, chats[stored.chat], analyzers, dressings, heads)
        for stored in posts
        if stored.chat in chats and is_indexed(stored, chats[stored.chat])
    )
    return {telling.key: telling for telling in found if telling.terms}


def _telling(
    stored: StoredPost,
    chat: Chat,
    analyzers: Analyzers,
    dressings: Mapping[ChatKey, Dressing],
    heads: Mapping[DocId, DocId],
) -> Telling:
    dressing = dressings.get(stored.chat)
    doc = post_doc(stored.key)
    parts = read_gist(stored.post, chat, dressing.marks if dressing is not None else frozenset())
    return Telling(
        key=stored.key,
        chat=stored.chat,
        # A post dated ahead must not end all stories that are open.
        at_s=int(min(stored.post.at, stored.first_seen_at).timestamp()),
        tie=crc32(f"{chat.ref}/{stored.post.id}".encode()),
        cluster=doc_key(heads.get(doc, doc)),
        terms=pack_terms((_words(analyzers, text), halves) for text, halves in parts),
    )


def read_gist(post: Post, chat: Chat, marks: frozenset[int]) -> Iterator[tuple[str, int]]:
    """Yield a post's title, the beginning of its text and some of the rest, and what each counts.

    marks: what the chat puts under or over most posts, which is left out.
    """
    title = make_title(post, chat.title)
    names = [chat.username or "", *(name.name for name in chat.usernames)]
    text = post.text[:READ]
    if marks:
        for start, end in reversed(find_boilerplate(post, marks)):
            if start < READ:
                text = text[:start] + " " * (min(end, READ) - start) + text[end:]
    if title.start is not None and title.end is not None and title.end <= len(text):
        yield text[title.start : title.end], TITLE
        text = text[: title.start] + " " + text[title.end :]
    else:
        yield title.text, TITLE
    text = strip_signature(text, names).strip()
    yield text[:LEAD_LENGTH], LEAD
    yield text[LEAD_LENGTH : LEAD_LENGTH + REST_LENGTH], REST


def _words(analyzers: Analyzers, text: str) -> list[str]:
    words = analyzers.words(_ADDRESS.sub(" ", text))
    return [word for word in words if not analyzers.is_stop(word)]
