from datetime import UTC, datetime
from pathlib import Path

from soso.ports.desk import Decision, RemovalRequest, RequestState
from soso.sources.json_lines import JsonLinesSource, encode_decision, encode_request, iter_desk

AT = datetime(2026, 11, 1, tzinfo=UTC)
REQUEST = RemovalRequest(
    chat="1500000042",
    post_id=4,
    role="owner",
    reason="an old price\nlist",
    at=AT,
    number=7,
    contact="a@b.example",
    state=RequestState.ACCEPTED,
    decided_at=AT,
)
DECISION = Decision(at=AT, who="operator", what="hide", subject="1500000042/4", note="asked for")


def test_the_desk_comes_back_and_the_rest_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "dump.jsonl"
    post = b'{"type":"post","chat":"@harbour_daily","id":1,"at":1,"text":"a \\"request\\""}\n'
    bad = b'{"type":"request","chat":5}\nnonsense "decision"\n'
    file.write_bytes(encode_request(REQUEST) + post + bad + encode_decision(DECISION))
    assert list(iter_desk(file)) == [REQUEST, DECISION]
    (batch,) = JsonLinesSource(file).pull(None)
    assert [found.id for found in batch.posts] == [1]
    assert batch.skipped == {"not JSON": 1}
