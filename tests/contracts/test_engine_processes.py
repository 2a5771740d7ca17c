"""The port engine on disk: other processes, crashes, old and damaged indexes, a full disk."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import tantivy

from soso.engines.tantivy import TantivyEngine
from soso.engines.tantivy import engine as engine_module
from soso.engines.tantivy import writer as writer_module
from soso.engines.tantivy.mapping import build_schema
from soso.model.errors import BadInput, Busy, IndexMismatch, SosoError, Unavailable
from soso.model.ids import DocId
from soso.query.clauses import Everything, Term
from soso.query.plan_types import Plan, Sort
from soso.schema.document import Document
from soso.schema.fields import AT, BIGRAMS, ORDER, SCHEMA, WORDS

from .engine_cases import EVERYTHING, docs, fill, matching, post, word
from .engine_child import BATCH

CHILD = Path(__file__).with_name("engine_child.py")


class Child:
    """A running engine_child."""

    def __init__(self, verb: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(CHILD), verb, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the other process ended early"
        return line.strip()

    def hear_rest(self) -> list[str]:
        assert self._process.stdout is not None
        return self._process.stdout.read().split()

    def tell(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[str], Child]]:
    children: list[Child] = []

    def _start(verb: str) -> Child:
        children.append(Child(verb, folder))
        return children[-1]

    yield _start
    for child in children:
        child.kill()
        child.end()


Start = Callable[[str], Child]


def ours(folder: Path, fingerprint: str = "ours") -> TantivyEngine:
    return TantivyEngine(folder, fingerprint=fingerprint, heap_bytes=15_000_000)


def test_a_writer_in_another_process_keeps_ours_out_until_it_dies(
    folder: Path, start: Start
) -> None:
    engine = ours(folder)
    child = start("hold")
    assert child.hear() == "held"
    for context in (engine.writer, engine.rebuild):
        with pytest.raises(Busy), context():
            pytest.fail("two writers")
    assert engine.search(EVERYTHING).total == 0
    child.kill()
    child.end()
    fill(engine, [post(2)])
    child = start("hold")
    assert child.hear() == "held"
    child.tell()
    child.end()
    fill(engine, [post(4)])
    assert matching(engine, Everything()) == {2, 4}


def test_readers_in_another_process_see_commits_and_rebuilds(folder: Path, start: Start) -> None:
    engine = ours(folder)
    reader = start("count")

    def told() -> int:
        reader.tell()
        return int(reader.hear())

    assert told() == 0
    for number in range(1, 6):
        fill(engine, [post(2 * number)])
        assert told() == number
    for number in range(1, 6):
        with engine.rebuild() as writer:
            writer.apply([post(2 * k) for k in range(10 * number)], ())
            assert told() == (5 if number == 1 else 10 * (number - 1))
        assert told() == 10 * number
    fill(engine, [post(999)])
    assert told() == 51


@pytest.mark.parametrize("heard", [1, 3, 7])
def test_killing_a_writer_loses_nothing_committed(folder: Path, start: Start, heard: int) -> None:
    engine = ours(folder)
    for _ in range(2):
        child = start("write")
        for _ in range(heard):
            child.hear()
        child.kill()
        committed = [int(line) for line in child.hear_rest()] or [-1]
        child.end()
        found = matching(engine, Everything())
        least = committed[-1] + 1 if committed[-1] >= 0 else heard
        assert len(found) % BATCH == 0  # a batch is there as a whole or not at all
        assert found == set(range(len(found)))
        assert len(found) >= least * BATCH
    fill(engine, [post(10**6)])
    assert engine.search(EVERYTHING).total == len(found) + 1


def test_killing_a_rebuild_leaves_the_old_index_and_no_litter(folder: Path, start: Start) -> None:
    engine = ours(folder)
    fill(engine, [post(2)])
    child = start("rebuild")
    for _ in range(3):
        child.hear()
    child.kill()
    child.end()
    assert docs(engine.search(EVERYTHING)) == [2]
    assert len(list(folder.glob("0*"))) == 2
    fill(engine, [post(4)])
    assert docs(engine.search(EVERYTHING)) == [4, 2]
    assert len(list(folder.glob("0*"))) == 1
    with engine.rebuild() as writer:
        writer.apply([post(6)], ())
    assert docs(ours(folder).search(EVERYTHING)) == [6]
    assert len(list(folder.glob("0*"))) == 1


def test_many_processes_may_open_a_new_folder_at_once(folder: Path, start: Start) -> None:
    children = [start("open") for _ in range(4)]
    assert [child.hear() for child in children] == ["0"] * 4
    fill(ours(folder), [post(2)])
    assert start("open").hear() == "1"


def test_a_full_disk_is_an_error_and_loses_nothing(folder: Path, start: Start) -> None:
    if sys.platform == "win32":
        pytest.skip("needs a limit on the size of files")
    told = start("full").hear_rest()
    assert told == ["Unavailable", str(BATCH), str(BATCH), str(2 * BATCH)]
    assert ours(folder).search(EVERYTHING).total == 2 * BATCH


def test_a_dead_thread_in_the_writer_loses_nothing_silently(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a wrong value in Tantivy's hands does, were one ever to pass our checks."""
    real = writer_module.build_native

    def build(document: Document) -> tantivy.Document:
        native = real(document)
        if document.doc == 666:
            native.add_text(AT, "not a number")
        return native

    monkeypatch.setattr(writer_module, "build_native", build)
    engine = ours(folder)
    fill(engine, [post(2)])
    good = [post(2 * k, "甲") for k in range(2, 40)]
    with engine.writer() as writer:
        writer.apply(good[:5], ())
        failed = 0
        for _ in range(3):
            try:
                writer.apply([*good[5:10], post(666), *good[10:]], ())
                writer.commit()
            except Unavailable:
                failed += 1
        assert failed == 3
        assert docs(engine.search(EVERYTHING)) == [2]
        writer.apply(good, ())
        writer.commit()
    assert matching(engine, word("甲")) == {document.doc for document in good}
    assert engine.status().documents == 1 + len(good)


def test_a_writer_that_can_not_roll_back_is_opened_anew(
    folder: Path,
) -> None:
    def fail() -> None:
        raise ValueError("no space left on device")

    engine = ours(folder)
    with engine.writer() as writer:
        writer.apply([post(2)], ())
        native = vars(writer).pop("_native")  # whose methods can't be replaced
        vars(writer)["_native"] = SimpleNamespace(native=native, commit=fail, rollback=fail)
        del native
        with pytest.raises(Unavailable, match="no space") as raised:
            writer.commit()
        writer.apply([post(4)], ())  # while the error, with all it refers to, is still held
        writer.commit()
        assert raised.value.__cause__ is not None
    assert matching(engine, Everything()) == {4}


def test_another_fingerprint_serves_but_is_not_written(folder: Path) -> None:
    old = ours(folder, "old")
    fill(old, [post(2, "甲")])
    engine = ours(folder, "new")
    status = engine.status()
    assert (status.fingerprint, status.stale, status.documents) == ("old", True, 1)
    assert docs(engine.search(Plan(full=word("甲")))) == [2]
    with pytest.raises(IndexMismatch), engine.writer():
        pytest.fail("wrote to another version's index")
    assert not old.status().stale
    with engine.rebuild() as writer:
        writer.apply([post(4, "甲")], ())
    status = engine.status()
    assert (status.fingerprint, status.stale, status.documents) == ("new", False, 1)
    fill(engine, [post(6, "甲")])
    assert old.status().stale
    assert docs(old.search(Plan(full=word("甲"), sort=Sort.NEWEST))) == [6, 4]
    with pytest.raises(IndexMismatch), old.writer():
        pytest.fail("wrote to another version's index")


def test_an_old_schema_answers_what_it_can(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_fields = [field for field in SCHEMA if field.name not in {BIGRAMS, "month"}]
    monkeypatch.setattr(engine_module, "build_schema", lambda: build_schema(old_fields))
    monkeypatch.setattr(engine_module, "SCHEMA", old_fields)
    with ours(folder, "old").writer() as writer:
        writer.apply([post(2, "甲")], ())
        writer.commit()
    monkeypatch.undo()
    engine = ours(folder, "new")
    assert docs(engine.search(Plan(full=word("甲"), facets=("kind",)))) == [2]
    bigram = Term(field=BIGRAMS, term="甲乙")
    for plan in (Plan(full=bigram), Plan(full=word("甲"), facets=("month",))):
        with pytest.raises(IndexMismatch, match="reindex"):
            engine.search(plan)
    with pytest.raises(IndexMismatch):
        engine.doc_freqs(BIGRAMS, ["甲乙"])
    with pytest.raises(IndexMismatch):
        engine.explain(Plan(full=word("甲"), score=bigram), DocId(2))
    assert list(engine.iter_doc_ids()) == [2]


def _lose_pointer(folder: Path) -> None:
    (folder / "current").unlink()


def _forge_pointer(folder: Path) -> None:
    (folder / "current").write_text("../../etc")


def _garble_pointer(folder: Path) -> None:
    (folder / "current").write_bytes(b"\xff\xfe\x00")


def _lose_build(folder: Path) -> None:
    build = folder / (folder / "current").read_text()
    build.rename(folder / "elsewhere")


def _garble_meta(folder: Path) -> None:
    (folder / (folder / "current").read_text() / "meta.json").write_text('{"segments": 5')


def _lose_meta(folder: Path) -> None:
    (folder / (folder / "current").read_text() / "meta.json").unlink()


def _garble_label(folder: Path) -> None:
    (folder / (folder / "current").read_text() / "soso.json").write_text('{"fingerprint": 5}')


def _lose_segment(folder: Path) -> None:
    for file in (folder / (folder / "current").read_text()).glob("*.idx"):
        file.unlink()


DAMAGES = [
    _lose_pointer,
    _forge_pointer,
    _garble_pointer,
    _lose_build,
    _garble_meta,
    _lose_meta,
    _garble_label,
    _lose_segment,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_says_so_and_a_rebuild_mends_it(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    fill(ours(folder), [post(2, "甲")])
    damage(folder)
    engine = ours(folder)
    assert engine.status().stale
    with pytest.raises(SosoError):
        fill(engine, [post(4, "甲")])
    if damage is not _garble_label:
        with pytest.raises(Unavailable):
            engine.search(EVERYTHING)
        with pytest.raises(Unavailable):
            list(engine.iter_doc_ids())
    with engine.rebuild() as writer:
        writer.apply([post(6, "甲")], ())
    assert docs(engine.search(EVERYTHING)) == [6]
    assert not engine.status().stale
    fill(engine, [post(8, "甲")])
    assert docs(ours(folder).search(EVERYTHING)) == [8, 6]


def test_a_folder_that_can_not_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable):
        ours(tmp_path / "file" / "index")


def test_errors_of_the_caller_are_not_mistaken_for_tantivys(folder: Path) -> None:
    engine = ours(folder)
    for context in (engine.writer, engine.rebuild):
        entered = context()
        entered.__enter__().apply([post(2)], ())
        assert not entered.__exit__(ValueError, ValueError("mine"), None)
    with pytest.raises(BadInput), engine.writer() as writer:
        writer.apply([Document(doc=DocId(2), numbers={ORDER: -1})], ())
    assert engine.search(EVERYTHING).total == 0
    assert engine.doc_freqs(WORDS, ["甲"]) == [0]


def test_status_measures_the_live_build(folder: Path) -> None:
    engine = ours(folder)
    empty = engine.status().bytes
    fill(engine, [post(2 * k, "甲 乙 丙") for k in range(1000)])
    build = folder / (folder / "current").read_text()
    assert engine.status().bytes == sum(file.stat().st_size for file in build.iterdir()) > empty
