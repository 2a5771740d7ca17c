"""The Tantivy engine beyond the contract: how it counts and lists in runs."""

from pathlib import Path

import pytest

from soso.engines.tantivy import TantivyEngine
from soso.engines.tantivy import engine as engine_module
from soso.model.ids import DocId
from soso.schema.document import Document


def test_ids_come_in_runs_and_from_one_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_RUN", 10)
    engine = TantivyEngine(tmp_path, fingerprint="f")
    numbers = [*range(0, 60, 2), 2**63 - 2, 2**63 - 1]
    with engine.writer() as writer:
        for part in (numbers[::2], numbers[1::2]):
            writer.apply([Document(doc=DocId(number)) for number in part], ())
            writer.commit()
        ids = engine.iter_doc_ids()
        assert next(ids) == 0
        writer.apply((), [DocId(number) for number in numbers])
        writer.commit()
    assert list(ids) == numbers[1:]
    assert list(engine.iter_doc_ids()) == []


def test_the_folder_is_found_again(tmp_path: Path) -> None:
    with TantivyEngine(tmp_path, fingerprint="f").writer() as writer:
        writer.apply([Document(doc=DocId(2))], ())
        writer.commit()
    status = TantivyEngine(tmp_path, fingerprint="f").status()
    assert (status.documents, status.fingerprint, status.stale) == (1, "f", False)
