"""client: what passes is asked again, what does not becomes our error."""

import sys

import pytest

from soso.engines.opensearch.client import Access, AlreadyThere, Cluster, waits
from soso.model.errors import BadInput, NotFound, Unavailable
from tests.contracts.fake_cluster import Fake

FAULT = {"error": {"root_cause": [{"type": "odd", "reason": "because"}], "type": "odd"}}


def test_what_passes_is_asked_again_after_longer_and_longer_waits(fake: Fake) -> None:
    fake.answers = [(429, FAULT), (429, FAULT), (200, {"fine": 1})]
    cluster = fake.cluster()
    assert cluster.ask("POST", "/x", {"a": 1}) == {"fine": 1}
    assert [body for _, _, body in fake.said] == ['{"a":1}'] * 3
    assert len(fake.waited) == 2
    assert fake.waited[0] < fake.waited[1]
    cluster.close()


def test_what_does_not_pass_is_told_after_the_last_try(fake: Fake) -> None:
    fake.answers = [(429, FAULT)] * len(waits())
    cluster = fake.cluster()
    with pytest.raises(Unavailable, match="because") as told:
        cluster.ask("GET", "/x")
    assert told.value.retry_after_s is not None
    assert fake.answers == []
    cluster.close()


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (404, "index_not_found_exception", NotFound),
        (400, "too_many_clauses", BadInput),
        (400, "resource_already_exists_exception", AlreadyThere),
        (400, "odd", Unavailable),
        (401, "odd", Unavailable),
        (403, "odd", Unavailable),
        (500, "odd", Unavailable),
    ],
)
def test_failures_are_ours_and_not_tried_again(
    fake: Fake, status: int, kind: str, error: type[Exception]
) -> None:
    fake.answers = [(status, {"error": {"type": kind, "reason": "because"}, "status": status})]
    cluster = fake.cluster()
    with pytest.raises(error, match="because"):
        cluster.ask("GET", "/x")
    assert (len(fake.said), fake.waited) == (1, [])
    cluster.close()


def test_a_search_that_failed_in_part_is_no_answer(fake: Fake) -> None:
    whole = {"_shards": {"failed": 0}, "hits": {"hits": []}}
    part = {"_shards": {"failed": 1}, "hits": {"hits": []}}
    busy = {"error": {"type": "rejected", "reason": "full"}, "status": 429}
    fake.answers = [(200, {"responses": [whole, answer]}) for answer in (part, busy, whole)]
    cluster = fake.cluster()
    assert cluster.msearch("soso", [{"size": 0}, {"size": 1}]) == [whole, whole]
    assert len(fake.waited) == 2
    fake.answers = [(200, {"responses": [{"error": {"reason": "gone"}, "status": 404}]})]
    with pytest.raises(NotFound, match="gone"):
        cluster.msearch("soso", [{"size": 0}])
    cluster.close()


def test_who_asks_is_said_in_each_way(fake: Fake) -> None:
    for access, said in (
        ({"key": "abc"}, "ApiKey abc"),
        ({"user": "me", "password": "it"}, "Basic bWU6aXQ="),
        ({"user": "我", "password": "密码"}, "Basic 5oiROuWvhueggQ=="),
        ({"user": "", "password": "it"}, None),
        ({}, None),
    ):
        fake.answers = [(200, {})]
        cluster = fake.cluster(**access)
        cluster.ask("GET", "/x")
        assert fake.heads[-1].get("Authorization") == said
        cluster.close()


@pytest.mark.parametrize("key", ["a\r\nX-Other: b", "密钥", "a\x00"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_shown(fake: Fake, key: str) -> None:
    cluster = fake.cluster(key=key)
    with pytest.raises(BadInput, match="API key") as told:
        cluster.ask("GET", "/x")
    assert key not in str(told.value)
    assert fake.said == []


def test_a_cluster_that_is_not_there_is_unavailable() -> None:
    waited: list[float] = []
    cluster = Cluster(Access(urls=("http://127.0.0.1:9",)), sleep=waited.append)
    with pytest.raises(Unavailable):
        cluster.ask("GET", "/x")
    assert len(waited) == len(waits()) - 1
    cluster.close()
    cluster.close()


def test_the_lacking_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(Unavailable, match=r"pip install 'soso\[cluster\]'"):
        Cluster(Access(urls=("http://127.0.0.1:9",))).ask("GET", "/x")
