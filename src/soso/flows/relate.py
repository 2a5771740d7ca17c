"""What speaks for other posts being related to one: its words, its meaning, what both have.

Knows the order of questions to the index, the vectors and the store. Must not know weights
(similarity/related.py) nor what is shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from soso.flows.meaning import Meaning
from soso.model.chat import Chat
from soso.model.errors import IndexMismatch
from soso.model.ids import DocId, is_chat_doc, post_doc
from soso.model.post import Post, StoredPost
from soso.ports.engine import Engine
from soso.ports.store import Store
from soso.query.clauses import AllOf, Clause, Docs, Not, OneOf
from soso.query.plan_types import Filter, Plan, Sort
from soso.schema import fields
from soso.schema.bonds import Bond, anchors_of, find_bonds
from soso.similarity.nearness import Nearness
from soso.similarity.related import MOST_WITH, Evidence, Shared
from soso.similarity.segments import blank_out, find_boilerplate
from soso.similarity.signature import strip_signature
from soso.similarity.telling import TellingTerm, alike_plan, telling_terms
from soso.text.analyzers import Analyzers
from soso.text.title import make_title

CANDIDATES: Final = 60
"""How many posts words and meaning each bring at most."""

SCANNED: Final = 100_000
"""Among so many passages the nearest are looked for, in 3 to 5 ms. Among more, words alone bring
candidates, twice as many, and meaning weighs them: on the labelled sets that finds as good ones
(docs/guide/related.md). Where words find few, all are looked through whatever it takes."""

TIED: Final = 40
"""How many of the newest posts that have something in common are looked at, and of its story."""

LONGEST: Final = 2_000
"""Of a long post the first characters are asked for; its subject stands there."""

SHORTEST: Final = 8
"""Letters that a text without telling words needs before its meaning is asked for."""

PAIRS: Final = 30
PAIRS_WEIGHT: Final = 0.5
"""So many pairs of characters besides, for what the cutting into words misses."""


class Relating(NamedTuple):
    """What relating needs; without meaning it goes by the rest."""

    store: Store
    engine: Engine
    analyzers: Analyzers
    meaning: Meaning | None = None


class Subject(NamedTuple):
    """The post that others are related to. text: what it says itself. terms: the most telling first.

    bonds: what it may have in common with others, and by what others point at it. documents: how
    many the index has.
    """

    stored: StoredPost
    chat: Chat
    text: str
    terms: list[TellingTerm]
    bonds: list[Bond]
    documents: int

    @property
    def doc(self) -> DocId:
        """Its document."""
        return post_doc(self.stored.key)


class Related(NamedTuple):
    """What is known of other posts before they are read. tied: how many posts have each bond."""

    words: Mapping[DocId, float]
    near: Mapping[DocId, Nearness]
    tied: Mapping[Bond, int]
    tied_docs: Collection[DocId]
    story: Collection[DocId]

    def docs(self) -> list[DocId]:
        """All of them, each once."""
        every = (*self.words, *self.near, *self.tied_docs, *self.story)
        return [doc for doc in dict.fromkeys(every) if not is_chat_doc(doc)]

    def evidence(self, doc: DocId) -> Evidence:
        """Return what is known of a post without reading it."""
        near = self.near.get(doc)
        return Evidence(
            words=self.words.get(doc, 0.0),
            meaning=near.meaning if near is not None else None,
            crowd=near.crowd if near is not None else 0.0,
            same_story=doc in self.story,
        )

    def evidence_of(self, subject: Subject, other: StoredPost) -> Evidence:
        """Return all that is known of a post that has been read."""
        bonds = find_bonds(other.post) if self.tied else ()
        return self.evidence(post_doc(other.key))._replace(
            shared=tuple(Shared(bond, self.tied[bond]) for bond in bonds if bond in self.tied),
            same_chat=other.chat == subject.stored.chat,
            lengths=(len(subject.stored.post.text), len(other.post.text)),
        )


def read_subject(stored: StoredPost, chat: Chat, needs: Relating) -> Subject:
    """Return a post as it is compared. Raises Unavailable."""
    dressing = needs.store.find_dressings([stored.chat]).get(stored.chat)
    marks = dressing.marks if dressing is not None else frozenset[int]()
    post = blank_out(stored.post, find_boilerplate(stored.post, marks))
    text = own_text(post, chat)
    title = make_title(post, chat.title)
    analyzers = needs.analyzers
    words = [term for term in analyzers.words(text) if not analyzers.is_stop(term)]
    documents = needs.engine.status().documents
    terms = telling_terms(
        words or analyzers.words(title.text),
        analyzers.words(title.text),
        needs.engine.doc_freqs,
        documents=documents,
    )
    ids = stored.post.album or (stored.post.id,)
    own = _own_names(chat)
    bonds = [bond for bond in find_bonds(post) if bond.value not in own]
    return Subject(stored, chat, text, terms, [*bonds, *anchors_of(chat, ids)], documents)


def relate(subject: Subject, needs: Relating, *, sensitive: bool) -> Related:
    """Return what speaks for which posts. Raises Unavailable, IndexMismatch."""
    filters = _filters(sensitive)
    meaning = needs.meaning if needs.meaning is not None and needs.meaning.model else None
    if meaning is not None and not subject.terms and _says_nothing(subject, needs):
        meaning = None
    small = meaning is not None and meaning.size <= SCANNED
    nearest = _nearest(subject, meaning) if meaning is not None and small else []
    most = CANDIDATES if small or meaning is None else 2 * CANDIDATES
    words = _by_words(subject, needs, filters, nearest, most=most)
    if meaning is not None and not small and len(words) < CANDIDATES:
        nearest = _nearest(subject, meaning)
    tied = _count_tied(subject, needs.engine)
    tied_docs = _find_tied(tied, needs.engine, filters) if tied else []
    story = _of_its_story(subject, needs.store)
    others = [
        doc
        for doc in dict.fromkeys((*words, *nearest, *tied_docs, *story))
        if doc != subject.doc and not is_chat_doc(doc)
    ]
    near: Mapping[DocId, Nearness] = {}
    if meaning is not None:
        near = meaning.compare(subject.doc, others)
    words.pop(subject.doc, None)
    return Related(
        words=words,
        near={doc: one for doc, one in near.items() if doc != subject.doc},
        tied=tied,
        tied_docs=frozenset(tied_docs) - {subject.doc},
        story=frozenset(story) - {subject.doc},
    )


def own_text(post: Post, chat: Chat) -> str:
    """What a post says itself, without the lines that sign every post of its channel."""
    origin = post.forward.username if post.forward is not None else None
    names = [*(name.name for name in chat.usernames), chat.username or "", origin or ""]
    return strip_signature(post.text[:LONGEST], names)


def _says_nothing(subject: Subject, needs: Relating) -> bool:
    """Dots, a thank you: it lies beside whatever else says nothing."""
    return len(needs.analyzers.chars(subject.text)) < SHORTEST


def _nearest(subject: Subject, meaning: Meaning) -> list[DocId]:
    asked = meaning.ask_like([subject.doc])
    return [one.doc for one in asked.near(CANDIDATES).found] if asked is not None else []


def _by_words(
    subject: Subject,
    needs: Relating,
    filters: Sequence[Filter],
    nearest: Iterable[DocId],
    *,
    most: int,
) -> dict[DocId, float]:
    """Return the share of the subject's own score of those with most of it, and of the nearest."""
    terms = [*subject.terms, *_pairs(subject, needs)]
    plan = alike_plan(terms, filters=filters, limit=most)
    if plan is None:
        return {}
    found = {hit.doc: hit.score for hit in needs.engine.search(plan).hits}
    unknown = tuple(doc for doc in (*nearest, subject.doc) if doc not in found)
    if unknown:
        these: Clause = AllOf(clauses=(Docs(docs=unknown), plan.full))
        rest = Plan(full=these, score=plan.score, limit=len(unknown), count=False)
        found |= {hit.doc: hit.score for hit in needs.engine.search(rest).hits}
    # Not in the index yet, or not to be listed: what it would score is not known, but about.
    own = found.get(subject.doc) or sum(term.weight for term in terms)
    return {doc: score / own for doc, score in found.items()} if own > 0 else {}


def _pairs(subject: Subject, needs: Relating) -> list[TellingTerm]:
    found = telling_terms(
        needs.analyzers.bigrams(subject.text),
        (),
        needs.engine.doc_freqs,
        documents=subject.documents,
        field=fields.BIGRAMS,
        most=PAIRS,
    )
    return [term.weighed(PAIRS_WEIGHT) for term in found]


def _count_tied(subject: Subject, engine: Engine) -> dict[Bond, int]:
    """Return how many posts have each bond, without those that tie nothing."""
    if not subject.bonds:
        return {}
    try:
        counts = engine.doc_freqs(fields.BOND, [bond.term for bond in subject.bonds])
    except IndexMismatch:  # an older index serves until the new one is built
        return {}
    return {
        # The post itself does not have the bonds by which others point at it.
        bond: max(count, 2)
        for bond, count in zip(subject.bonds, counts, strict=True)
        if 0 < count < MOST_WITH
    }


def _find_tied(tied: Iterable[Bond], engine: Engine, filters: Sequence[Filter]) -> list[DocId]:
    terms = tuple(bond.term for bond in tied)
    plan = Plan(
        full=OneOf(field=fields.BOND, terms=terms),
        filters=tuple(filters),
        sort=Sort.NEWEST,
        limit=TIED,
        count=False,
    )
    return [hit.doc for hit in engine.search(plan).hits]


def _of_its_story(subject: Subject, store: Store) -> list[DocId]:
    """Return the posts of the story it is part of, those next to it in time."""
    number = store.find_story_of(subject.stored.key)
    if number is None:
        return []
    at_s = subject.stored.post.at.timestamp()
    parts = sorted(store.list_parts([number]), key=lambda part: (abs(part.at_s - at_s), part.key))
    return [post_doc(part.key) for part in parts[:TIED]]


def _filters(sensitive: bool) -> list[Filter]:
    posts = OneOf(field=fields.KIND, terms=("post",))
    filters = [Filter(field=fields.KIND, clause=posts)]
    if not sensitive:
        hidden = OneOf(field=fields.FLAG, terms=("sensitive",))
        filters.append(Filter(field=fields.FLAG, clause=Not(clause=hidden)))
    return filters


def _own_names(chat: Chat) -> set[str]:
    names = (chat.username or "", *(name.name for name in chat.usernames))
    return {f"@{name.lower()}" for name in names if name}
