"""What the engine suite is fed with: the engines, short documents, short clauses."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from soso.engines.memory import MemoryEngine
from soso.engines.tantivy import TantivyEngine
from soso.model.ids import DocId
from soso.ports.engine import Engine
from soso.query.clauses import AllOf, AnyOf, Clause, Everything, OneOf, Phrase, Term
from soso.query.plan_types import Filter, Found, Plan
from soso.schema.document import Document
from soso.schema.fields import AT, AUDIENCE, CHARS, KIND, ORDER, WORDS

ENGINES = ("memory", "tantivy")
EVERY_ENGINE = (*ENGINES, pytest.param("opensearch", marks=pytest.mark.servers))
EVERYTHING = Plan(full=Everything(), limit=1000)


def make_engine(name: str, folder: Path) -> Engine:
    """Return an empty engine; the same folder gives the same index."""
    if name == "memory":
        return MemoryEngine(fingerprint="ours")
    return TantivyEngine(folder / "index", fingerprint="ours", heap_bytes=15_000_000)


def open_engine(request: pytest.FixtureRequest, folder: Path) -> Engine:
    """Return the empty engine of a fixture's parameter."""
    if request.param != "opensearch":
        return make_engine(request.param, folder)
    engine: Engine = request.getfixturevalue("cluster_index")
    left = list(engine.iter_doc_ids())
    if left:
        with engine.writer() as writer:
            writer.apply((), left)
            writer.commit()
    return engine


def post(
    doc: int, words: str = "", *, kinds: Sequence[str] = ("post",), **more: object
) -> Document:
    """Return a document; words are cut at spaces, and their letters are its characters.

    more: keyword fields by name (a sequence each), number fields by name.
    """
    terms = words.split()
    numbers = {ORDER: doc * 10, AT: doc, AUDIENCE: 0}
    numbers |= {name: value for name, value in more.items() if isinstance(value, int)}
    keywords = {name: value for name, value in more.items() if not isinstance(value, int)}
    return Document(
        doc=DocId(doc),
        terms={WORDS: terms, CHARS: list("".join(terms))},
        keywords={KIND: kinds, **keywords},
        numbers=numbers,
    )


def fill(engine: Engine, documents: Iterable[Document]) -> None:
    """Put documents in and commit."""
    with engine.writer() as writer:
        writer.apply(list(documents), ())
        writer.commit()


def word(term: str) -> Term:
    return Term(field=WORDS, term=term)


def all_words(words: str) -> Clause:
    return AllOf(clauses=tuple(map(word, words.split())))


def any_words(words: str) -> Clause:
    return AnyOf(clauses=tuple(map(word, words.split())))


def quote(text: str) -> Phrase:
    return Phrase(field=CHARS, terms=tuple(text))


def kind(*kinds: str) -> Filter:
    return Filter(field=KIND, clause=OneOf(field=KIND, terms=kinds))


def docs(found: Found) -> list[int]:
    """Return the ids of the hits, in order."""
    return [hit.doc for hit in found.hits]


def matching(engine: Engine, clause: Clause) -> set[int]:
    """Return the ids of all documents that satisfy a clause."""
    return set(docs(engine.search(Plan(full=clause, limit=1000))))
