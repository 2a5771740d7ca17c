"""document: what Tantivy is given."""

import pytest

from soso.engines.tantivy.document import build_native
from soso.model.errors import BadInput
from soso.model.ids import DocId
from soso.schema.document import Document
from soso.schema.fields import AT, CHARS, DOC, KIND, NAMES, WORDS


def test_terms_are_joined_and_keywords_are_kept_apart() -> None:
    native = build_native(
        Document(
            doc=DocId(7),
            terms={WORDS: ["新", "闻"], CHARS: ("a",), NAMES: []},
            keywords={KIND: ["post", "a b", "post"]},
            numbers={AT: 5, DOC: 7},
        )
    )
    assert native.to_dict() == {
        DOC: [7],
        AT: [5],
        WORDS: ["新 闻"],
        CHARS: ["a"],
        KIND: ["post", "a b"],
    }


def test_a_bad_document_is_refused() -> None:
    with pytest.raises(BadInput, match="document 7"):
        build_native(Document(doc=DocId(7), terms={WORDS: ["a\u3000b"]}))
