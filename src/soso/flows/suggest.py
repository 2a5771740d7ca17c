"""What to suggest for what was typed so far: chats, tags, popular queries, titles, names of files.

The store says which entries begin so; what each says, and whether it may still be shown, is asked
of its document now (law b). With several words the last one is completed, and only by what has the
others in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from soso.flows.ponder import Popular
from soso.model.chat import Chat
from soso.model.ids import ChatKey, DocId, PostKey, chat_doc, doc_key, is_chat_doc, post_doc
from soso.ports.store import Store
from soso.ports.suggestions import Suggested
from soso.query.plain import as_plain
from soso.query.results import Suggestion
from soso.schema.offers import CHAT, FILE, POST, TAG, Offer, list_keys, offer_chat, offer_post
from soso.text.analyzers import Analyzers
from soso.text.prefixes import cut_beginning, fold_typed

LONGEST: Final = 80
"""Characters typed; who has typed more knows what to ask for."""

MOST: Final = 20
POPULAR: Final = "popular"

_READ: Final = 24  # entries of a kind; some may be hidden or not have all the words
_GRAMMAR: Final = frozenset('":：“”「」()（）')
_FIRST: Final = {CHAT: 3, POPULAR: 3, TAG: 2}
"""How many of a kind may stand before the titles; what room is left they share in this order."""


class Suggesting(NamedTuple):
    """What suggesting needs. sensitive: the reader asked to see sensitive content."""

    store: Store
    analyzers: Analyzers
    popular: Popular
    sensitive: bool


class _Typed(NamedTuple):
    """What was typed. head: the words before the last, as typed; last: the word to complete.

    kinds: which kinds the last word may be, None for all.
    """

    head: str
    last: str
    kinds: tuple[str, ...]


def suggest(text: str, needs: Suggesting, *, limit: int = 8) -> tuple[Suggestion, ...]:
    """Return at most so many suggestions, each text once, the likeliest first.

    Nothing for an empty text, a long one, or one that ends inside the grammar of the search box.
    Raises Unavailable.
    """
    typed = _parse(text)
    if typed is None:
        return ()
    limit = min(max(limit, 1), MOST)
    return tuple(_mix(_Finder(typed, needs).find(limit), limit, needs.analyzers))


def _parse(text: str) -> _Typed | None:
    words = text.split()
    if not words or len(text) > LONGEST:
        return None
    *before, last = words
    head = " ".join(before)
    if last[0] in "#＃":
        return _Typed(head, last[1:], (TAG,))
    if last[0] == "@":
        return _Typed(head, last[1:], (CHAT,))
    if last[0] in "-－−" or _GRAMMAR.intersection(last) or last == "OR":
        return None
    return _Typed(head, last, (CHAT, POPULAR, TAG, POST, FILE))


class _Finder:
    def __init__(self, typed: _Typed, needs: Suggesting) -> None:
        self.typed = typed
        self.needs = needs
        self.last = fold_typed(typed.last, needs.analyzers)
        self.whole = fold_typed(f"{typed.head} {typed.last}", needs.analyzers)
        self.told: dict[DocId, tuple[tuple[Offer, Chat], ...]] = {}
        self.head = [fold_typed(word, needs.analyzers) for word in typed.head.split()]

    def find(self, limit: int) -> dict[str, list[Suggestion]]:
        """Return what there is of each kind, the weightiest first.

        Documents are asked for as few as will do; the rest only if too many of them may not be
        shown or do not fit.
        """
        asked = [(kind, self.whole) for kind in self.typed.kinds if kind != POPULAR]
        asked += [(kind, self.last) for kind, _ in asked if self.head]
        kept = [(kind, cut_beginning(typed)) for kind, typed in asked]
        rows = self.needs.store.find_suggested(kept, limit=_READ)
        for first in (limit, _READ):
            found = {
                POPULAR: [Suggestion(kind=POPULAR, text=one, query=one) for one in self.popular()]
            }
            self.tell(row.doc for row_of in rows for row in row_of[:first])
            for (kind, typed), row_of in zip(asked, rows, strict=True):
                found.setdefault(kind, []).extend(self.of_kind(kind, typed, row_of[:first]))
            if sum(map(len, found.values())) >= limit or all(len(one) <= first for one in rows):
                break
        return found

    def tell(self, docs: Iterable[DocId]) -> None:
        """Learn what documents offer now; those that may not be shown offer nothing."""
        fresh = [doc for doc in dict.fromkeys(docs) if doc not in self.told]
        stored = self.needs.store.get_posts(
            [PostKey(doc_key(doc)) for doc in fresh if not is_chat_doc(doc)]
        )
        own = [ChatKey(doc_key(doc)) for doc in fresh if is_chat_doc(doc)]
        chats = self.needs.store.get_chats([*{*own, *(post.chat for post in stored)}])
        self.told |= dict.fromkeys(fresh, ())
        for key in own:
            chat = chats.get(key)
            if chat is not None and (self.needs.sensitive or not chat.sensitive):
                offer = offer_chat(chat, self.needs.analyzers)
                self.told[chat_doc(key)] = () if offer is None else ((offer, chat),)
        for post in stored:
            chat = chats.get(post.chat)
            offers = offer_post(post, chat, self.needs.analyzers) if chat is not None else ()
            self.told[post_doc(post.key)] = tuple((one, chat) for one in offers if chat is not None)

    def of_kind(self, kind: str, typed: str, rows: Sequence[Suggested]) -> Iterator[Suggestion]:
        """Yield what entries say that begin with all that was typed, or with the last word and
        have the others in them; what itself begins so comes first."""
        offers = [
            (offer, chat, fold_typed(offer.text, self.needs.analyzers))
            for row in rows
            for offer, chat in self.told[row.doc]
            if offer.entry == row.entry and self.begins(offer, chat, typed)
        ]
        offers.sort(key=lambda one: not one[2].startswith(typed))
        for offer, chat, letters in offers:
            if typed is self.whole:
                yield from self.suggestion(offer, chat, "")
            elif kind == TAG or self.fits(letters):
                yield from self.suggestion(offer, chat, self.typed.head)

    def popular(self) -> list[str]:
        texts = self.needs.popular.find(self.whole, limit=_READ)
        if self.head:
            texts += self.needs.popular.find(self.last, limit=_READ)
        folded = {text: fold_typed(text, self.needs.analyzers) for text in dict.fromkeys(texts)}
        return [
            text for text, letters in folded.items() if letters != self.whole and self.fits(letters)
        ]

    def begins(self, offer: Offer, chat: Chat, typed: str) -> bool:
        """Whether all of a beginning is there; the store compared only as much as it keeps."""
        if cut_beginning(typed) == typed:
            return True
        keys = list_keys(offer, self.needs.analyzers, username=chat.username, whole=True)
        return any(key.startswith(typed) for key in keys)

    def fits(self, letters: str) -> bool:
        """Whether a folded text has the words before the last one in it."""
        return all(word in letters for word in self.head)

    def suggestion(self, offer: Offer, chat: Chat, head: str) -> Iterator[Suggestion]:
        text = " ".join(offer.text.split())
        if offer.kind == CHAT:
            yield Suggestion(kind=chat.kind.value, text=text, query=as_plain(text), chat=chat)
        elif offer.kind == TAG:
            tag = f"{head} #{text}".strip()
            yield Suggestion(kind=TAG, text=tag, query=tag)
        elif query := as_plain(text):
            yield Suggestion(kind=offer.kind, text=text, query=query)


def _mix(
    found: dict[str, list[Suggestion]], limit: int, analyzers: Analyzers
) -> Iterator[Suggestion]:
    """Yield a few of each kind, then whatever there is; in a list the kinds stand together."""
    kept: dict[str, list[Suggestion]] = {kind: [] for kind in (CHAT, POPULAR, TAG, POST, FILE)}
    seen: set[tuple[bool, str]] = set()
    room = limit
    for first in (True, False):
        for kind, taken in kept.items():
            most = _FIRST.get(kind, limit) if first else limit
            for one in found.get(kind, ()):
                told = (one.chat is not None, one.chat.ref if one.chat else _told(one, analyzers))
                if room <= 0 or len(taken) >= most or told in seen:
                    continue
                seen.add(told)
                taken.append(one)
                room -= 1
    for taken in kept.values():
        yield from taken


def _told(one: Suggestion, analyzers: Analyzers) -> str:
    """What two suggestions have in common that ask the same; a tag asks something else."""
    letters = fold_typed(one.text, analyzers)
    return f"#{letters}" if one.kind == TAG else letters
