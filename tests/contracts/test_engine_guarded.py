"""A cluster behind TLS that asks who is there: who may enters, and all others are told why not."""

import base64
import logging
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from soso.config import load_settings
from soso.engines.opensearch import Access, OpenSearchEngine
from soso.engines.opensearch.client import Cluster
from soso.model.errors import BadInput, Unavailable
from soso.wiring import Adapters

from .engine_cases import EVERYTHING, fill, post
from .tls_door import Door, make_certificate, open_door

pytestmark = pytest.mark.servers

BASIC = "Basic " + base64.b64encode("管理员:s3cret-word".encode()).decode()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def door(opensearch_url: str, certificate: tuple[Path, Path]) -> Iterator[Door]:
    with open_door(opensearch_url.split(",")[0], *certificate) as made:
        yield made


def ask(door: Door, **access: Any) -> dict[str, Any]:
    cluster = Cluster(Access(urls=(door.url,), **access), sleep=lambda _: None)
    try:
        return cluster.ask("GET", "/", doing="asking who it is")
    finally:
        cluster.close()


def test_an_engine_works_through_it(
    door: Door, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    door.wanted = BASIC
    name = f"test{secrets.token_hex(6)}"
    settings = load_settings(
        data=tmp_path,
        embedder="none",
        opensearch_url=f" {door.url} , ",
        opensearch_user="管理员",
        opensearch_password="s3cret-word",
        opensearch_ca=certificate[0],
        opensearch_index=name,
        opensearch_replicas=0,
    )
    engine = Adapters(settings).engine
    assert isinstance(engine, OpenSearchEngine)
    try:
        fill(engine, [post(2, "甲"), post(4, "乙")])
        assert engine.search(EVERYTHING).total == 2
        assert {said for said, _ in door.seen} == {BASIC}
    finally:
        engine.close()
        cluster = Cluster(
            Access(urls=(door.url,), user="管理员", password="s3cret-word", ca=certificate[0])
        )
        cluster.ask("DELETE", f"/{engine.builds.live()}")
        cluster.close()
        engine.close()


def test_a_key_opens_it_too(door: Door, certificate: tuple[Path, Path]) -> None:
    door.wanted = "ApiKey bXkta2V5"
    told = ask(door, key="bXkta2V5", user="nobody", password="asks", ca=certificate[0])
    assert told["version"]["number"].startswith("2.")


@pytest.mark.parametrize("wrong", [{"user": "me", "password": "s3cret"}, {"key": "s3cret"}, {}])
@pytest.mark.parametrize(("status", "said"), [(401, "know who asks"), (403, "let us do this")])
def test_who_may_not_is_told_so_and_no_secret_with_it(
    door: Door,
    certificate: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
    wrong: dict[str, str],
    status: int,
    said: str,
) -> None:
    door.shut, door.wanted = status, BASIC
    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable, match=said) as told:
        ask(door, ca=certificate[0], **wrong)
    assert "not you" in str(told.value)
    assert len(door.seen) == 1  # asked again it would not be let in either
    for text in (str(told.value), repr(told.value.__cause__), caplog.text):
        assert "s3cret" not in text
        assert base64.b64encode(b"me:s3cret").decode() not in text


def test_a_certificate_of_nobody_known_is_refused_at_once(door: Door) -> None:
    door.wanted = BASIC
    waited: list[float] = []
    access = Access(urls=(door.url,), user="管理员", password="s3cret-word")
    cluster = Cluster(access, sleep=waited.append)
    with pytest.raises(Unavailable, match=r"certificate.*opensearch_ca") as told:
        cluster.ask("GET", "/")
    assert "s3cret" not in str(told.value)
    assert (waited, door.seen) == ([], [])
    cluster.close()


def test_a_certificate_that_is_not_there_is_named(door: Door, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for ca in (tmp_path / "none.pem", tmp_path / "empty.pem"):
        with pytest.raises((BadInput, Unavailable), match=r"certificate") as told:
            ask(door, ca=ca)
        assert ca.name in str(told.value)


def test_a_cluster_without_tls_is_not_spoken_to_in_the_clear(
    opensearch_url: str, certificate: tuple[Path, Path]
) -> None:
    plain = opensearch_url.split(",")[0].replace("http://", "https://")
    access = Access(urls=(plain,), ca=certificate[0], timeout_s=5.0)
    cluster = Cluster(access, sleep=lambda _: None)
    with pytest.raises(Unavailable, match="no safe connection"):
        cluster.ask("GET", "/")
    cluster.close()
