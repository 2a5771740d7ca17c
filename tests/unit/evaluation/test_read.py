import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from soso.evaluation.read import find_sets, load_set
from soso.model.chat import ChatKind
from soso.model.errors import BadInput

CORPUS = [
    {"id": "d1", "text": "第一篇", "title": "标题"},
    {"id": 2, "text": "第二篇", "extra": {"ignored": True}},
    {"id": "d3", "text": None},
]
QUERIES = [
    {"id": "q1", "text": "第一"},
    {"id": "q2", "text": "第二", "self": 2},
    {"id": "q3", "text": "没有相关的"},
]
QRELS = "q1\td1\t1\nq1\t2\t0\nq2\td1\t3\nq3\td1\t0\n"


def write(folder: Path, *, packed: bool = False, **parts: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in parts.items():
        if isinstance(rows, str):
            (folder / f"{name}.tsv").write_text(rows, "utf-8")
            continue
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        file = folder / f"{name}.jsonl{'.gz' if packed else ''}"
        file.write_bytes(gzip.compress(content) if packed else content)
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_reads_a_set(tmp_path: Path, packed: bool) -> None:
    folder = write(tmp_path / "news", packed=packed, corpus=CORPUS, queries=QUERIES, qrels=QRELS)
    found = load_set(folder)
    assert found.name == "news"
    assert [document.id for document in found.documents] == ["d1", "2", "d3"]
    assert found.documents[0].whole == "标题\n第一篇"
    assert [(query.id, query.own) for query in found.queries] == [("q1", None), ("q2", "2")]
    assert found.grades == {"q1": {"d1": 1, "2": 0}, "q2": {"d1": 3}}
    assert not found.of_chats
    assert found.can_be_related


def test_a_folder_of_sets_gives_them_by_name(tmp_path: Path) -> None:
    two = write(tmp_path / "two", corpus=CORPUS, queries=QUERIES, qrels=QRELS)
    one = write(tmp_path / "one", pairs=[{"a": "x", "b": "y", "label": 1}])
    write(tmp_path / "text_only", corpus=CORPUS)
    (tmp_path / "README.md").write_text("about")
    assert find_sets(tmp_path) == [one, two]
    assert find_sets(two) == [two]


def test_says_what_is_no_set(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no labelled set"):
        find_sets(tmp_path)
    with pytest.raises(BadInput, match="no folder"):
        find_sets(tmp_path / "missing")
    with pytest.raises(BadInput, match=r"no corpus\.jsonl"):
        load_set(write(tmp_path / "bare", qrels=QRELS))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"corpus": [*CORPUS, {"id": "d1", "text": "again"}]}, r"corpus\.jsonl: .*'d1'"),
        ({"corpus": [{"text": "no id"}]}, r"corpus\.jsonl, line 1"),
        ({"queries": [{"id": "q1", "text": 5}]}, r"queries\.jsonl, line 1"),
        ({"qrels": "q1\td1\t1\nq1\td1\n"}, r"qrels\.tsv, line 2"),
        ({"qrels": "q1\tunknown\t1\n"}, "no document 'unknown'"),
        ({"qrels": "q1\td1\t0\n"}, "no query has a relevant document"),
    ],
)
def test_says_where_a_set_is_broken(tmp_path: Path, parts: dict[str, Any], said: str) -> None:
    whole = {"corpus": CORPUS, "queries": QUERIES, "qrels": QRELS, **parts}
    with pytest.raises(BadInput, match=said):
        load_set(write(tmp_path / "set", **whole))


def test_a_damaged_archive_is_bad_input(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", packed=True, corpus=CORPUS, queries=QUERIES, qrels=QRELS)
    packed = folder / "corpus.jsonl.gz"
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(BadInput, match="can't be read"):
        load_set(folder)
    packed.write_bytes(b"not gzip")
    with pytest.raises(BadInput, match="can't be read"):
        load_set(folder)


def test_the_head_of_a_table_of_judgements_is_no_judgement(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "set",
        corpus=CORPUS,
        queries=QUERIES,
        qrels="query\tdocument\tgrade\n" + QRELS.replace("\n", "\r\n") + "\n",
    )
    assert load_set(folder).grades["q1"] == {"d1": 1, "2": 0}


def test_documents_with_an_address_of_a_chat_are_chats(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "介绍", "url": "https://t.me/a_channel", "members": "12,345"},
        {"id": "b", "text": "介绍", "url": "https://t.me/s/a_group", "kind": "群组"},
        {"id": "c", "text": "介绍", "url": "https://t.me/a_bot", "kind": "Bot", "members": 7},
        {"id": "d", "text": "介绍", "url": "https://t.me/a_channel/12"},
        {"id": "e", "text": "介绍", "url": "https://example.org/a"},
    ]
    folder = write(tmp_path / "directory", corpus=rows, queries=QUERIES[:1], qrels="q1\ta\t1\n")
    found = load_set(folder)
    facts = [document.chat for document in found.documents]
    assert [(one.kind, one.username, one.members) for one in facts if one is not None] == [
        (ChatKind.CHANNEL, "a_channel", 12_345),
        (ChatKind.GROUP, "a_group", None),
        (ChatKind.BOT, "a_bot", 7),
    ]
    assert facts[3:] == [None, None]
    assert found.of_chats


def test_all_documents_of_a_set_named_so_are_chats(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "tg_channel_topics", corpus=CORPUS, queries=QUERIES[:1], qrels="q1\td1\t1\n"
    )
    assert all(document.chat is not None for document in load_set(folder).documents)


def test_of_pairs_every_a_asks_for_its_b(tmp_path: Path) -> None:
    pairs = [
        {"a": "怎么办", "b": "如何是好", "label": 1},
        {"a": "怎么办", "b": "别的事", "label": 0},
        {"a": "无人相配", "b": "别的事", "label": 0},
        {"a": "相同", "b": "相同", "label": 1},
        {"a": "别的事", "b": "另一件", "label": 1},
    ]
    folder = write(tmp_path / "pairs", pairs=pairs)
    found = load_set(folder)
    texts = {document.id: document.text for document in found.documents}
    assert list(texts.values()) == ["如何是好", "别的事", "相同", "另一件"]
    asked = {
        query.text: {texts[doc]: grade for doc, grade in found.grades[query.id].items()}
        for query in found.queries
    }
    assert asked == {"怎么办": {"如何是好": 1, "别的事": 0}, "别的事": {"另一件": 1}}
    owns = {query.text: query.own and texts[query.own] for query in found.queries}
    assert owns == {"怎么办": None, "别的事": "别的事"}
    related = load_set(folder, related=True)
    assert len(related.documents) == 6
    assert all(query.own is not None for query in related.queries)


def test_labels_above_one_are_grades_from_the_lowest(tmp_path: Path) -> None:
    pairs = [
        {"a": "甲", "b": "乙", "label": 1.0},
        {"a": "甲", "b": "丙", "label": 3.667},
        {"a": "丁", "b": "乙", "label": 1.3},
    ]
    found = load_set(write(tmp_path / "pairs", pairs=pairs))
    assert [query.text for query in found.queries] == ["甲"]
    assert sorted(found.grades[found.queries[0].id].values()) == [0, 3]


def test_pairs_without_a_match_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "pairs", pairs=[{"a": "甲", "b": "乙", "label": 0}])
    with pytest.raises(BadInput, match="no pair belongs together"):
        load_set(folder)
