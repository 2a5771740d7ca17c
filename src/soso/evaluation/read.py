"""Labelled sets from files, in the common form, plain or gzipped.

    SET/corpus.jsonl[.gz]   {"id", "text"[, "title"]}
    SET/queries.jsonl[.gz]  {"id", "text"[, "self"]}     self: the query is this document
    SET/qrels.tsv           query id, document id, grade  (0: judged, not relevant)
or
    SET/pairs.jsonl[.gz]    {"a", "b", "label"}           a asks for its b among all the b

Documents are posts. They are chats in a set whose name begins with tg_channel, and wherever a row
names an address on t.me without a post: {"url": "https://t.me/NAME"[, "kind", "members"]}. What a
row has besides is ignored. Raises BadInput naming the file and the line.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from soso.evaluation.sets import ChatFacts, LabelledDocument, LabelledQuery, LabelledSet
from soso.model.chat import ChatKind
from soso.model.errors import BadInput

CHATS_NAME: Final = "tg_channel"
_CHAT_URL: Final = re.compile(r"https?://t\.me/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})/?")
_KINDS: Final = {
    "频道": ChatKind.CHANNEL,
    "channel": ChatKind.CHANNEL,
    "群组": ChatKind.GROUP,
    "group": ChatKind.GROUP,
    "机器人": ChatKind.BOT,
    "bot": ChatKind.BOT,
}


class _DocumentRow(msgspec.Struct):
    id: str | int
    text: str | None = None
    title: str | None = None
    kind: str | None = None
    url: str | None = None
    members: str | int | None = None


class _QueryRow(msgspec.Struct, rename={"own": "self"}):
    id: str | int
    text: str
    own: str | int | None = None


class _PairRow(msgspec.Struct):
    a: str
    b: str
    label: float


Row = TypeVar("Row")


def find_sets(path: Path) -> list[Path]:
    """Return the folder itself if it is a set, else the sets that are its children, by name."""
    if not path.is_dir():
        raise BadInput(f"{path} is no folder; a labelled set is a folder with corpus.jsonl in it")
    if _is_set(path):
        return [path]
    found = sorted(child for child in path.iterdir() if child.is_dir() and _is_set(child))
    if not found:
        raise BadInput(
            f"{path} holds no labelled set: corpus.jsonl with queries.jsonl and qrels.tsv, "
            "or pairs.jsonl"
        )
    return found


def _is_set(folder: Path) -> bool:
    return (folder / "qrels.tsv").is_file() or _file(folder, "pairs") is not None


def _file(folder: Path, name: str) -> Path | None:
    ways = (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz")
    return next((way for way in ways if way.is_file()), None)


def _needed(folder: Path, name: str) -> Path:
    file = _file(folder, name)
    if file is None:
        raise BadInput(f"{folder} has no {name}.jsonl")
    return file


def load_set(folder: Path, *, related: bool = False) -> LabelledSet:
    """Read a set. Queries without a relevant document are left out.

    related: related posts will be asked for, so of pairs both sides are documents.
    """
    name = folder.resolve().name
    if not (folder / "qrels.tsv").is_file():
        pairs = list(_rows(_needed(folder, "pairs"), _PairRow))
        return _from_pairs(name, pairs, related=related)
    corpus = _needed(folder, "corpus")
    all_chats = name.startswith(CHATS_NAME)
    rows = _rows(corpus, _DocumentRow)
    documents = _distinct(corpus, (_document(row, all_chats=all_chats) for row in rows))
    asked = _needed(folder, "queries")
    queries = read_queries(asked)
    grades = _grades(folder / "qrels.tsv", {document.id for document in documents})
    wanted = tuple(query for query in queries if any(grades.get(query.id, {}).values()))
    if not wanted:
        raise BadInput(f"{folder}: no query has a relevant document")
    return LabelledSet(
        name=name,
        documents=documents,
        queries=wanted,
        grades={query.id: grades[query.id] for query in wanted},
    )


def read_queries(file: Path) -> tuple[LabelledQuery, ...]:
    """Read a file of queries. Raises BadInput."""
    rows = _rows(file, _QueryRow)
    return _distinct(
        file,
        (
            LabelledQuery(
                id=str(row.id), text=row.text, own=None if row.own is None else str(row.own)
            )
            for row in rows
        ),
    )


def _from_pairs(name: str, rows: Sequence[_PairRow], *, related: bool) -> LabelledSet:
    """Labels above 1 are grades, counted from the lowest label, which then means nothing in common.

    A pair of equal texts says nothing: a query's own document is not in its ranking.
    """
    labels = {row.label for row in rows}
    lowest = min(labels, default=0) if any(label > 1 for label in labels) else 0
    texts = [row.b for row in rows] + ([row.a for row in rows] if related else [])
    documents = {text: f"d{number}" for number, text in enumerate(dict.fromkeys(texts))}
    grades: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.a != row.b:
            judged, doc = grades.setdefault(row.a, {}), documents[row.b]
            judged[doc] = max(judged.get(doc, 0), round(row.label - lowest))
    queries = {
        text: LabelledQuery(id=f"q{number}", text=text, own=documents.get(text))
        for number, (text, judged) in enumerate(grades.items())
        if any(judged.values())
    }
    if not queries:
        raise BadInput(f"{name}: no pair belongs together and differs")
    return LabelledSet(
        name=name,
        documents=tuple(LabelledDocument(id=doc, text=text) for text, doc in documents.items()),
        queries=tuple(queries.values()),
        grades={query.id: grades[text] for text, query in queries.items()},
    )


def _document(row: _DocumentRow, *, all_chats: bool) -> LabelledDocument:
    address = _CHAT_URL.fullmatch(row.url or "")
    chat = None
    if all_chats or address is not None:
        digits = re.sub(r"\D", "", str(row.members or ""))[:12]
        chat = ChatFacts(
            kind=_KINDS.get((row.kind or "").strip().lower(), ChatKind.CHANNEL),
            username=address[1] if address is not None else None,
            members=int(digits) if digits else None,
        )
    return LabelledDocument(
        id=str(row.id), text=row.text or "", title=(row.title or "").strip(), chat=chat
    )


Named = TypeVar("Named", LabelledDocument, LabelledQuery)


def _distinct(file: Path, rows: Iterable[Named]) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for row in rows:
        if found.setdefault(row.id, row) is not row:
            raise BadInput(f"{file}: two rows have the id {row.id!r}")
    return tuple(found.values())


def _grades(file: Path, documents: set[str]) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in _lines(file):
        parts = line.split("\t")
        try:
            query, doc, grade = parts[0], parts[1], int(parts[2])
        except (IndexError, ValueError) as error:
            if number == 1 and len(parts) >= 3:
                continue  # the head of a table
            raise BadInput(f"{file}, line {number}: not query, document, grade") from error
        if doc not in documents:
            raise BadInput(f"{file}, line {number}: the corpus has no document {doc!r}")
        grades.setdefault(query, {})[doc] = max(grade, 0)
    return grades


def _rows(file: Path, shape: type[Row]) -> Iterator[Row]:
    decoder = msgspec.json.Decoder(shape)
    for number, line in _lines(file):
        try:
            yield decoder.decode(line)
        except msgspec.MsgspecError as error:
            raise BadInput(f"{file}, line {number}: {error}") from error


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold something, with their numbers from 1."""
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadInput(f"{file} can't be read: {error}") from error
