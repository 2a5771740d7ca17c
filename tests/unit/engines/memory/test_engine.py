"""The memory engine beyond the contract: what it says of itself."""

from soso.engines.memory import MemoryEngine
from soso.model.ids import DocId
from soso.schema.document import Document
from soso.schema.fields import KIND, WORDS


def test_status_measures_the_terms() -> None:
    engine = MemoryEngine(fingerprint="f1")
    with engine.writer() as writer:
        writer.apply(
            [Document(doc=DocId(2), terms={WORDS: ["新", "ab"]}, keywords={KIND: ["post"]})], ()
        )
        writer.commit()
    status = engine.status()
    assert (status.documents, status.bytes, status.fingerprint, status.stale) == (1, 9, "f1", False)


def test_ids_being_read_are_those_of_one_moment() -> None:
    engine = MemoryEngine()
    with engine.writer() as writer:
        writer.apply([Document(doc=DocId(n)) for n in (4, 2, 6)], ())
        writer.commit()
        ids = engine.iter_doc_ids()
        assert next(ids) == 2
        writer.apply((), [DocId(4)])
        writer.commit()
        assert list(ids) == [4, 6]
