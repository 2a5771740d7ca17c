"""reader: one view is one commit, and the next view is the newest."""

from pathlib import Path

import pytest
import tantivy

from soso.engines.tantivy.document import build_native
from soso.engines.tantivy.folder import Build, Home, Label
from soso.engines.tantivy.mapping import build_schema
from soso.engines.tantivy.reader import Reader
from soso.model.errors import Unavailable
from soso.model.ids import DocId
from soso.schema.document import Document


def add_build(home: Home, docs: int) -> Build:
    build = home.add_build(Label())
    add_documents(tantivy.Index(build_schema(), path=str(build.path)), docs)
    return build


def add_documents(index: tantivy.Index, docs: int) -> None:
    writer = index.writer(15_000_000, 1)
    for doc in range(docs):
        writer.add_document(build_native(Document(doc=DocId(doc))))
    writer.commit()


def test_without_an_index_there_is_no_view(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="reindex"):
        Reader(Home(tmp_path)).view()


def test_views_follow_commits_and_replacements_and_stay_what_they_are(tmp_path: Path) -> None:
    home = Home(tmp_path)
    reader = Reader(home)
    first = add_build(home, 3)
    home.make_live(first)
    views = [reader.view()]
    add_documents(tantivy.Index.open(str(first.path)), 4)
    views.append(reader.view())
    home.make_live(add_build(home, 11))
    home.sweep()
    views.append(reader.view())
    assert [view.searcher.num_docs for view in views] == [3, 7, 11]
    everything = tantivy.Query.all_query()
    assert [len(view.searcher.search(everything, limit=99).hits) for view in views] == [3, 7, 11]
    assert [view.build.path.name for view in views] == ["000001", "000001", "000002"]


def test_a_build_swept_before_the_pointer_was_read_again_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that looked at the pointer just before it was replaced finds its folder gone."""
    home = Home(tmp_path)
    home.make_live(add_build(home, 3))
    reader = Reader(home)
    reader.view()
    stale_mark = home.mark()
    home.make_live(add_build(home, 5))
    home.sweep()
    fresh_mark = home.mark()
    marks = iter([stale_mark])
    monkeypatch.setattr(home, "mark", lambda: next(marks, fresh_mark))
    assert reader.view().searcher.num_docs == 5
