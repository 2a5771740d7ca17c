"""Related posts: what speaks for others is gathered, weighed, and cut to a list worth following.

Worked out at read: an edit or a new post counts as soon as the index and the vectors know of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from soso.flows.lay_out import CardMaker
from soso.flows.relate import Related, Relating, Subject, own_text, read_subject, relate
from soso.model.chat import Chat
from soso.model.errors import NotFound
from soso.model.ids import DocId, PostKey, post_doc
from soso.model.post import StoredPost
from soso.query.results import Card, Reason
from soso.similarity.copies import CJK, Print, is_copy, print_of
from soso.similarity.reasons import find_reasons
from soso.similarity.related import Candidate, Evidence, choose, is_faint, score
from soso.similarity.telling import TellingTerm
from soso.text.analyzers import Analyzers
from soso.text.normalize import fold_letters_text

Recommending = Relating
"""What recommending needs."""

READ: Final = 4
"""For each row of the list so many posts are read; what is left out needs somebody in its place."""

_READ_AT_LEAST: Final = 40
_SAID: Final = 600
"""So many characters are looked through for words that both have."""

_NAMING: Final = 20
"""Of so many telling terms the words are taken that reasons name."""

Found = Mapping[DocId, tuple[StoredPost, Chat]]


def recommend(
    stored: StoredPost,
    needs: Recommending,
    *,
    limit: int,
    sensitive: bool,
    copies: bool = False,
) -> tuple[Card, ...]:
    """Return at most limit related posts with their reasons: its own story first, then the rest.

    copies: keep copies of the post, and of each other; readers get a cluster as one row, but who
    measures what is found wants to see them. Raises Unavailable, NotFound.
    """
    chat = needs.store.get_chats([stored.chat]).get(stored.chat)
    if chat is None:
        raise NotFound("the chat of this post is gone")
    subject = read_subject(stored, chat, needs)
    related = relate(subject, needs, sensitive=sensitive)
    cards = CardMaker(needs.store, needs.analyzers, sensitive=sensitive)
    posts = cards.find_posts(_worth_reading(related, limit))
    evidence = {
        doc: related.evidence_of(subject, other)
        for doc, (other, _) in posts.items()
        if doc != subject.doc
    }
    candidates = [
        Candidate(
            key=posts[doc][0].key,
            chat=posts[doc][0].chat,
            score=total,
            day=posts[doc][0].post.at.date(),
            same_story=one.same_story,
        )
        for doc, one in evidence.items()
        if not is_faint(one, total := score(one))
    ]
    are_copies = _never if copies else _Copies(subject, posts, needs).are_copies
    candidates = [one for one in candidates if not are_copies(stored.key, one.key)]
    chosen = choose(candidates, limit=limit, are_copies=are_copies)
    naming = _Naming(subject, needs.analyzers) if chosen else None
    return tuple(
        _card(one, cards, posts, _reasons(naming, evidence, posts, post_doc(one.key)))
        for one in chosen
    )


def _worth_reading(related: Related, limit: int) -> list[DocId]:
    """The best by what is known before reading, and all that are tied to the post."""
    docs = related.docs()
    tied = [doc for doc in docs if doc in related.tied_docs or doc in related.story]
    ranked = sorted(docs, key=lambda doc: (-score(related.evidence(doc)), -doc))
    return list(dict.fromkeys((*tied, *ranked[: max(limit * READ, _READ_AT_LEAST)])))


def _card(one: Candidate, cards: CardMaker, posts: Found, reasons: tuple[Reason, ...]) -> Card:
    card = cards.of_post(*posts[post_doc(one.key)])
    return msgspec.structs.replace(card, score=round(one.score, 4), reasons=reasons)


def _reasons(
    naming: "_Naming | None", evidence: Mapping[DocId, Evidence], posts: Found, doc: DocId
) -> tuple[Reason, ...]:
    said = naming.words_in(*posts[doc]) if naming is not None else []
    return find_reasons(evidence[doc], said)


def _never(_one: PostKey, _other: PostKey) -> bool:
    return False


class _Naming:
    """The words of the subject that tell most, as they stand in its text."""

    def __init__(self, subject: Subject, analyzers: Analyzers) -> None:
        wanted = [term for term in subject.terms[:_NAMING] if _can_be_named(term)]
        tokens = analyzers.find_words(subject.text, {term.term for term in wanted})
        places = {token.term: token for token in reversed(tokens)}
        self._named = [
            (word, fold_letters_text(word))
            for term in wanted
            if (token := places.get(term.term)) is not None
            for word in (subject.text[token.start : token.end],)
        ]

    def words_in(self, other: StoredPost, chat: Chat) -> list[str]:
        """Return those that another post says too, the most telling first."""
        if not self._named:
            return []
        said = fold_letters_text(own_text(other.post, chat)[:_SAID])
        return [word for word, folded in self._named if _stands_in(folded, said)]


def _stands_in(word: str, text: str) -> bool:
    """Whether a text has a word; one in letters of an alphabet is no part of a longer one."""
    place = text.find(word)
    while place >= 0 and word[0] < CJK and text[place - 1 : place].isalnum():
        if text[place - 1] > CJK:  # Chinese before it
            break
        place = text.find(word, place + 1)
    return place >= 0


def _can_be_named(term: TellingTerm) -> bool:
    return len(term.term) > 1 and not term.term.isdecimal()


class _Copies:
    """Which posts are copies: by their clusters, and by their letters where these are not known."""

    def __init__(self, subject: Subject, posts: Found, needs: Relating) -> None:
        self._letters: Callable[[str], Sequence[str]] = needs.analyzers.chars
        docs = [subject.doc, *posts]
        self._heads = needs.store.clusters_of(docs)
        self._posts = {**posts, subject.doc: (subject.stored, subject.chat)}
        self._prints: dict[DocId, Print] = {}

    def are_copies(self, one: PostKey, other: PostKey) -> bool:
        """Whether two of the posts are copies."""
        docs = post_doc(one), post_doc(other)
        heads = [self._heads.get(doc) for doc in docs]
        if heads[0] is not None and heads[1] is not None:
            return heads[0] == heads[1]
        first, second = self._print(docs[0]), self._print(docs[1])
        return bool(first.letters) and is_copy(first, second)  # two pictures without a word are not

    def _print(self, doc: DocId) -> Print:
        if doc not in self._prints:
            stored, chat = self._posts[doc]
            self._prints[doc] = print_of(self._letters(own_text(stored.post, chat)))
        return self._prints[doc]
