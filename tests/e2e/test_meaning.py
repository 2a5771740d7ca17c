"""Searching by meaning over the sample archive, with the model that is the default."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.query.plan_types import Mode, Sort
from soso.query.results import ResultPage, SearchRequest

SAMPLE = Path(__file__).parents[2] / "sample"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[App]:
    data = tmp_path_factory.mktemp("meaning")
    with open_app(load_settings(data=data, models=models, embedder="e5")) as made:
        for report in made.import_paths([SAMPLE], ImportOptions(), lambda _: None):
            assert report.state == "done"
        made.index_changes()
        while not (step := made.embed_step()).is_idle:
            assert step.failed == ()
        yield made


def search(app: App, text: str, **asked: Any) -> ResultPage:
    return app.search(SearchRequest(text=text, **asked))


def names(page: ResultPage) -> list[str]:
    return [
        f"{row.chat.ref}/{row.stored.post.id}" if row.stored else row.chat.ref for row in page.rows
    ]


def test_another_language_finds_it(app: App) -> None:
    def found(mode: Mode) -> list[str]:
        rows = search(app, "lost cat", mode=mode).rows[:3]
        return [row.stored.post.text for row in rows if row.stored]

    assert any("寻猫" in text for text in found(Mode.BOTH))
    assert not any("寻猫" in text for text in found(Mode.WORDS))


def test_the_installation_goes_by_both_unless_asked_otherwise(app: App) -> None:
    assert search(app, "彗星").mode is Mode.BOTH
    assert search(app, "彗星", mode=Mode.WORDS).mode is Mode.WORDS
    assert search(app, "彗星", mode=Mode.MEANING).mode is Mode.MEANING
    assert search(app, "彗星", sort=Sort.NEWEST).sort is Sort.NEWEST


def test_what_has_no_word_of_it_gets_the_nearest_and_a_notice(app: App) -> None:
    found = search(app, "zzqqxx")
    assert [notice.code for notice in found.notices] == ["meaning_only"]
    assert 0 < len(found.rows) <= 20
    assert found.next_page is None


@pytest.mark.parametrize("mode", list(Mode))
def test_the_grammar_holds(app: App, mode: Mode) -> None:
    for row in search(app, "停电 -冰箱 kind:photo", mode=mode).rows:
        assert "photo" in row.kinds
        assert row.stored is not None
        assert "冰箱" not in row.stored.post.text
    for row in search(app, '"白鹭大桥" 夜景', mode=mode, limit=50).rows:
        text = row.stored.post.text if row.stored else row.chat.title
        assert "白鹭大桥" in text or "白鷺大橋" in text
    assert {row.chat.ref for row in search(app, "天气 chat:1500000011", mode=mode).rows} == {
        "1500000011"
    }


def test_totals_and_tabs_are_those_of_the_words(app: App) -> None:
    both, words = (search(app, "彗星", mode=mode) for mode in (Mode.BOTH, Mode.WORDS))
    assert (both.total, both.tabs, both.facets) == (words.total, words.tabs, words.facets)


def test_pages_are_cut_from_one_answer(app: App) -> None:
    whole = names(search(app, "晚上去哪里吃东西", limit=60))
    pages: list[str] = []
    token = None
    for _ in range(3):
        page = search(app, "晚上去哪里吃东西", limit=20, page=token)
        pages += names(page)
        token = page.next_page
    assert pages == whole
    assert len(set(pages)) == len(pages)


def test_each_score_is_explained(app: App) -> None:
    found = search(app, "停电怎么办", explain=True)
    assert len(found.explained) == len(found.rows)
    assert all("words" in line and "meaning" in line for line in found.explained)
    later = search(app, "停电怎么办", explain=True, page=found.next_page)
    assert all("words" in line and "meaning" in line for line in later.explained)


def test_scripts_do_not_matter(app: App) -> None:
    simplified, traditional = "停电的时候冰箱怎么办", "停電的時候冰箱怎麼辦"
    assert names(search(app, simplified))[:10] == names(search(app, traditional))[:10]


def test_what_is_hidden_is_gone_at_once(app: App) -> None:
    first = next(row for row in search(app, "断电以后冰箱里的东西").rows if row.stored)
    assert first.stored is not None
    ref, number = first.chat.ref, first.stored.post.id
    app.hide_post(ref, number, hidden=True, who="test")
    assert f"{ref}/{number}" not in names(search(app, "断电以后冰箱里的东西", limit=100))
    app.index_changes()
    while not app.embed_step().is_idle:
        pass
    assert f"{ref}/{number}" not in names(search(app, "断电以后冰箱里的东西", limit=100))
    app.hide_post(ref, number, hidden=False, who="test")
    app.index_changes()
    while not app.embed_step().is_idle:
        pass
    assert f"{ref}/{number}" in names(search(app, "断电以后冰箱里的东西", limit=100))


def test_the_command_line_embeds_and_asks(tmp_path: Path, models: Path) -> None:
    environment = {**os.environ, "SOSO_EMBEDDER": "e5", "SOSO_MODELS": str(models)}

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "soso", *words, "--data", str(tmp_path)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, env=environment, check=True
        )
        return done.stdout

    run("import", str(SAMPLE))
    assert json.loads(run("search", "power cut", "--json"))["mode"] == "words"
    embedded = json.loads(run("embed", "--json"))
    assert embedded["embedded"] > 400
    assert embedded["failed"] == []
    assert json.loads(run("embed", "--json"))["embedded"] == 0
    both = json.loads(run("search", "power cut", "--json"))
    assert both["mode"] == "both"
    assert any("停电" in hit["title"] + hit["snippet"] for hit in both["hits"])
