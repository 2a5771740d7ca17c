"""The services of the cluster's compose file, as programs on real servers: what it sets, with other hosts."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from soso.doubles.bot_api import BotApiDouble
from soso.engines.opensearch import Access
from soso.engines.opensearch.client import Cluster
from tests.e2e.deploy_files import ROOT, image_environment, read_compose
from tests.servers import postgres, skip_without

pytestmark = pytest.mark.servers

Environment = dict[str, str]
Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def double() -> Iterator[BotApiDouble]:
    with BotApiDouble() as api:
        yield api


@pytest.fixture
def environments(
    opensearch_url: str, double: BotApiDouble, tmp_path: Path
) -> Iterator[dict[str, Environment]]:
    """What the compose file sets for each service of ours; the hosts, folders and ports are of this
    machine, and there is no model, which takes seconds to open."""
    skip_without(postgres.why_absent())
    name = f"test{secrets.token_hex(6)}"
    given = {
        "POSTGRES_PASSWORD": "b3f0",
        "SOSO_BOT_TOKEN": double.token,
        "SOSO_PUBLIC_URL": "https://soso.example.org",
    }
    here = {
        "SOSO_STORE_URL": postgres.running().make_database(),
        "SOSO_OPENSEARCH_URL": opensearch_url,
        "SOSO_DATA": str(tmp_path / "data"),
        "SOSO_MEDIA_FOLDER": str(tmp_path / "pictures"),
        "SOSO_HOST": "127.0.0.1",
        "SOSO_PORT": "0",
        "SOSO_OPENSEARCH_INDEX": name,
        "SOSO_EMBEDDER": "none",
        "SOSO_BOT_API_URL": double.url,
    }
    services = read_compose("compose.cluster.yaml", given)["services"]
    yield {
        one: {**image_environment(), **services[one]["environment"], **here}
        for one in ("web", "worker", "bot")
    }
    cluster = Cluster(Access(urls=tuple(opensearch_url.split(","))))
    for index in cluster.ask("GET", f"/{name}-*", expand_wildcards="all"):
        cluster.ask("DELETE", f"/{index}")
    cluster.close()


def run_environment(told: Environment) -> Environment:
    kept = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
    return {**kept, **told, "PATH": os.environ["PATH"]}


@pytest.fixture
def start(environments: dict[str, Environment], tmp_path: Path) -> Iterator[Start]:
    """Start a service of the compose file; what is left of it at the end is killed."""
    running: list[subprocess.Popen[str]] = []
    services = read_compose("compose.cluster.yaml", {"POSTGRES_PASSWORD": "b3f0"})["services"]

    def run(service: str) -> "subprocess.Popen[str]":
        with (tmp_path / f"log{len(running)}").open("w") as log:
            program = subprocess.Popen(
                [sys.executable, "-m", "soso", *services[service]["command"]],
                env=run_environment(environments[service]),
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        running.append(program)
        return program

    yield run
    for one in running:
        if one.poll() is None:
            one.kill()
        one.communicate()


def say(environment: Environment, *words: str) -> Any:
    """Run another command beside them, as `compose run` does."""
    done = subprocess.run(
        [sys.executable, "-m", "soso", *words, "--json"],
        env=run_environment(environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def address_of(web: "subprocess.Popen[str]", tmp_path: Path) -> str:
    assert web.stdout is not None
    for line in web.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError("\n".join(log.read_text() for log in tmp_path.glob("log*")))


def wait_until(holds: Callable[[], object], *, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.3)


@pytest.mark.timeout(280)
def test_the_services_of_the_cluster_start_together_and_answer_alike(
    start: Start, environments: dict[str, Environment], double: BotApiDouble, tmp_path: Path
) -> None:
    # All at once on an empty database: whoever comes first makes the tables and the index.
    webs, workers, bot = (
        [start("web"), start("web")],
        [start("worker"), start("worker")],
        start("bot"),
    )
    addresses = [address_of(web, tmp_path) for web in webs]

    export = ROOT / "sample/zaotai-food"
    reports = say(environments["worker"], "import", str(export))["imports"]
    assert [report["state"] for report in reports] == ["done"]

    def health(address: str) -> dict[str, Any]:
        answer = httpx.get(f"{address}/healthz", timeout=30)
        return {"status": answer.status_code, **answer.json()}

    wait_until(lambda: all(health(one)["lag"] == 0 for one in addresses))
    assert all(health(one)["status"] == 200 for one in addresses)
    found = [find(one, "豆腐") for one in addresses]
    assert found[0]
    assert found[0] == found[1]
    assert all(show_picture(one, found[0]) for one in addresses)

    now = say(environments["web"], "status")
    assert now["documents"] == now["posts"] + now["chats"] > 10
    assert not now["stale"]

    person = double.add_user("小明", started=True)
    double.send(person, "豆腐")
    assert "豆腐" in double.wait_sent(person, 1)[0]["text"]

    for one in (*webs, *workers, bot):
        one.send_signal(signal.SIGTERM)
    assert [one.wait(60) for one in (*webs, *workers, bot)] == [0] * 5


def find(address: str, text: str) -> list[str]:
    answer = httpx.get(f"{address}/api/v1/search", params={"q": text}, timeout=30)
    assert answer.status_code == 200, answer.text
    return [hit["url"] for hit in answer.json()["hits"]]


def show_picture(address: str, urls: list[str]) -> bytes:
    """The first picture on the pages of posts: one process kept it, another shows it."""
    pages = (httpx.get(address + httpx.URL(url).path, timeout=30).text for url in urls)
    links = (re.search(r'src="(/b/[^"]+)"', page) for page in pages)
    link = next(found[1] for found in links if found is not None)
    answer = httpx.get(address + link, timeout=30)
    assert answer.status_code == 200
    return answer.content
