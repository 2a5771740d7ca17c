"""What a labelled set is, and how a part of one is taken. Pure.

Knows documents, queries and judgements; must not know files, flows or measures.
"""

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from soso.model.chat import ChatKind
from soso.model.errors import BadInput
from soso.model.value import Value


class Half(StrEnum):
    """Settings are chosen on one half of the queries and reported on the other."""

    CHOOSE = "choose"
    REPORT = "report"
    ALL = "all"


class ChatFacts(Value):
    """What a document that is a chat, rather than a post, has beside its text."""

    kind: ChatKind
    username: str | None = None
    members: int | None = None


class LabelledDocument(Value):
    """Something that can be found. chat: None for a post."""

    id: str
    text: str
    title: str = ""
    chat: ChatFacts | None = None

    @property
    def whole(self) -> str:
        """Title and text as one, as a post carries them."""
        return f"{self.title}\n{self.text}" if self.title else self.text


class LabelledQuery(Value):
    """Something asked. own: the document that the query is, which its ranking leaves out."""

    id: str
    text: str
    own: str | None = None


class LabelledSet(Value):
    """grades: query -> document -> grade; 0 is judged and not relevant.

    Every query has a document with a grade above 0; documents and queries have distinct ids.
    """

    name: str
    documents: tuple[LabelledDocument, ...]
    queries: tuple[LabelledQuery, ...]
    grades: Mapping[str, Mapping[str, int]]

    @property
    def of_chats(self) -> bool:
        """Whether the documents are chats."""
        return any(document.chat is not None for document in self.documents)

    @property
    def can_be_related(self) -> bool:
        """Whether queries are documents, so that related posts can be asked for."""
        return any(query.own is not None for query in self.queries)


def half_of(text: str) -> Half:
    """Return the half that a query belongs to.

    By its text alone, so that a query asked in two sets lies in the same half of both.
    """
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return Half.CHOOSE if digest[0] & 1 else Half.REPORT


def take_part(
    labelled: LabelledSet,
    *,
    half: Half = Half.ALL,
    sample: int | None = None,
    limit_documents: int | None = None,
    seed: int = 0,
) -> LabelledSet:
    """Return the set with fewer queries, and fewer documents where that is asked for.

    sample: how many queries of the half, drawn by the seed. limit_documents: how many documents;
    those judged for the queries that are left come first, so more than the limit may stay.
    Raises BadInput when no query is left.
    """
    queries: Sequence[LabelledQuery] = [
        query for query in labelled.queries if half is Half.ALL or half_of(query.text) is half
    ]
    if not queries:
        raise BadInput(f"{labelled.name} has no query in the half {half.value!r}")
    if sample is not None and sample < len(queries):
        drawn = set(random.Random(seed).sample(range(len(queries)), sample))
        queries = [query for place, query in enumerate(queries) if place in drawn]
    documents = labelled.documents
    if limit_documents is not None and limit_documents < len(documents):
        documents = tuple(_limited(labelled, queries, limit_documents))
    return msgspec.structs.replace(
        labelled,
        documents=documents,
        queries=tuple(queries),
        grades={query.id: labelled.grades[query.id] for query in queries},
    )


def _limited(
    labelled: LabelledSet, queries: Iterable[LabelledQuery], limit: int
) -> Iterable[LabelledDocument]:
    needed = {doc for query in queries for doc in labelled.grades[query.id]}
    needed.update(query.own for query in queries if query.own is not None)
    room = limit - len(needed)
    for document in labelled.documents:
        if document.id in needed:
            yield document
        elif room > 0:
            room -= 1
            yield document
