"""writer: bulks are cut, versions are said, and each outcome of a line is what it means."""

import json

import pytest

from soso.engines.opensearch import writer as writer_module
from soso.engines.opensearch.client import waits
from soso.engines.opensearch.writer import ClusterWriter
from soso.model.errors import BadInput, NotFound, Unavailable
from soso.model.ids import DocId
from soso.schema.document import Document
from soso.schema.fields import KIND, WORDS
from tests.contracts.fake_cluster import Fake

FINE = {"index": {"status": 201}}
REFRESHED = (200, {"_shards": {"failed": 0}})


def item(status: int, kind: str = "odd") -> dict[str, object]:
    return {"index": {"status": status, "error": {"type": kind, "reason": "because"}}}


def post(doc: int) -> Document:
    return Document(doc=DocId(doc), terms={WORDS: ["a", "b"]}, keywords={KIND: ("post",)})


def sent(fake: Fake) -> list[list[dict[str, object]]]:
    return [
        [json.loads(line) for line in body.splitlines()]
        for _, path, body in fake.said
        if "_bulk" in path
    ]


def test_changes_carry_their_version_and_wait_for_the_commit(fake: Fake) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(2)], [DocId(4)], version=7)
    assert fake.said == []
    fake.answers = [(200, {"items": [FINE, {"delete": {"status": 404}}]}), REFRESHED]
    writer.commit()
    head = {"version": 7, "version_type": "external_gte"}
    assert sent(fake) == [
        [
            {"index": {"_id": "2"} | head},
            {"doc": 2, WORDS: "a b", KIND: ["post"]},
            {"delete": {"_id": "4"} | head},
        ]
    ]
    assert "require_alias=true" in fake.said[0][1]
    assert fake.said[1][:2] == ("POST", "/build.writes/_refresh")


def test_only_what_there_was_no_room_for_is_sent_again(fake: Fake) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(2), post(4), post(6)], ())
    fake.answers = [
        (200, {"items": [FINE, item(429), item(409)]}),
        (200, {"items": [FINE]}),
        REFRESHED,
    ]
    writer.commit()
    assert [[line["index"]["_id"] for line in bulk[::2]] for bulk in sent(fake)] == [  # type: ignore[index]
        ["2", "4", "6"],
        ["4"],
    ]
    assert len(fake.waited) == 1


@pytest.mark.parametrize(
    ("failed", "error"),
    [
        (item(400, "mapper_parsing_exception"), Unavailable),
        (item(404), NotFound),
        (item(500), Unavailable),
    ],
)
def test_other_failures_are_told_and_what_waited_is_forgotten(
    fake: Fake, failed: dict[str, object], error: type[Exception]
) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(2)], ())
    fake.answers = [(200, {"items": [failed]})]
    with pytest.raises(error, match="because"):
        writer.commit()
    fake.answers = [REFRESHED]
    writer.commit()
    assert len(sent(fake)) == 1


def test_bulks_are_cut_by_lines_and_by_bytes(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_BULK_LINES", 2)
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(k) for k in range(5)], ())
    fake.answers = [(200, {"items": [FINE] * n}) for n in (2, 2, 1)] + [REFRESHED]
    writer.commit()
    assert [len(bulk) for bulk in sent(fake)] == [4, 4, 2]
    monkeypatch.setattr(writer_module, "_BULK_BYTES", 1)
    writer.apply([post(2), post(4)], ())
    fake.answers = [(200, {"items": [FINE]})] * 2 + [REFRESHED]
    writer.commit()
    assert [len(bulk) for bulk in sent(fake)][3:] == [2, 2]


def test_a_long_build_does_not_wait_in_memory(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_MOST_WAITING_BYTES", 200)
    writer = ClusterWriter(fake.cluster(), "build.writes")
    fake.answers = [(200, {"items": [FINE] * 3})]
    writer.apply([post(k) for k in range(3)], ())
    assert len(sent(fake)) == 1
    assert not any("_refresh" in path for _, path, _ in fake.said)


def test_of_two_changes_the_higher_version_is_sent(fake: Fake) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(2)], (), version=9)
    writer.apply((), [DocId(2)], version=8)
    fake.answers = [(200, {"items": [FINE]}), REFRESHED]
    writer.commit()
    (bulk,) = sent(fake)
    assert list(bulk[0]) == ["index"]


TOO_LARGE = (413, {"error": {"type": "odd", "reason": "too large"}, "status": 413})
BUSY = (429, {"error": {"type": "rejected", "reason": "full"}, "status": 429})


def test_a_bulk_that_is_too_large_for_the_cluster_is_sent_in_parts(fake: Fake) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(k) for k in range(5)], ())
    fake.answers = [
        TOO_LARGE,
        (200, {"items": [FINE] * 2}),
        TOO_LARGE,
        (200, {"items": [FINE]}),
        (200, {"items": [FINE] * 2}),
        REFRESHED,
    ]
    writer.commit()
    assert [len(bulk) // 2 for bulk in sent(fake)] == [5, 2, 3, 1, 2]
    assert fake.waited == []


def test_a_document_that_is_too_large_for_the_cluster_is_named(fake: Fake) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(4), post(6)], ())
    fake.answers = [TOO_LARGE, (200, {"items": [FINE]}), TOO_LARGE]
    with pytest.raises(Unavailable, match=r"document 6 .*http\.max_content_length") as told:
        writer.commit()
    assert told.value.retry_after_s is None
    fake.answers = [REFRESHED]
    writer.commit()
    assert len(sent(fake)) == 3


def test_one_that_no_cluster_takes_is_refused_at_once(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "_LARGEST_BYTES", 200)
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(2)], ())
    large = Document(doc=DocId(4), terms={WORDS: ["a" * 200]})
    with pytest.raises(BadInput, match="document 4"):
        writer.apply([post(6), large], ())
    fake.answers = [(200, {"items": [FINE]}), REFRESHED]
    writer.commit()  # all else is as it was
    assert [bulk[0]["index"]["_id"] for bulk in sent(fake)] == ["2"]  # type: ignore[index]


def test_a_busy_cluster_is_asked_for_less_after_longer_and_longer_waits(fake: Fake) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(k) for k in range(4)], ())
    tries = len(waits())
    fake.answers = [BUSY] * (tries + 2) + [(200, {"items": [FINE] * 2})] * 2 + [REFRESHED]
    writer.commit()
    assert [len(bulk) // 2 for bulk in sent(fake)] == [4] * tries + [2] * 4
    assert fake.waited[: tries - 1] == sorted(fake.waited[: tries - 1])


def test_one_that_stays_busy_is_told_so(fake: Fake) -> None:
    writer = ClusterWriter(fake.cluster(), "build.writes")
    writer.apply([post(k) for k in range(16)], ())
    fake.answers = [BUSY] * 4 * len(waits())
    with pytest.raises(Unavailable, match="full") as told:
        writer.commit()
    assert told.value.retry_after_s is not None
    assert [len(bulk) // 2 for bulk in sent(fake)][:: len(waits())] == [16, 8, 4, 2]
    assert fake.answers == []
