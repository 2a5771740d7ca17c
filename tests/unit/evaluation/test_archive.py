from pathlib import Path

import pytest

from soso.evaluation.archive import LiveArchive, SetArchive
from soso.evaluation.corpus import Corpus
from soso.evaluation.sets import LabelledDocument, LabelledSet
from soso.model.errors import BadInput
from soso.query.results import SearchRequest

DOCUMENTS = tuple(
    LabelledDocument(id=name, text=text) for name, text in (("d1", "台风登陆"), ("d2", "彗星来了"))
)
LABELLED = LabelledSet(name="invented", documents=DOCUMENTS, queries=(), grades={})


def test_one_import_serves_settings_that_only_change_searching() -> None:
    steps: list[str] = []
    with SetArchive(Corpus(LABELLED), lambda doing, done, total: steps.append(doing)) as archive:
        folders = []
        for laid in ({}, {"site_name": "Other"}, {"zone": "UTC"}, {"zone": "UTC", "port": 1}):
            with archive.opened(laid) as app:
                folders.append(app.data)
                found = app.search(SearchRequest(text="彗星")).rows
                assert [archive.find(card) for card in found] == ["d2"]
                assert app.settings.zone == laid.get("zone", "Asia/Shanghai")
        assert folders[0] == folders[1] != folders[2] == folders[3]
        assert steps.count("import") == 2 * steps[: steps.index("index")].count("import")
    assert not folders[0].exists()


def test_a_live_archive_is_not_imported_anew(tmp_path: Path) -> None:
    with (
        pytest.raises(BadInput, match="sensitive_words changes what is imported"),
        LiveArchive(tmp_path).opened({"sensitive_words": ["x"]}),
    ):
        pass
    with LiveArchive(tmp_path).opened({"site_name": "Mine"}) as app:
        assert (app.data, app.settings.site_name) == (tmp_path, "Mine")
