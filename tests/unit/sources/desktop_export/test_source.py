"""JSON exports as a source: streaming, resuming, refusing, ending early."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.batch import Batch
from soso.model.chat import ChatKind
from soso.model.errors import BadInput
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.sources.desktop_export.batches import CUT_OFF, JOINED, PERSONAL
from soso.sources.desktop_export.source import DAMAGED, DesktopJsonSource

WriteExport = Callable[[object], Path]


def message(post_id: int, **fields: object) -> dict[str, object]:
    times = {"date": "2025-01-01T00:00:00", "date_unixtime": str(1_735_689_600 + post_id)}
    sender = {"from": "名", "from_id": "channel5"}
    return {"id": post_id, "type": "message", **times, **sender, "text": f"第{post_id}条", **fields}


def chat(number: int, kind: str = "public_channel", count: int = 1) -> dict[str, object]:
    head = {"name": f"名{number}", "type": kind, "id": number}
    return {**head, "messages": [message(post_id) for post_id in range(1, count + 1)]}


def account(*chats: object, left: tuple[object, ...] = ()) -> dict[str, object]:
    return {"about": "x", "chats": {"list": list(chats)}, "left_chats": {"list": list(left)}}


def pull(path: Path, **options: object) -> list[Batch]:
    return list(DesktopJsonSource(path, **options).pull(None))  # type: ignore[arg-type]


def posts(batches: list[Batch]) -> list[Post]:
    return [post for batch in batches for post in batch.posts]


def skips(batches: list[Batch]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for batch in batches:
        counts.update(batch.skipped)
    return counts


ALBUM = {"date_unixtime": "1800000000", "photo": "photos/a.jpg", "text": ""}
MIXED = {
    **chat(5),
    "messages": [
        message(1),
        *(message(post_id, **ALBUM) for post_id in (2, 3, 4)),
        {"id": 5, "type": "unsupported"},
        message(6),
        *(message(post_id, **ALBUM) for post_id in (7, 8)),
        None,
        message(9),
    ],
}


def test_a_file_or_its_folder(write_export: WriteExport) -> None:
    path = write_export(chat(5, count=2))
    assert pull(path) == pull(path.parent)
    source = DesktopJsonSource(path)
    assert source.total_bytes == path.stat().st_size
    assert source.name == DesktopJsonSource(path.parent).name
    assert DesktopJsonSource(path, name="mine").name == "mine"


def test_what_a_batch_says(write_export: WriteExport) -> None:
    path = write_export(chat(5, count=3))
    first, second = pull(path, batch_size=2)
    assert first.chat.peer == Peer(kind=PeerKind.CHANNEL, id=5)
    assert first.chat.is_public
    assert [post.id for post in first.posts + second.posts] == [1, 2, 3]
    assert 0 < first.read_bytes < second.read_bytes <= path.stat().st_size
    assert not first.partial
    assert not second.partial


def test_an_album_is_not_cut_by_the_end_of_a_batch(write_export: WriteExport) -> None:
    path = write_export(MIXED)
    for size in range(1, 12):
        batches = pull(path, batch_size=size)
        albums = [post.album for post in posts(batches) if post.album]
        assert albums == [(2, 3, 4), (7, 8)]
        assert len(posts(batches)) + skips(batches).total() == 10
        assert skips(batches)[JOINED] == 3


def test_an_interrupted_pull_goes_on_where_it_was(write_export: WriteExport) -> None:
    export = account(MIXED, chat(6, "personal_chat", 3), chat(7, count=4), chat(8, count=0))
    path = write_export(export)
    for size in range(1, 12):
        source = DesktopJsonSource(path, batch_size=size)
        whole = list(source.pull(None))
        for done in range(1, len(whole) + 1):
            rest = list(source.pull(whole[done - 1].cursor))
            assert posts(whole[:done] + rest) == posts(whole)
            assert skips(whole[:done] + rest) == skips(whole)


def test_a_cursor_of_another_file_starts_anew(write_export: WriteExport) -> None:
    source = DesktopJsonSource(write_export(chat(5, count=3)), batch_size=1)
    cursor = next(iter(source.pull(None))).cursor
    write_export(chat(5, count=4))
    assert [post.id for post in posts(list(source.pull(cursor)))] == [1, 2, 3, 4]


def test_a_file_cut_anywhere_gives_what_stands_before_and_says_so(
    write_export: WriteExport,
) -> None:
    whole = json.dumps(MIXED, ensure_ascii=False, indent=1).encode()
    complete = posts(pull(write_export(whole)))
    for cut in range(0, len(whole), 7):
        path = write_export(whole[:cut])
        if b'"messages": [' not in whole[:cut]:
            with pytest.raises(BadInput):
                pull(path)
            continue
        batches = pull(path)
        assert batches[-1].partial
        assert any("ends too early" in notice for notice in batches[-1].notices)
        texts = [post.text for post in posts(batches)]
        assert texts == [post.text for post in complete][: len(texts)]
    cut = whole.index("第6条".encode()) + 4
    batches = pull(write_export(whole[:cut]))
    assert [post.id for post in posts(batches)] == [1, 2]
    assert skips(batches)[CUT_OFF] == 1


def test_a_file_broken_in_the_middle_gives_what_stands_before(write_export: WriteExport) -> None:
    whole = json.dumps(chat(5, count=4), ensure_ascii=False, indent=1).encode()
    (batch,) = pull(write_export(whole.replace('"第3条"'.encode(), '"第3条'.encode())))
    assert [post.id for post in batch.posts] == [1, 2]
    assert batch.partial
    assert "is damaged" in batch.notices[0]


def test_a_damaged_message_costs_no_other(write_export: WriteExport) -> None:
    whole = json.dumps(chat(5, count=4), ensure_ascii=False, indent=1).encode()
    (batch,) = pull(write_export(whole.replace('"第3条"'.encode(), '"第3条" "'.encode() + b'"')))
    assert [post.id for post in batch.posts] == [1, 2, 4]
    assert batch.skipped == {DAMAGED: 1}
    assert not batch.partial


@pytest.mark.parametrize(
    "content",
    [b"", b"   ", b"[]", b"{}", b"5", b"\x00\x01", b"\xff\xfe{\x00", b"<html>", b'{"a": 1}',
     b'{"messages": 5}', b'{"chats": []}', b"PK\x03\x04"],
)  # fmt: skip
def test_what_is_no_export_is_refused_in_words(write_export: WriteExport, content: bytes) -> None:
    with pytest.raises(BadInput, match="no Telegram Desktop export"):
        pull(write_export(content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    source = DesktopJsonSource(tmp_path / "gone.json")
    assert source.total_bytes is None
    with pytest.raises(BadInput, match="no such file"):
        list(source.pull(None))


def test_an_empty_chat_is_seen(write_export: WriteExport) -> None:
    (batch,) = pull(write_export(chat(5, count=0)))
    assert batch.chat.title == "名5"
    assert batch.posts == ()


PERSONAL_TYPES = ["personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"]


@pytest.mark.parametrize("kind", [*PERSONAL_TYPES, None, "future_chat"])
def test_personal_chats_of_an_account_are_left_out(
    write_export: WriteExport, kind: str | None
) -> None:
    export = account(chat(1), {**chat(2), "type": kind}, left=(chat(3, "private_channel"),))
    batches = pull(write_export(export))
    assert {batch.chat.title for batch in batches} == {"名1", "名3"}
    assert skips(batches) == {PERSONAL: 1}


@pytest.mark.parametrize("asked", ["名2", " 名2 ", "u2", "2"])
def test_unless_they_are_asked_for_by_name(write_export: WriteExport, asked: str) -> None:
    batches = pull(write_export(account(chat(1), chat(2, "personal_chat"))), chats=[asked])
    assert [batch.chat.title for batch in batches] == ["名1", "名2"]
    assert batches[1].chat.kind is ChatKind.PERSON
    assert batches[1].chat.is_public is False


def test_saved_messages_have_no_title_and_are_asked_for_by_their_type(
    write_export: WriteExport,
) -> None:
    saved = {"type": "saved_messages", "id": 9, "messages": [message(1)]}
    batches = pull(write_export(account(chat(1), saved)), chats=["Saved_Messages"])
    assert len(batches) == 2


def test_an_account_of_personal_chats_alone_is_refused_in_words(write_export: WriteExport) -> None:
    with pytest.raises(BadInput, match="all 2 chats in it are personal"):
        pull(write_export(account(chat(1, "personal_chat"), chat(2, "bot_chat"))))


def test_private_groups_and_channels_come_in_as_private(write_export: WriteExport) -> None:
    kinds = ["private_group", "private_supergroup", "private_channel"]
    batches = pull(write_export(account(*(chat(n, kind) for n, kind in enumerate(kinds, 1)))))
    assert [batch.chat.is_public for batch in batches] == [False, False, False]


def test_the_one_chat_of_an_export_was_asked_for_by_exporting_it(
    write_export: WriteExport,
) -> None:
    (batch,) = pull(write_export(chat(5, "personal_chat")))
    assert (batch.chat.kind, batch.chat.is_public) == (ChatKind.PERSON, False)
    assert len(batch.posts) == 1


def test_heads_after_the_messages_are_found(write_export: WriteExport) -> None:
    def late(value: dict[str, object]) -> dict[str, object]:
        return {"messages": value["messages"], "id": value["id"], "type": value["type"]}

    (batch,) = pull(write_export(late(chat(5))))
    assert batch.chat.peer == Peer(kind=PeerKind.CHANNEL, id=5)
    batches = pull(write_export(account(late(chat(1, "personal_chat")), late(chat(2)))))
    assert [batch.chat.peer for batch in batches] == [Peer(kind=PeerKind.CHANNEL, id=2)]


def test_ids_are_read_by_the_numbering_of_the_file(write_export: WriteExport) -> None:
    person = 8_500_000_000  # as a marked id it would be another
    typed = {**chat(person, "personal_chat"), "messages": [message(1, from_id=f"user{person}")]}
    (batch,) = pull(write_export(typed))
    assert batch.chat.peer == Peer(kind=PeerKind.USER, id=person)
    marked = {**chat(2**33 + 5), "messages": [message(1, from_id=2**33 + 5)]}
    (batch,) = pull(write_export(marked))
    assert batch.chat.peer == Peer(kind=PeerKind.CHANNEL, id=5)


def test_the_zone_is_applied_and_asked_for(write_export: WriteExport) -> None:
    old = {**chat(5), "messages": [{"id": 1, "date": "2021-01-01T12:00:00", "text": "x"}]}
    path = write_export(old)
    (unknown,) = pull(path)
    assert "--zone" in unknown.notices[0]
    (known,) = pull(path, zone=ZoneInfo("Asia/Shanghai"))
    assert (known.posts[0].at.hour, known.notices) == (4, ())


def test_the_newest_picture_of_the_chat_is_told(write_export: WriteExport) -> None:
    event = {"type": "service", "action": "edit_group_photo", "photo": "photos/new.jpg"}
    (batch,) = pull(write_export({**chat(5), "messages": [message(1), message(2, **event)]}))
    assert batch.chat.picture_source == "photos/new.jpg"


def test_media_are_opened_beside_the_file_only(write_export: WriteExport) -> None:
    path = write_export(chat(5))
    (path.parent / "photos").mkdir()
    (path.parent / "photos" / "a.jpg").write_bytes(b"picture")
    source = DesktopJsonSource(path)
    assert source.open_media("photos/a.jpg", max_bytes=10) == b"picture"
    assert source.open_media("photos/a.jpg", max_bytes=3) is None
    assert source.open_media("../result.json", max_bytes=10) is None


GOLDEN = Path(__file__).parents[3] / "golden" / "desktop_export"
EXPORTS = [path.read_bytes() for path in sorted(GOLDEN.glob("*/result.json"))]


@given(
    st.sampled_from(EXPORTS),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=8) | st.just(b'"')),
        min_size=1,
        max_size=5,
    ),
)
def test_a_file_with_random_damage_gives_batches_or_bad_input(
    content: bytes, damages: list[tuple[float, int, bytes]]
) -> None:
    for place, length, instead in damages:
        at = int(place * len(content))
        content = content[:at] + instead + content[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        path.write_bytes(content)
        try:
            batches = pull(path)
        except BadInput:
            return
    assert batches
    for post in posts(batches):
        post.text.encode()  # no half of a surrogate pair came through
        assert all(entity.end <= len(post.text) for entity in post.entities)


MEASURE = """
import re, sys
from pathlib import Path
from soso.sources.desktop_export.source import DesktopJsonSource

def anonymous_kb():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"RssAnon:\\s+(\\d+)", status)[1])

before, peak, posts = anonymous_kb(), 0, 0
for batch in DesktopJsonSource(Path(sys.argv[1])).pull(None):
    posts += len(batch.posts)
    peak = max(peak, anonymous_kb())
print(posts, peak - before)
"""


def write_large(path: Path, size_bytes: int) -> int:
    """Write an export of at least that size, with ordinary messages and some very long ones."""

    def form(words: str) -> str:
        parts = [{"type": "plain", "text": words}, {"type": "hashtag", "text": "#新闻"}]
        sample = message(1, text=words, text_entities=parts)
        return json.dumps(sample, ensure_ascii=False, indent=2).replace('"id": 1,', '"id": %d,', 1)

    usual, long = form("新闻" * 40), form("新闻" * 400_000)
    written = count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"name": "大", "type": "public_channel", "id": 5, "messages": [\n')
        while written < size_bytes:
            count += 1
            row = (long if count % 20_000 == 0 else usual) % count
            written += len(row.encode())
            file.write(row + ",\n")
        file.write("null]}")
    return count


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_memory_stays_flat_over_a_large_export(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    count = write_large(path, 150_000_000)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, os.fspath(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    posts_read, growth_kb = map(int, run.stdout.split())
    assert posts_read == count
    assert growth_kb < 100_000


def test_a_name_that_no_personal_chat_has_is_told(write_export: WriteExport) -> None:
    export = write_export(account(chat(1), chat(2, "personal_chat")))
    batches = pull(export, chats=["名2", "Nobody"])
    said = [notice for batch in batches for notice in batch.notices]
    assert said == ["no personal chat is called Nobody"]
    alone = write_export(account(chat(1, "personal_chat")))
    with pytest.raises(BadInput, match="no personal chat is called Nobody"):
        pull(alone, chats=["Nobody"])
