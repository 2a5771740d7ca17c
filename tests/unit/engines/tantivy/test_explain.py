"""explain: a tree in our own words, of what matched."""

import tantivy

from soso.engines.tantivy.document import build_native
from soso.engines.tantivy.explain import Explainer
from soso.engines.tantivy.mapping import build_schema
from soso.model.ids import DocId
from soso.query.clauses import AllOf, AnyOf, Boost, Not, Phrase, Term
from soso.schema.document import Document
from soso.schema.fields import TITLE, WORDS


def test_only_what_matched_is_told_and_it_adds_up() -> None:
    index = tantivy.Index(build_schema())
    writer = index.writer(15_000_000, 1)
    terms = {WORDS: ["新", "闻", "新"], TITLE: ["新"]}
    writer.add_document(build_native(Document(doc=DocId(0), terms=terms)))
    writer.add_document(build_native(Document(doc=DocId(1), terms={WORDS: ["闻"]})))
    writer.commit()
    index.reload()
    explainer = Explainer(index.searcher(), index.schema, DocId(0))
    new = Term(field=WORDS, term="新")
    clause = AnyOf(
        clauses=(
            Boost(clause=Term(field=TITLE, term="新"), factor=3.0),
            AllOf(clauses=(new, Phrase(field=WORDS, terms=("新", "闻")))),
            Term(field=WORDS, term="旧"),
            Not(clause=new),
        )
    )
    told = explainer.explain(clause)
    assert told is not None
    assert [part.what for part in told.parts] == ["times 3", "all of"]
    boost, both = told.parts
    assert boost.parts[0].what == "title:新"
    assert boost.value == boost.parts[0].value * 3
    assert [part.what for part in both.parts] == ["words:新", "words:新 闻"]
    assert both.value == sum(part.value for part in both.parts)
    assert told.value == boost.value + both.value
    assert any("idf" in part.what for part in both.parts[0].parts)
    assert explainer.explain(Term(field=WORDS, term="旧")) is None
    assert explainer.explain(Not(clause=new)) is None
    assert Explainer(index.searcher(), index.schema, DocId(9)).explain(clause) is None
