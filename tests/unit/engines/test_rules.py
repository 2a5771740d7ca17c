"""rules: the parts that the contract suite does not reach through an engine."""

import pytest

from soso.engines.rules import (
    check_clause,
    check_doc,
    check_document,
    cut_facet,
    facet_size,
    is_encodable,
    name_clause,
)
from soso.model.errors import BadInput
from soso.model.ids import DocId
from soso.query.clauses import AllOf, Boost, Clause, Nothing, OneOf, Phrase, Range, Term
from soso.schema.document import Document
from soso.schema.fields import AT, CHAT, KIND, LANG, TAG, WORDS


def test_facets_are_ranked_by_count_then_value_and_cut() -> None:
    counts = {"b": 2, "a": 2, "c": 9, "": 1}
    assert cut_facet(LANG, counts) == (("c", 9), ("a", 2), ("b", 2), ("", 1))
    many = {f"{n:03}": 1 for n in range(100)}
    assert [len(cut_facet(name, many)) for name in (CHAT, LANG)] == [20, 40]
    assert (facet_size(CHAT), facet_size(KIND)) == (20, 40)


@pytest.mark.parametrize("doc", [-1, 2**63, 1.0, "2", None, True])
def test_an_id_that_no_engine_can_keep_is_refused(doc: object) -> None:
    with pytest.raises(BadInput):
        check_doc(doc)


def test_ids_at_both_ends_are_kept() -> None:
    assert [check_doc(0), check_doc(2**63 - 1)] == [0, 2**63 - 1]


def test_the_error_names_the_document_the_field_and_what_is_wrong() -> None:
    document = Document(doc=DocId(42), terms={WORDS: ["好", "a b"]})
    with pytest.raises(BadInput, match=r"document 42: field 'words' .* white space"):
        check_document(document)


@pytest.mark.parametrize("term", ["x" * 255, "字" * 85, "🀄" * 63])
def test_the_longest_terms_pass(term: str) -> None:
    check_document(Document(doc=DocId(1), terms={WORDS: [term]}, keywords={TAG: [term]}))


@pytest.mark.parametrize("term", ["x" * 256, "字" * 86, "🀄" * 64, "é" * 128])
def test_terms_are_measured_in_bytes(term: str) -> None:
    for document in (
        Document(doc=DocId(1), terms={WORDS: [term]}),
        Document(doc=DocId(1), keywords={TAG: [term]}),
    ):
        with pytest.raises(BadInput, match="255 bytes"):
            check_document(document)


def test_every_white_space_that_python_knows_is_refused_in_terms() -> None:
    spaces = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    assert "\u3000" in spaces
    for space in spaces:
        with pytest.raises(BadInput):
            check_document(Document(doc=DocId(1), terms={WORDS: [f"a{space}b"]}))


def test_a_clause_of_an_unknown_class_is_refused() -> None:
    class Fuzzy(Clause):
        pass

    with pytest.raises(BadInput, match="Fuzzy"):
        check_clause(AllOf(clauses=(Fuzzy(),)))


def test_what_can_be_encoded() -> None:
    assert is_encodable("中\U0010ffff\x00")
    assert not is_encodable("a\ud800")


def test_clauses_have_names() -> None:
    leaf = Term(field=WORDS, term="新闻")
    named = {
        "words:新闻": leaf,
        "kind:post video": OneOf(field=KIND, terms=("post", "video")),
        "words:a b": Phrase(field=WORDS, terms=("a", "b")),
        "at in [1, None]": Range(field=AT, low=1),
        "times 0.5": Boost(clause=leaf, factor=0.5),
        "all of": AllOf(clauses=(leaf,)),
        "nothing": Nothing(),
    }
    assert {name: name_clause(clause) for name, clause in named.items()} == dict(
        zip(named, named, strict=True)
    )
