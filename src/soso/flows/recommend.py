"""Related posts: what shares a post's telling terms, without its copies, from several chats."""

from typing import Final, NamedTuple

import msgspec

from soso.flows.lay_out import CardMaker
from soso.model.chat import Chat
from soso.model.errors import NotFound
from soso.model.ids import post_doc
from soso.model.post import Post, StoredPost
from soso.ports.engine import Engine
from soso.ports.store import Store
from soso.query.clauses import Not, OneOf
from soso.query.plan_types import Filter
from soso.query.results import Card
from soso.schema import fields
from soso.similarity.copies import print_of
from soso.similarity.related import Candidate, choose
from soso.similarity.signature import strip_signature
from soso.similarity.telling import alike_plan, telling_terms
from soso.text.analyzers import Analyzers
from soso.text.title import make_title

CANDIDATES: Final = 60
LONGEST: Final = 2_000
"""Of a long post the first characters are asked for; its subject stands there."""


class Recommending(NamedTuple):
    """What recommending needs."""

    store: Store
    engine: Engine
    analyzers: Analyzers


def recommend(
    stored: StoredPost, needs: Recommending, *, limit: int, sensitive: bool
) -> tuple[Card, ...]:
    """Return at most limit related posts, the nearest first. Raises Unavailable, NotFound."""
    chat = needs.store.get_chats([stored.chat]).get(stored.chat)
    if chat is None:
        raise NotFound("the chat of this post is gone")
    text = _own_text(stored.post, chat)
    title = make_title(stored.post, chat.title)
    analyzers = needs.analyzers
    words = [term for term in analyzers.words(text) if not analyzers.is_stop(term)]
    terms = telling_terms(
        words or analyzers.words(title.text),
        analyzers.words(title.text),
        needs.engine.doc_freqs,
        documents=needs.engine.status().documents,
    )
    plan = alike_plan(terms, filters=_filters(sensitive), limit=max(CANDIDATES, limit * 4))
    if plan is None:
        return ()
    hits = [hit for hit in needs.engine.search(plan).hits if hit.doc != post_doc(stored.key)]
    cards = CardMaker(needs.store, analyzers, sensitive=sensitive)
    posts = cards.find_posts([hit.doc for hit in hits])
    candidates = [
        Candidate(
            key=post.key,
            chat=post.chat,
            score=hit.score,
            print=print_of(analyzers.chars(_own_text(post.post, where))),
        )
        for hit in hits
        if (found := posts.get(hit.doc)) is not None
        for post, where in (found,)
    ]
    chosen = choose(print_of(analyzers.chars(text)), candidates, limit=limit)
    return tuple(
        msgspec.structs.replace(cards.of_post(*posts[post_doc(one.key)]), score=round(one.score, 4))
        for one in chosen
    )


def _filters(sensitive: bool) -> list[Filter]:
    posts = OneOf(field=fields.KIND, terms=("post",))
    filters = [Filter(field=fields.KIND, clause=posts)]
    if not sensitive:
        hidden = OneOf(field=fields.FLAG, terms=("sensitive",))
        filters.append(Filter(field=fields.FLAG, clause=Not(clause=hidden)))
    return filters


def _own_text(post: Post, chat: Chat) -> str:
    """What a post says itself, without the lines that sign every post of its channel."""
    origin = post.forward.username if post.forward is not None else None
    names = [*(name.name for name in chat.usernames), chat.username or "", origin or ""]
    return strip_signature(post.text[:LONGEST], names)
