"""The port store: the change log, kept answers, the desk and the journal."""

import random
from datetime import timedelta

import msgspec
import pytest

from soso.model.batch import Applied, Block, Change
from soso.model.chat import ChatSighting
from soso.model.errors import BadInput, NotFound
from soso.model.ids import chat_doc, post_doc
from soso.ports.desk import Decision, RemovalRequest, RequestState
from soso.ports.journal import ImportReport
from soso.ports.store import Store

from .store_cases import (
    NOW,
    add_chat,
    apply,
    at,
    batch,
    find,
    photo,
    post,
    tombstones,
)


def test_changes_are_read_until_they_are_acknowledged(store: Store) -> None:
    assert (store.last_seq(), store.changes("index")) == (0, [])
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2)))
    docs = [chat_doc(chat.key), *(post_doc(find(store, chat, n).key) for n in (1, 2))]
    log = [Change(seq=seq, doc=doc) for seq, doc in enumerate(docs, 1)]
    assert store.changes("index") == store.changes("index") == log
    assert store.changes("index", limit=2) == log[:2]
    store.ack("index", 2)
    store.ack("index", 1)
    assert store.changes("index") == log[2:]
    assert (store.lag("index"), store.lag("other"), store.last_seq()) == (1, 3, 3)
    store.reset("index", 0)
    assert store.changes("index") == log


def test_what_is_not_written_can_not_be_acknowledged(store: Store) -> None:
    chat = add_chat(store)
    store.ack("index", 10**6)
    store.reset("other", 2**80)
    apply(store, chat, batch(post(1)))
    assert len(store.changes("index")) == len(store.changes("other")) == 1
    store.reset("index", -5)
    assert len(store.changes("index")) == 2


def test_only_what_all_have_seen_is_trimmed(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2)))
    assert store.trim_changes() == 0
    store.changes("slow")
    store.ack("index", 3)
    assert store.trim_changes() == 0
    store.ack("slow", 2)
    assert store.trim_changes() == 2
    assert [change.seq for change in store.changes("slow")] == [3]
    store.ack("slow", 3)
    store.trim_changes()
    assert store.last_seq() == 3
    store.update_chat(chat.key, ChatSighting(title="新"), at(9))
    assert [change.seq for change in store.changes("index")] == [4, 5, 6]


def test_all_documents_are_walked_for_a_rebuild(store: Store) -> None:
    chats = [add_chat(store, number) for number in (1, 2)]
    apply(store, chats[0], batch(*(post(n) for n in range(1, 2101))), tombstones(4))
    runs = list(store.iter_docs())
    docs = [doc for run in runs for doc in run]
    assert len(docs) == len({*docs}) == 2102
    assert docs[:2] == [chat_doc(chat.key) for chat in chats]
    assert max(len(run) for run in runs) <= 1000


def test_a_purge_leaves_only_what_the_index_must_forget(store: Store) -> None:
    chat = add_chat(store)
    media = (photo("a"), photo("b"))
    apply(store, chat, batch(post(1, media=media), post(2, media=media[1:]), post(3)))
    apply(store, chat, batch(post(1, "改", edited_at=at(5)), minutes=10_001))
    keys = [find(store, chat, number).key for number in (1, 3)]
    assert store.purge_posts([*keys, keys[0]]) == sorted(["a" * 64, "A" * 64])
    assert store.get_posts(keys) == []
    assert store.list_revisions(keys[0]) == []
    docs = [change.doc for change in store.changes("index")]
    assert [docs.count(post_doc(key)) for key in keys] == [1, 1]
    assert store.purge_posts(keys) == []
    assert store.purge_posts([]) == []


def test_answers_are_kept_for_a_while(store: Store) -> None:
    store.keep_answer("a", b"1", expires_at=at(10))
    store.keep_answer("a", b"\0" * 65_536, expires_at=at(20))
    store.keep_answer("b", b"2", expires_at=at(10))
    assert store.find_answer("a", now=at(19)) == b"\0" * 65_536
    assert store.find_answer("a", now=at(20)) is None
    assert store.find_answer("c", now=at(0)) is None
    with pytest.raises(BadInput):
        store.keep_answer("c", b"\0" * 65_537, expires_at=at(20))
    assert store.drop_expired(now=at(10)) == 1
    assert store.find_answer("b", now=at(0)) is None


def request(chat: str = "1500") -> RemovalRequest:
    return RemovalRequest(chat=chat, role="owner", reason="请删除", at=NOW, post_id=3)


def test_requests_are_queued_and_closed(store: Store) -> None:
    numbers = [store.add_request(request(str(n))) for n in range(3)]
    assert numbers == [1, 2, 3]
    assert store.get_request(2).chat == "1"
    assert [one.number for one in store.list_requests()] == [3, 2, 1]
    store.close_request(2, RequestState.ACCEPTED, at=at(5), note="已处理")
    closed = store.get_request(2)
    assert (closed.state, closed.decided_at, closed.note) == (
        RequestState.ACCEPTED,
        at(5),
        "已处理",
    )
    assert [one.number for one in store.list_requests(state=RequestState.OPEN)] == [3, 1]
    assert [one.number for one in store.list_requests(limit=1, offset=1)] == [2]
    for number in (9, 2**70):
        with pytest.raises(NotFound):
            store.get_request(number)
        with pytest.raises(NotFound):
            store.close_request(number, RequestState.REFUSED, at=at(5), note="")


def test_a_block_is_kept_once(store: Store) -> None:
    first = Block(at=at(1), chat="@Name", reason="一")
    for block in (first, Block(at=at(2), chat=" @name ", reason="二"), Block(at=at(3), word="x")):
        store.add_block(block)
    assert sorted(store.list_blocks(), key=lambda one: one.at) == [
        first,
        Block(at=at(3), word="x"),
    ]
    store.remove_block(Block(at=NOW, chat="@NAME"))
    store.remove_block(Block(at=NOW, chat="@NAME"))
    assert store.list_blocks() == [Block(at=at(3), word="x")]
    for nothing in (Block(at=NOW), Block(at=NOW, word=" "), Block(at=NOW, post_id=1)):
        with pytest.raises(BadInput):
            store.add_block(nothing)


def test_decisions_and_settings(store: Store) -> None:
    for number in range(3):
        store.log_decision(Decision(at=at(number), who="admin", what="hide", subject=str(number)))
    assert [one.subject for one in store.list_decisions(limit=2)] == ["2", "1"]
    assert store.get_setting("key") is None
    store.set_setting("key", "1")
    store.set_setting("key", "二")
    assert store.get_setting("key") == "二"


def test_a_dump_of_the_desk_is_restored_once(store: Store) -> None:
    store.add_request(request("other"))
    closed = {"state": RequestState.REFUSED, "decided_at": at(5), "note": "新闻"}
    rows = [
        msgspec.structs.replace(request(chat), number=number, **closed)
        for chat, number in (("a", 1), ("b", 7), ("c", 2**62))
    ]
    logged = Decision(at=at(5), who="admin", what="refuse request", subject="7: b/3")
    for _ in range(2):
        store.restore_desk([*rows, logged])
    kept = {one.chat: one for one in store.list_requests()}
    assert {chat: one.number for chat, one in kept.items()} == {"other": 1, "a": 2, "b": 7, "c": 8}
    assert kept["b"] == rows[1]
    assert store.list_decisions() == [logged]
    assert store.add_request(request("new")) == 9


def test_cursors_and_reports(store: Store) -> None:
    store.keep_cursor("export", None)
    store.keep_cursor("export", "5")
    store.keep_cursor("export", "6")
    assert store.find_cursor("export") == "6"
    store.keep_cursor("export", None)
    assert store.find_cursor("export") is None
    reports = [
        ImportReport(
            source=f"源{number}",
            form="json",
            state="done",
            started_at=NOW,
            finished_at=NOW + timedelta(seconds=1),
            applied=Applied(inserted=number),
            skipped={"unsupported": 2},
        )
        for number in range(3)
    ]
    for report in reports:
        store.add_report(report)
    assert store.list_reports() == reports[::-1]
    assert store.list_reports(limit=1) == [reports[2]]


def test_the_size_grows(store: Store) -> None:
    chat = add_chat(store)
    before = store.size_bytes()
    drawn = random.Random(0)  # what a database can pack takes less room
    texts = ("".join(chr(drawn.randrange(0x4E00, 0x9FA5)) for _ in range(1000)) for _ in range(300))
    apply(store, chat, batch(*(post(n, text) for n, text in enumerate(texts, 1))))
    assert store.size_bytes() > before + 500_000
