"""An answer by relevance as it is kept, so that its pages do not shift while one reads on."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

import msgspec

from soso.model.ids import DocId
from soso.model.value import Value
from soso.ports.store import Store
from soso.query.plan_types import Mode

KEPT_FOR: Final = timedelta(minutes=30)


class KeptAnswer(Value):
    """An answer as the store keeps it. asked: for what; shown: documents on the pages of answers
    before it; limit: how many rows a page has, 0 in those of older versions."""

    docs: tuple[DocId, ...]
    full: tuple[bool, ...]
    scores: tuple[float, ...]
    passages: tuple[int, ...]
    total: int
    all_full: bool
    by_words: bool = True
    is_all: bool = False
    limit: int = 0
    mode: Mode = Mode.WORDS
    asked: bytes = b""
    shown: tuple[DocId, ...] = ()

    def start(self, pages: int) -> int:
        """Where the page begins that has so many pages of this answer before it."""
        return pages * self.limit

    def behind(self, start: int, *, limit: int) -> "KeptAnswer":
        """Return what comes behind a place, in pages of another length."""
        return msgspec.structs.replace(
            self,
            docs=self.docs[start:],
            full=self.full[start:],
            scores=self.scores[start:],
            passages=self.passages[start:],
            shown=(*self.shown, *self.docs[:start]),
            limit=limit,
        )


def keep_answer(kept: KeptAnswer, store: Store, *, now: datetime) -> str:
    """Keep an answer for a while and return the token it is found by."""
    content = msgspec.msgpack.encode(kept)
    token = hashlib.blake2b(content, digest_size=9).hexdigest()
    store.keep_answer(token, content, expires_at=now + KEPT_FOR)
    return token


def find_kept(token: str, store: Store, *, now: datetime) -> KeptAnswer | None:
    """Return the answer of a token, None when its time is over."""
    content = store.find_answer(token, now=now)
    if content is None:
        return None
    kept = msgspec.msgpack.decode(content, type=KeptAnswer)
    return kept if kept.limit else None  # an older version's: how it was cut is not known
