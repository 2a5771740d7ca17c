"""Searching by meaning with the vectors in a cluster: as in one process, and without the plugin."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.engines.opensearch import Access
from soso.engines.opensearch.client import Cluster
from soso.model.errors import Unavailable
from soso.query.plan_types import Mode
from soso.query.results import ResultPage, SearchRequest
from tests.servers import opensearch, skip_without

pytestmark = pytest.mark.servers

SAMPLE = Path(__file__).parents[2] / "sample"
QUERIES = (
    "lost cat",
    "彗星",
    "台风预警",
    "train tickets",
    "哪里吃早茶",
    "old books",
    "夜市",
    "摄影",
)
TEN = 10


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A folder with the sample archive, its index and its vectors in the store."""
    data = tmp_path_factory.mktemp("meaning")
    with open_app(load_settings(data=data, models=models, embedder="e5")) as made:
        list(made.import_paths([SAMPLE], ImportOptions(), lambda _: None))
        made.index_changes()
        while not made.embed_step().is_idle:
            pass
    return data


@pytest.fixture
def alone(data: Path, models: Path) -> Iterator[App]:
    with open_app(load_settings(data=data, models=models, embedder="e5")) as made:
        made.load_meaning()
        yield made


@pytest.fixture
def index(opensearch_url: str) -> Iterator[str]:
    """A name for indexes, which are dropped."""
    name = f"test{secrets.token_hex(6)}"
    yield name
    cluster = Cluster(Access(urls=tuple(opensearch_url.split(","))))
    for one in cluster.ask("GET", f"/{name}-*"):
        cluster.ask("DELETE", f"/{one}")
    cluster.close()


def open_beside(data: Path, models: Path, url: str, name: str) -> App:
    return open_app(
        load_settings(
            data=data,
            models=models,
            embedder="e5",
            opensearch_url=url,
            opensearch_index=name,
            opensearch_shards=3,
        )
    )


def search(app: App, text: str, mode: Mode) -> ResultPage:
    return app.search(SearchRequest(text=text, mode=mode))


def names(page: ResultPage) -> list[str]:
    return [
        f"{row.chat.ref}/{row.stored.post.id}" if row.stored else row.chat.ref
        for row in page.rows[:TEN]
    ]


@pytest.mark.timeout(300)
def test_all_processes_find_as_one_alone_does(
    alone: App, data: Path, models: Path, opensearch_url: str, index: str
) -> None:
    with open_beside(data, models, opensearch_url, index) as worker:
        worker.index_changes()
        while not worker.embed_step().is_idle:
            pass
        assert worker.lacking_for_meaning() is None
    with open_beside(data, models, opensearch_url, index) as web:
        web.load_meaning()
        assert web.meaning is not None
        assert alone.meaning is not None
        assert web.meaning.size == alone.meaning.size > 0
        for mode, least in ((Mode.MEANING, 0.97), (Mode.BOTH, 0.95)):
            same = total = 0
            for text in QUERIES:
                here, there = search(alone, text, mode), search(web, text, mode)
                assert there.mode is mode
                same += len(set(names(here)) & set(names(there)))
                total += len(names(here))
            assert same >= least * total
        assert any(
            "寻猫" in row.stored.post.text
            for row in search(web, "lost cat", Mode.BOTH).rows[:3]
            if row.stored
        )


@pytest.mark.timeout(300)
def test_without_the_plugin_words_answer_and_it_is_said(data: Path, models: Path) -> None:
    skip_without(opensearch.why_absent())
    cluster = opensearch.Cluster(nodes=1, knn=False).start()
    try:
        with open_beside(data, models, ",".join(cluster.urls), "plain") as app:
            app.index_changes()
            for doing in (app.load_meaning, app.embed_step):
                with pytest.raises(Unavailable, match="k-NN plugin"):
                    doing()
            page = search(app, "彗星", Mode.BOTH)
            assert (page.mode, page.total > 0) == (Mode.WORDS, True)
            page = search(app, "彗星", Mode.MEANING)
            assert (page.mode, [one.code for one in page.notices]) == (
                Mode.WORDS,
                ["meaning_unavailable"],
            )
            assert "k-NN plugin" in (app.status().words_only or "")
            said = [finding.what for finding in app.examine(repair=False)]
            assert [what for what in said if "k-NN plugin" in what] == said
    finally:
        cluster.stop()
