"""A document as Tantivy takes it.

Knows how each type of field is added; must not know the writer. A value of the wrong type kills a
thread of Tantivy's writer long after it was added, and an unknown field is dropped without a word,
so everything is checked before anything is added.
"""

import tantivy

from soso.engines.rules import check_document
from soso.schema.document import Document
from soso.schema.fields import DOC


def build_native(document: Document) -> tantivy.Document:
    """Return Tantivy's form of a document. Raises BadInput, see rules.check_document.

    Joined by the ASCII space, on which Tantivy splits; giving it tokens takes twice as long.
    """
    joined = check_document(document)
    native = tantivy.Document()
    native.add_unsigned(DOC, document.doc)
    for name, number in document.numbers.items():
        if name != DOC:
            native.add_unsigned(name, number)
    for name, text in joined.items():
        native.add_text(name, text)
    for name, keywords in document.keywords.items():
        for keyword in dict.fromkeys(keywords):  # one given twice would be counted twice in facets
            native.add_text(name, keyword)
    return native
