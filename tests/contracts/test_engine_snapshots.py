"""Snapshots of a real cluster, by the sequence of docs/guide/parity.md: nothing is missing after."""

import json
import secrets
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.engines.opensearch import OpenSearchEngine
from soso.flows import index_restored
from soso.query.results import SearchRequest

pytestmark = pytest.mark.servers

Restore = Callable[[OpenSearch, str, str], None]


@pytest.fixture
def name() -> str:
    return f"test{secrets.token_hex(6)}"


@pytest.fixture(params=[7.0, 0.0])
def log_days(request: pytest.FixtureRequest) -> float:
    """For how long the log is kept."""
    return float(request.param)


@pytest.fixture
def app(
    opensearch_url: str,
    name: str,
    log_days: float,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[App]:
    """An archive whose index is in the cluster, and whose snapshots take no time."""
    monkeypatch.setattr(index_restored, "EVERY_S", 0.0)
    monkeypatch.setattr(index_restored, "LONGEST_SNAPSHOT_S", 0.0)
    settings = load_settings(
        data=tmp_path / "data",
        embedder="none",
        opensearch_url=opensearch_url,
        opensearch_index=name,
        opensearch_replicas=0,
        opensearch_shards=2,
        opensearch_log_days=log_days,
    )
    with open_app(settings) as made:
        yield made


@pytest.fixture
def client(opensearch_url: str, name: str) -> Iterator[OpenSearch]:
    """The operator's own, with a repository in the folder that the nodes share."""
    client = OpenSearch(hosts=opensearch_url.split(","))
    with urllib.request.urlopen(f"{opensearch_url.split(',')[0]}/_nodes/settings") as answer:
        node = next(iter(json.load(answer)["nodes"].values()))
    folder = node["settings"]["path"]["repo"]
    location = f"{folder if isinstance(folder, str) else folder[0]}/{name}"
    body = {"type": "fs", "settings": {"location": location}}
    client.snapshot.create_repository(repository=name, body=body)
    yield client
    with suppress(NotFoundError):
        client.snapshot.delete(repository=name, snapshot="monday")
    client.snapshot.delete_repository(repository=name)
    for index in client.indices.get(index=f"{name}-*", expand_wildcards="all"):
        client.indices.delete(index=index)
    client.close()


def bring_in(app: App, folder: Path, *texts: str) -> None:
    """Import posts, numbered anew each time, and index them."""
    file = folder / f"{secrets.token_hex(4)}.jsonl"
    first = app.store.count_posts() + 1
    rows: list[dict[str, object]] = [
        {"type": "chat", "chat": "1000000001", "kind": "channel", "is_public": True}
    ]
    head = {"type": "post", "chat": "1000000001", "at": "2026-01-01T00:00:00Z"}
    rows += [head | {"id": first + n, "text": text} for n, text in enumerate(texts)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [one.state for one in app.import_paths([file], ImportOptions(), lambda _: None)] == [
        "done"
    ]
    while app.index_lag():
        app.index_changes()
    app.housekeep()


def count(app: App, text: str) -> int:
    return app.search(SearchRequest(text=text)).total


def close_and_restore(client: OpenSearch, name: str, build: str) -> None:
    client.indices.close(index=build)
    restore(client, name, build)


def delete_and_restore(client: OpenSearch, name: str, build: str) -> None:
    client.indices.delete(index=build)
    restore(client, name, build)


def restore(client: OpenSearch, name: str, build: str) -> None:
    client.snapshot.restore(
        repository=name,
        snapshot="monday",
        body={"indices": build, "include_global_state": False},
        wait_for_completion=True,
    )


@pytest.mark.parametrize("bring_back", [close_and_restore, delete_and_restore])
def test_a_restored_index_lacks_nothing(
    app: App,
    client: OpenSearch,
    name: str,
    tmp_path: Path,
    bring_back: Restore,
    log_days: float,
) -> None:
    bring_in(app, tmp_path, "石头一", "石头二", "石头三")
    engine = app.engine
    assert isinstance(engine, OpenSearchEngine)
    before = engine.builds.live()
    client.snapshot.create(
        repository=name,
        snapshot="monday",
        body={"indices": name, "include_global_state": False},
        wait_for_completion=True,
    )
    bring_in(app, tmp_path, "石头四", "石头五")
    bring_in(app, tmp_path, "石头六")
    assert count(app, "石头") == 6
    bring_back(client, name, before)
    assert engine.builds.live() == before
    assert count(app, "石头") == 3
    for _ in range(3):
        app.index_changes()
    assert count(app, "石头") == 6
    assert [finding.what for finding in app.examine(repair=False)] == []
    assert (engine.builds.live() == before) is (log_days > 0)
    bring_in(app, tmp_path, "石头七")
    assert count(app, "石头") == 7
