import gzip
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import BadInput
from soso.model.ids import Peer, PeerKind
from soso.sources.json_lines import JsonLinesSource
from soso.sources.json_lines import source as module

AT = "2026-11-01T00:00:00Z"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
Row = dict[str, object]


def post(number: int, chat: object = "@harbour_daily", **fields: object) -> Row:
    return {"type": "post", "chat": chat, "id": number, "at": AT, **fields}


def write(file: Path, *rows: Row | bytes) -> Path:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    content = b"".join(line + b"\n" for line in lines)
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    os.utime(file, (MOMENT.timestamp() + 60, MOMENT.timestamp() + 60))
    return file


def ids(batches: list[Batch]) -> list[tuple[str | None, list[int]]]:
    return [(batch.chat.username, [found.id for found in batch.posts]) for batch in batches]


@pytest.fixture(params=["rows.jsonl", "rows.jsonl.gz"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def test_rows_of_one_chat_make_batches(file: Path) -> None:
    source = JsonLinesSource(write(file, *(post(n) for n in range(1, 8))), batch_size=3)
    batches = list(source.pull(None))
    assert ids(batches) == [
        ("harbour_daily", [1, 2, 3]),
        ("harbour_daily", [4, 5, 6]),
        ("harbour_daily", [7]),
    ]
    assert {batch.observed_at for batch in batches} == {datetime(2026, 11, 1, 0, 1, tzinfo=UTC)}
    assert batches[-1].read_bytes == source.total_bytes == file.stat().st_size
    assert source.name == f"jsonl:{os.path.realpath(file)}"


def test_ids_rise_whatever_the_order_of_rows(file: Path) -> None:
    source = JsonLinesSource(write(file, post(3), post(1), post(2)))
    assert ids(list(source.pull(None))) == [("harbour_daily", [1, 2, 3])]


def test_a_post_that_comes_twice_is_met_twice(file: Path) -> None:
    rows = [post(1, text="old"), post(2), post(1, text="new"), post(1, text="newest")]
    batches = list(JsonLinesSource(write(file, *rows)).pull(None))
    assert [[found.text for found in batch.posts] for batch in batches] == [
        ["old", ""],
        ["new"],
        ["newest"],
    ]


def test_chats_may_be_mixed(file: Path) -> None:
    rows = [post(n, chat) for n in (1, 2, 3) for chat in ("@harbour_daily", "@harbour_talk")]
    assert ids(list(JsonLinesSource(write(file, *rows)).pull(None))) == [
        ("harbour_daily", [1, 2, 3]),
        ("harbour_talk", [1, 2, 3]),
    ]


def test_a_row_about_a_chat_is_told_with_its_posts(file: Path) -> None:
    described: Row = {
        "type": "chat",
        "chat": "1500000042",
        "kind": "channel",
        "title": "Harbour",
        "username": "Harbour_Daily",
    }
    rows = [described, post(1, "1500000042"), post(2, "@HARBOUR_daily"), post(3, 1500000042)]
    batches = list(JsonLinesSource(write(file, *rows)).pull(None))
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500000042),
        kind=ChatKind.CHANNEL,
        title="Harbour",
        username="Harbour_Daily",
        is_public=True,
    )
    assert {batch.chat.title for batch in batches} == {"Harbour"}
    assert batches[0].chat == sighting
    assert sorted(found.id for batch in batches for found in batch.posts) == [1, 2, 3]


def test_rows_that_only_describe_make_batches_without_posts(file: Path) -> None:
    rows: list[Row] = [
        {"type": "chat", "kind": "channel", "username": f"harbour_{n}", "title": "T"}
        for n in range(5)
    ]
    batches = list(JsonLinesSource(write(file, *rows), batch_size=2).pull(None))
    assert [batch.chat.username for batch in batches] == [f"harbour_{n}" for n in range(5)]
    assert all(batch.chat.is_public and not batch.posts for batch in batches)


def test_chats_without_id_and_name_are_known_within_the_file(file: Path) -> None:
    rows: list[Row] = [{"type": "chat", "chat": "x17", "title": "Old letters"}, post(1, "x17")]
    (batch,) = JsonLinesSource(write(file, *rows, post(2, "x18"))).pull(None)
    assert batch.chat == ChatSighting(title="Old letters", alias="x17")
    assert [found.id for found in batch.posts] == [1]
    assert batch.skipped == {"a chat such as x17 that no row before describes": 1}


def test_what_only_a_dump_knows(file: Path) -> None:
    seen = {"first_seen_at": AT, "observed_at": "2026-11-02T00:00:00Z", "hidden": True}
    tombstone: Row = {"type": "tombstone", "chat": "@harbour_daily", "id": 9, "at": AT}
    rows = [post(1), post(2, **seen), tombstone]
    (batch,) = JsonLinesSource(write(file, *rows)).pull(None)
    assert list(batch.archived) == [2]
    assert batch.archived[2].hidden
    assert batch.archived[2].observed_at == datetime(2026, 11, 2, tzinfo=UTC)
    assert [(found.post_id, found.at) for found in batch.tombstones] == [(9, MOMENT)]


def test_blocks_come_before_the_posts(file: Path) -> None:
    block: Row = {"type": "block", "at": AT, "chat": "@harbour_daily"}
    batches = list(JsonLinesSource(write(file, block, post(1)), batch_size=1).pull(None))
    assert [[found.chat for found in batch.blocks] for batch in batches] == [["@harbour_daily"], []]
    assert batches[0].chat == ChatSighting()


def test_no_row_is_older_than_what_it_tells(file: Path) -> None:
    row = post(1, at="2026-12-24T00:00:00Z")
    (batch,) = JsonLinesSource(write(file, row)).pull(None)
    assert batch.observed_at == datetime(2026, 12, 24, tzinfo=UTC)


def test_bad_lines_are_counted_and_named(file: Path) -> None:
    rows = [b"nonsense", post(1), b"", b"{}", post(2, mood=1), b"[]", b"nonsense"]
    (batch,) = JsonLinesSource(write(file, *rows)).pull(None)
    assert [found.id for found in batch.posts] == [1, 2]
    assert batch.skipped == {"not JSON": 2, "no type": 1, "not a JSON object": 1}
    assert batch.notices == (
        "not JSON: line 1, 7",
        "no type: line 4",
        "not a JSON object: line 6",
        "unknown fields: 'mood' (1)",
    )
    assert not batch.partial


@pytest.mark.parametrize("content", [b"", b"\n\n", b"nonsense\n", b'{"type":"thing"}\n'])
def test_nothing_of_ours_is_bad_input(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"rows\.jsonl: (no line|there are no rows)"):
        list(JsonLinesSource(file).pull(None))


@pytest.mark.parametrize(("cut", "partial"), [(1, False), (2, True), (20, True)])
def test_a_file_cut_in_a_row_is_partial(tmp_path: Path, cut: int, partial: bool) -> None:
    file = write(tmp_path / "rows.jsonl", post(1), post(2))
    file.write_bytes(file.read_bytes()[:-cut])
    (batch,) = JsonLinesSource(file).pull(None)
    assert [found.id for found in batch.posts] == ([1] if partial else [1, 2])
    assert batch.partial is partial


def test_a_packed_file_cut_off_is_partial(tmp_path: Path) -> None:
    rows = [post(n, text=str(hash(n * 7919))) for n in range(1, 900)]
    file = write(tmp_path / "rows.jsonl.gz", *rows)
    file.write_bytes(file.read_bytes()[:-2000])
    batches = list(JsonLinesSource(file, batch_size=100).pull(None))
    assert len(batches) > 2
    assert [batch.partial for batch in batches] == [False] * (len(batches) - 1) + [True]


def test_a_stream_is_pulled(tmp_path: Path) -> None:
    content = write(tmp_path / "rows.jsonl", post(1), post(2)).read_bytes()
    source = JsonLinesSource(io.BytesIO(content), name="jsonl:stdin", read_at=MOMENT)
    (batch,) = source.pull(None)
    assert [found.id for found in batch.posts] == [1, 2]
    assert (source.name, source.total_bytes, batch.observed_at) == ("jsonl:stdin", None, MOMENT)
    assert source.open_media("a.jpg", max_bytes=10) is None


def test_an_interrupted_pull_goes_on_after_any_batch(file: Path) -> None:
    described: Row = {"type": "chat", "chat": "x17", "title": "Old letters"}
    rows = [described, *(post(n, chat) for n in range(1, 12) for chat in ("x17", "@harbour_daily"))]
    write(file, *rows, post(3, "x17"), post(3, "x17"))
    whole = list(JsonLinesSource(file, batch_size=4).pull(None))
    assert len(whole) > 4
    for number, batch in enumerate(whole):
        rest = list(JsonLinesSource(file, batch_size=4).pull(batch.cursor))
        seen = {(b.chat.title, p.id) for b in [*whole[: number + 1], *rest] for p in b.posts}
        assert seen == {(b.chat.title, p.id) for b in whole for p in b.posts}
        assert all(b.chat.title or b.chat.username for b in rest if b.posts)
    assert list(JsonLinesSource(file, batch_size=4).pull(whole[-1].cursor)) == []


def test_the_cursor_of_another_file_means_nothing(file: Path) -> None:
    (batch,) = JsonLinesSource(write(file, post(1), post(2))).pull(None)
    write(file, post(1), post(2), post(3))
    for cursor in (batch.cursor, "", "@", "12", "x@y", "-5@"):
        (again,) = JsonLinesSource(file).pull(cursor)
        assert [found.id for found in again.posts] == [1, 2, 3]


def test_memory_is_bounded_by_bytes_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_HELD_BYTES", 1000)
    rows = [post(n, text="x" * 600) for n in range(1, 5)]
    assert [len(b.posts) for b in JsonLinesSource(write(file, *rows)).pull(None)] == [2, 2]


def test_files_beside_the_rows_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "a.png").write_bytes(b"picture")
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    source = JsonLinesSource(write(folder / "rows.jsonl", post(1)))
    assert source.open_media("pictures/a.png", max_bytes=7) == b"picture"
    assert source.open_media("pictures/a.png", max_bytes=6) is None
    for path in ("../secret", "link", str(tmp_path / "secret"), "pictures", "a\0b", "none", ""):
        assert source.open_media(path, max_bytes=100) is None
    assert source.open_media("https://x.example/a.png", max_bytes=100) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(max_size=30) | st.just(json.dumps(post(1)).encode()), max_size=6))
def test_garbage_raises_nothing_but_bad_input(tmp_path: Path, content: list[bytes]) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\n".join(content))
    try:
        batches = list(JsonLinesSource(file, batch_size=2).pull(None))
    except BadInput:
        return
    assert batches
