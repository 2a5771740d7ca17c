"""Related chats: those that post about the same, forward and mention each other, call themselves alike.

All from a bounded sample of a chat's newest posts and a few questions to the index; some tens of
milliseconds, so who shows it keeps the answer for a while (relating.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final

import msgspec

from soso.flows.identify import follow_merges
from soso.flows.lay_out import CardMaker
from soso.flows.relate import Relating, own_text
from soso.model.chat import Chat
from soso.model.errors import IndexMismatch
from soso.model.ids import (
    ChatKey,
    DocId,
    PostKey,
    chat_doc,
    doc_key,
    is_chat_doc,
    parse_peer,
    post_doc,
)
from soso.model.post import StoredPost
from soso.model.visibility import is_listed
from soso.query.clauses import AllOf, Docs, Not, OneOf
from soso.query.plan_types import Filter, Plan
from soso.query.results import Card
from soso.schema import fields
from soso.schema.bonds import BondKind, find_bonds, names_of
from soso.schema.build import read_chat
from soso.similarity.reasons import distinct
from soso.similarity.related_chats import FAINT, ChatEvidence, chat_reasons, score_chat
from soso.similarity.telling import TellingTerm, alike_plan, telling_terms

SAMPLE: Final = 60
FOUND: Final = 300
BEST: Final = 5
"""So many of a chat's best posts stand for it."""

_OPEN: Final = ("channel", "group", "bot")
_MOST_NAMED: Final = 20
_TERMS: Final = 40

Shares = dict[ChatKey, float]


def recommend_chats(
    chat: Chat, needs: Relating, *, limit: int, sensitive: bool
) -> tuple[Card, ...]:
    """Return at most limit related chats with their reasons, the nearest first.

    Raises Unavailable, IndexMismatch.
    """
    sample = needs.store.list_posts(chat.key, limit=SAMPLE)
    terms = _telling(chat, sample, needs)
    posts, said = _by_posts(chat, terms, needs)
    meaning = _by_meaning(chat, sample, needs)
    forwards, mentions = _by_names(chat, sample, needs)
    about, described = _by_description(chat, needs)
    every = {*posts, *meaning, *forwards, *mentions, *about} - {chat.key}
    evidence = {
        key: ChatEvidence(
            posts=posts.get(key, 0.0),
            meaning=meaning.get(key, 0.0),
            forwards=forwards[key],
            mentions=mentions[key],
            about=about.get(key, 0.0),
            words=tuple(said.get(key, ())),
            described=tuple(described.get(key, ())),
        )
        for key in every
    }
    scores = {key: score_chat(one) for key, one in evidence.items()}
    ranked = sorted(scores, key=lambda key: (-scores[key], key))
    chats = needs.store.get_chats(ranked)
    cards = CardMaker(needs.store, needs.analyzers, sensitive=sensitive)
    rows = [
        msgspec.structs.replace(
            cards.of_chat(chats[key], posts=needs.store.count_posts(key)),
            score=round(scores[key], 4),
            reasons=chat_reasons(evidence[key]),
        )
        for key in [key for key in ranked if _may_show(key, chats, scores, sensitive)][:limit]
    ]
    return tuple(rows)


def _may_show(
    key: ChatKey, chats: Mapping[ChatKey, Chat], scores: Mapping[ChatKey, float], sensitive: bool
) -> bool:
    chat = chats.get(key)
    if chat is None or scores[key] < FAINT:
        return False
    return is_listed(chat) and (sensitive or not chat.sensitive)


def _telling(chat: Chat, sample: Sequence[StoredPost], needs: Relating) -> list[TellingTerm]:
    """The words that many of a chat's posts have and few of others."""
    words: list[str] = []
    for stored in sample:
        found = needs.analyzers.words(own_text(stored.post, chat)[:600])
        words += {term for term in found if not needs.analyzers.is_stop(term) and len(term) > 1}
    documents = needs.engine.status().documents
    repeated = {term for term, count in Counter(words).items() if count > 1}
    characteristic = [term for term in words if term in repeated] or words
    return telling_terms(
        characteristic, (), needs.engine.doc_freqs, documents=documents, most=_TERMS
    )


def _by_posts(
    chat: Chat, terms: Sequence[TellingTerm], needs: Relating
) -> tuple[Shares, dict[ChatKey, list[str]]]:
    """Return how other chats' best posts score beside the chat's own, and the words they share."""
    own = Filter(field=fields.CHAT, clause=OneOf(field=fields.CHAT, terms=(str(chat.key),)))
    others = Filter(field=fields.CHAT, clause=Not(clause=own.clause))
    post = Filter(field=fields.KIND, clause=OneOf(field=fields.KIND, terms=("post",)))
    ours = alike_plan(terms, filters=[own, post], limit=BEST)
    theirs = alike_plan(terms, filters=[others, post], limit=FOUND)
    if ours is None or theirs is None:
        return {}, {}
    best = _mean_of_best([hit.score for hit in needs.engine.search(ours).hits])
    hits = {hit.doc: hit.score for hit in needs.engine.search(theirs).hits}
    stored = {post_doc(one.key): one for one in needs.store.get_posts(_keys(hits))}
    by_chat: dict[ChatKey, list[DocId]] = defaultdict(list)
    for doc in hits:
        if doc in stored:
            by_chat[stored[doc].chat].append(doc)
    shares = {
        key: _mean_of_best([hits[doc] for doc in docs]) / best if best else 0.0
        for key, docs in by_chat.items()
    }
    named = [term.term for term in terms[:_MOST_NAMED] if not term.term.isdecimal()]
    said = {
        key: _said(named, [stored[doc] for doc in docs[:BEST]], needs)
        for key, docs in by_chat.items()
        if shares[key] * 2 >= FAINT
    }
    return shares, said


def _said(named: Sequence[str], posts: Iterable[StoredPost], needs: Relating) -> list[str]:
    words = {term for one in posts for term in needs.analyzers.words(one.post.text[:600])}
    return distinct([term for term in named if term in words])


def _by_meaning(chat: Chat, sample: Sequence[StoredPost], needs: Relating) -> Shares:
    """Return how near other chats' best posts lie to the middle of the chat's own.

    A share of how near its own lie, both beside the middling chat that was found.
    """
    if needs.meaning is None:
        return {}
    docs = [post_doc(one.key) for one in sample]
    asked = needs.meaning.ask_like([chat_doc(chat.key), *docs])
    if asked is None:
        return {}
    cosines = {one.doc: one.cosine for one in asked.near(FOUND).found}
    if not cosines:
        return {}
    chats = {post_doc(one.key): one.chat for one in needs.store.get_posts(_keys(cosines))}
    by_chat: dict[ChatKey, list[float]] = defaultdict(list)
    for doc, cosine in cosines.items():
        if doc in chats:
            by_chat[chats[doc]].append(cosine)
    least = min(cosines.values())
    means = {key: _mean_of_best(found, least) for key, found in by_chat.items()}
    best = _mean_of_best([one.cosine for one in asked.among(docs).found], least)
    others = [mean for key, mean in means.items() if key != chat.key]
    middle = median(others) if others else best
    if best <= middle:
        return {}
    return {key: (mean - middle) / (best - middle) for key, mean in means.items()}


def _by_names(
    chat: Chat, sample: Sequence[StoredPost], needs: Relating
) -> tuple[Counter[ChatKey], Counter[ChatKey]]:
    """Return how often the chat forwards and mentions others, and they it."""
    forwards: Counter[ChatKey] = Counter()
    mentions: Counter[ChatKey] = Counter()
    counts = {BondKind.SOURCE: forwards, BondKind.NAME: mentions}
    bonds = Counter(bond for stored in sample for bond in find_bonds(stored.post))
    named = [(bond, count) for bond, count in bonds.most_common() if bond.kind in counts]
    for bond, count in named[:_MOST_NAMED]:
        peer = None if bond.value.startswith("@") else parse_peer(bond.value)
        found = (
            needs.store.find_chat_by_peer(peer)
            if peer is not None
            else needs.store.find_chat_by_username(bond.value.lstrip("@"))
        )
        if found is not None:
            key = follow_merges(needs.store, found).key
            counts[bond.kind][key] = max(counts[bond.kind][key], count)
    for kind, counter in counts.items():
        terms = tuple(bond.term for bond in names_of(chat) if bond.kind is kind)
        counter.update(_who_has(terms, needs))
    return forwards, mentions


def _who_has(terms: tuple[str, ...], needs: Relating) -> dict[ChatKey, int]:
    if not terms:
        return {}
    plan = Plan(full=OneOf(field=fields.BOND, terms=terms), limit=1, facets=(fields.CHAT,))
    try:
        found = needs.engine.search(plan)
    except IndexMismatch:  # an older index serves until the new one is built
        return {}
    return {ChatKey(int(key)): count for key, count in found.facets[fields.CHAT]}


def _by_description(chat: Chat, needs: Relating) -> tuple[Shares, dict[ChatKey, list[str]]]:
    """Return which chats call and describe themselves alike, as a share of what the chat has."""
    analyzers = needs.analyzers
    words = [
        term
        for term in analyzers.words(read_chat(chat))
        if not analyzers.is_stop(term) and len(term) > 1
    ]
    documents = needs.engine.status().documents
    terms = telling_terms(
        words, analyzers.words(chat.title), needs.engine.doc_freqs, documents=documents
    )
    kinds = Filter(field=fields.KIND, clause=OneOf(field=fields.KIND, terms=_OPEN))
    plan = alike_plan(terms, filters=[kinds], limit=FOUND)
    if plan is None:
        return {}, {}
    hits = {hit.doc: hit.score for hit in needs.engine.search(plan).hits}
    doc = chat_doc(chat.key)
    if doc not in hits:
        mine = Plan(full=AllOf(clauses=(Docs(docs=(doc,)), plan.full)), score=plan.score, limit=1)
        hits |= {hit.doc: hit.score for hit in needs.engine.search(mine).hits}
    own = hits.pop(doc, None) or sum(term.weight for term in terms)
    keys = {ChatKey(doc_key(doc)): score for doc, score in hits.items() if is_chat_doc(doc)}
    found = {key: score / own for key, score in keys.items() if score / own >= FAINT}
    chats = needs.store.get_chats([*found])
    said = {
        key: distinct([term.term for term in terms if term.term in set(_words(one, needs))])
        for key, one in chats.items()
    }
    return found, said


def _words(chat: Chat, needs: Relating) -> list[str]:
    return needs.analyzers.words(read_chat(chat))


def _mean_of_best(scores: Iterable[float], lacking: float = 0.0) -> float:
    """The mean of the best BEST; what lacks counts as so much."""
    best = sorted(scores, reverse=True)[:BEST]
    return (sum(best) + lacking * (BEST - len(best))) / BEST


def _keys(docs: Iterable[DocId]) -> list[PostKey]:
    return [PostKey(doc_key(doc)) for doc in docs if not is_chat_doc(doc)]
