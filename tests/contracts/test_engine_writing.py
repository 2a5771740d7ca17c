"""The port engine, writing: upserts, deletes, bad documents, who may write, rebuilding."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

import pytest

from soso.model.errors import BadInput, Busy
from soso.model.ids import DocId
from soso.ports.engine import Engine
from soso.query.clauses import Everything, Term
from soso.query.plan_types import Plan
from soso.schema.document import Document
from soso.schema.fields import AT, CHARS, KIND, TAG, WORDS

from .engine_cases import (
    ENGINES,
    EVERY_ENGINE,
    EVERYTHING,
    docs,
    fill,
    matching,
    open_engine,
    post,
    word,
)


@pytest.fixture(params=EVERY_ENGINE)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return open_engine(request, tmp_path)


def ids(*numbers: int) -> Sequence[DocId]:
    return [DocId(number) for number in numbers]


def test_nothing_is_seen_before_the_commit(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.apply([post(2, "甲")], ())
        assert engine.search(EVERYTHING).total == 0
        writer.commit()
        assert docs(engine.search(EVERYTHING)) == [2]
        writer.apply((), ids(2))
        assert docs(engine.search(EVERYTHING)) == [2]
        writer.commit()
        assert engine.search(EVERYTHING).total == 0


def test_an_upsert_replaces_the_whole_document(engine: Engine) -> None:
    fill(engine, [post(2, "甲 乙", kinds=("post", "video"), tag=("old",)), post(4, "甲")])
    fill(engine, [post(2, "丙")])
    assert matching(engine, word("甲")) == {4}
    assert matching(engine, word("丙")) == {2}
    found = engine.search(Plan(full=Everything(), facets=(KIND,)))
    assert (found.total, found.facets[KIND]) == (2, (("post", 2),))
    assert engine.status().documents == 2
    assert list(engine.iter_doc_ids()) == [2, 4]


def test_of_one_document_given_twice_the_last_stays(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.apply([post(2, "一"), post(4, "四"), post(2, "二")], ())
        writer.apply([post(4, "五")], ())
        writer.commit()
    assert [matching(engine, word(w)) for w in "一二四五"] == [set(), {2}, set(), {4}]


def test_a_document_put_in_and_taken_out_at_once_is_out(engine: Engine) -> None:
    fill(engine, [post(4, "甲")])
    with engine.writer() as writer:
        writer.apply([post(2, "甲"), post(4, "乙")], ids(2, 4, 6))
        writer.commit()
    assert engine.search(EVERYTHING).total == 0


def test_a_document_taken_out_may_come_again(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.apply([post(2, "甲")], ())
        writer.apply((), ids(2))
        writer.apply([post(2, "乙")], ())
        writer.commit()
    assert (matching(engine, word("甲")), matching(engine, word("乙"))) == (set(), {2})


def test_what_was_not_committed_is_forgotten(engine: Engine) -> None:
    fill(engine, [post(2, "甲")])
    with engine.writer() as writer:
        writer.apply([post(4, "甲")], ids(2))
    context = engine.writer()
    context.__enter__().apply([post(6, "甲")], ids(2))
    error = RuntimeError("the caller's own")
    assert not context.__exit__(RuntimeError, error, None)
    fill(engine, [post(8, "甲")])
    assert matching(engine, word("甲")) == {2, 8}


BAD: list[Document] = [
    Document(doc=DocId(66), terms={WORDS: ["好", "a b"]}),
    Document(doc=DocId(66), terms={WORDS: ["好", "a\u3000b"]}),
    Document(doc=DocId(66), terms={WORDS: ["好", "\u00a0"]}),
    Document(doc=DocId(66), terms={WORDS: ["好", "a\u2028b"]}),
    Document(doc=DocId(66), terms={WORDS: ["好", "a\n"]}),
    Document(doc=DocId(66), terms={WORDS: ["好", ""]}),
    Document(doc=DocId(66), terms={WORDS: ["好", "\ud83d"]}),
    Document(doc=DocId(66), terms={WORDS: ["好", "x" * 256]}),
    Document(doc=DocId(66), terms={WORDS: ["好", "字" * 86]}),
    Document(doc=DocId(66), terms={WORDS: ["好", 5]}),  # type: ignore[list-item]
    Document(doc=DocId(66), terms={WORDS: ["好", None]}),  # type: ignore[list-item]
    Document(doc=DocId(66), terms={WORDS: "好"}),
    Document(doc=DocId(66), terms={WORDS: None}),  # type: ignore[dict-item]
    Document(doc=DocId(66), terms={KIND: ["好"]}),
    Document(doc=DocId(66), terms={"nowhere": ["好"]}),
    Document(doc=DocId(66), terms=None),  # type: ignore[arg-type]
    Document(doc=DocId(66), terms={WORDS: ["好"]}, keywords={TAG: ["x" * 256]}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, keywords={TAG: ["\udfff"]}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, keywords={TAG: [b"x"]}),  # type: ignore[list-item]
    Document(doc=DocId(66), terms={WORDS: ["好"]}, keywords={TAG: "tag"}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, keywords={WORDS: ["x"]}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={AT: -1}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={AT: 2**63}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={AT: 1.0}),  # type: ignore[dict-item]
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={AT: True}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={AT: "5"}),  # type: ignore[dict-item]
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={AT: None}),  # type: ignore[dict-item]
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={"doc": 67}),
    Document(doc=DocId(66), terms={WORDS: ["好"]}, numbers={"nowhere": 1}),
    Document(doc=DocId(-66), terms={WORDS: ["好"]}),
    Document(doc="66", terms={WORDS: ["好"]}),  # type: ignore[arg-type]
    Document(doc=DocId(2**64 + 66), terms={WORDS: ["好"]}),
]


@pytest.mark.parametrize("bad", BAD)
def test_one_bad_document_among_good_ones_loses_no_good_one(engine: Engine, bad: Document) -> None:
    fill(engine, [post(2, "好 旧")])
    first = [post(4, "好"), post(6, "好")]
    second = [post(2, "好 新"), bad, post(8, "好")]
    with engine.writer() as writer:
        writer.apply(first, ())
        with pytest.raises(BadInput, match=str(bad.doc)):
            writer.apply(second, ids(6))
        writer.apply([document for document in second if document is not bad], ids(6))
        writer.apply([post(10, "好")], ())
        writer.commit()
    assert matching(engine, word("好")) == {2, 4, 8, 10}
    assert (matching(engine, word("旧")), matching(engine, word("新"))) == (set(), {2})
    assert engine.status().documents == 4
    fill(engine, [post(12, "好")])
    assert matching(engine, word("好")) == {2, 4, 8, 10, 12}


def test_nothing_of_a_refused_call_is_kept(engine: Engine) -> None:
    fill(engine, [post(2, "旧")])
    with engine.writer() as writer:
        writer.apply([post(4, "前")], ())
        with pytest.raises(BadInput):
            writer.apply([post(2, "新"), post(6, "新"), BAD[0]], ids(2, 4))
        with pytest.raises(BadInput):
            writer.apply([post(6, "新")], ids(-1))
        writer.commit()
    assert matching(engine, Everything()) == {2, 4}
    assert matching(engine, word("旧")) == {2}


def test_odd_but_sound_terms_are_found(engine: Engine) -> None:
    terms = [
        "\x00",
        "a\x00b",
        "\ufeff",
        "\u200b",
        "🀄",
        "e\u0301",
        "\U0010ffff",
        "x" * 255,
        "'\"(",
        "-",
    ]
    keywords = ["", " ", "a\tb c", "\x00", "\x01", "字" * 85, *terms]
    odd = Document(doc=DocId(0), terms={CHARS: terms}, keywords={TAG: keywords, KIND: keywords})
    big = Document(doc=DocId(2**63 - 1), numbers={AT: 2**63 - 1})
    fill(engine, [odd, big, post(2, "甲")])
    for term in terms:
        assert matching(engine, Term(field=CHARS, term=term)) == {0}, term
    for keyword in keywords:
        assert matching(engine, Term(field=TAG, term=keyword)) == {0}, keyword
    assert list(engine.iter_doc_ids()) == [0, 2, 2**63 - 1]
    found = engine.search(Plan(full=Everything(), facets=(KIND,)))
    assert dict(found.facets[KIND]) == dict.fromkeys([*keywords, "post"], 1)


@pytest.mark.parametrize("engine", ENGINES, indirect=True)  # elsewhere many may write
def test_a_second_writer_is_told_at_once_and_the_first_goes_on(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.apply([post(2, "甲")], ())
        with pytest.raises(Busy), engine.writer():
            pytest.fail("two writers")
        with pytest.raises(Busy), engine.rebuild():
            pytest.fail("a rebuild beside a writer")
        writer.commit()
    with engine.rebuild() as writer:
        with pytest.raises(Busy), engine.writer():
            pytest.fail("a writer beside a rebuild")
        with pytest.raises(Busy), engine.rebuild():
            pytest.fail("two rebuilds")
        writer.apply([post(4, "乙")], ())
        writer.commit()
    assert docs(engine.search(EVERYTHING)) == [4]
    fill(engine, [post(6, "丙")])
    assert docs(engine.search(EVERYTHING)) == [6, 4]


def test_a_rebuild_is_seen_when_it_is_whole(engine: Engine) -> None:
    fill(engine, [post(2, "旧"), post(4, "旧")])
    with engine.rebuild() as writer:
        writer.apply([post(4, "一"), post(6, "一")], ())
        writer.commit()
        assert matching(engine, Everything()) == {2, 4}
        writer.apply([post(4, "二"), post(8, "一"), post(8, "二")], ids(6, 99))
        assert matching(engine, Everything()) == {2, 4}
    assert matching(engine, Everything()) == {4, 8}
    assert matching(engine, word("二")) == {4, 8}
    assert matching(engine, word("一")) == set()
    assert engine.status().documents == 2
    fill(engine, [post(8, "三")])
    assert matching(engine, word("三")) == {8}
    assert matching(engine, Everything()) == {4, 8}


def test_a_rebuild_survives_a_bad_document(engine: Engine) -> None:
    with engine.rebuild() as writer:
        writer.apply([post(2, "甲")], ())
        with pytest.raises(BadInput):
            writer.apply([post(4, "甲"), BAD[0]], ())
        writer.apply([post(4, "乙")], ())
    assert matching(engine, Everything()) == {2, 4}
    assert matching(engine, word("甲")) == {2}


def test_a_rebuild_that_fails_leaves_the_old_index(engine: Engine) -> None:
    fill(engine, [post(2, "旧")])
    context = engine.rebuild()
    writer = context.__enter__()
    writer.apply([post(4, "新")], ())
    writer.commit()
    assert not context.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert docs(engine.search(EVERYTHING)) == [2]
    with engine.rebuild() as writer:
        writer.apply([post(6, "新")], ())
    assert docs(engine.search(EVERYTHING)) == [6]


def test_an_empty_rebuild_empties(engine: Engine) -> None:
    fill(engine, [post(2, "旧")])
    with engine.rebuild():
        pass
    assert engine.search(EVERYTHING).total == 0


def test_searches_never_fail_while_the_index_is_written_and_rebuilt(engine: Engine) -> None:
    """Every answer is of one commit: all of a generation's documents, and none of another's.

    In a cluster it is so for each document: shards show a commit one after another.
    """
    at_once = engine.builds is None
    generations = [[post(2 * k, f"代{n}") for k in range(20)] for n in range(12)]
    fill(engine, generations[0])
    done, failures = Event(), []

    def search() -> None:
        plan = Plan(full=Everything(), limit=100, facets=(KIND,))
        while not done.is_set():
            try:
                found = engine.search(plan)
                assert (found.total, len(found.hits), found.facets[KIND]) == (
                    20,
                    20,
                    (("post", 20),),
                )
                sizes = sorted(engine.search(Plan(full=word(f"代{n}"))).total for n in range(12))
                assert sizes[-1] in {0, 20} or not at_once  # 0: between two of these searches
            except BaseException as error:
                failures.append(error)
                raise

    threads = [Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number, documents in enumerate(generations[1:]):
        if number % 2:
            fill(engine, documents)
        else:
            with engine.rebuild() as writer:
                writer.apply(documents, ())
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert matching(engine, word("代11")) == {2 * k for k in range(20)}
