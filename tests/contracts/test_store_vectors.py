"""The port store: vectors of documents, by model."""

from soso.model.ids import DocId, chat_doc, post_doc
from soso.ports.store import Store
from soso.ports.vectors import DocVectors

from .store_cases import add_chat, apply, batch, find, post


def row(doc: int, packed: bytes = b"abc", mark: bytes = b"m") -> DocVectors:
    return DocVectors(doc=DocId(doc), mark=mark, packed=packed)


def fill(store: Store, count: int = 50) -> None:
    """Posts whose documents are 2, 4, 6 …"""
    chat = add_chat(store)
    apply(store, chat, batch(*map(post, range(1, count + 1))))
    assert post_doc(find(store, chat, count).key) == 2 * count


def listed(store: Store, model: str, **more: int) -> list[tuple[int, bytes]]:
    return [(one.doc, one.packed) for one in store.list_vectors(model, **more)]


def test_rows_come_in_the_order_they_were_written(store: Store) -> None:
    fill(store)
    store.put_vectors("a", [row(4), row(2)])
    store.put_vectors("b", [row(2, b"other")])
    store.put_vectors("a", [row(4, b"new"), row(6, b"")])
    assert listed(store, "a") == [(2, b"abc"), (4, b"new"), (6, b"")]
    assert listed(store, "b") == [(2, b"other")]
    first, *rest = store.list_vectors("a")
    assert listed(store, "a", after=first.seq) == [(one.doc, one.packed) for one in rest]
    assert listed(store, "a", limit=1) == [(2, b"abc")]
    assert listed(store, "none") == []
    assert store.list_models() == ["a", "b"]
    assert (store.count_vectors("a"), store.count_vectors("none")) == (3, 0)


def test_marks_tell_what_was_embedded(store: Store) -> None:
    fill(store)
    store.put_vectors("a", [row(2, mark=b"one"), row(4, mark=b"")])
    assert store.find_marks("a", [DocId(2), DocId(4), DocId(8)]) == {2: b"one", 4: b""}
    assert store.find_marks("b", [DocId(2)]) == {}


def test_a_model_can_be_forgotten(store: Store) -> None:
    fill(store)
    store.put_vectors("a", [row(doc * 2) for doc in range(1, 51)])
    store.put_vectors("b", [row(2)])
    store.drop_model("a")
    store.drop_model("a")
    assert store.list_models() == ["b"]
    assert listed(store, "a") == []
    assert listed(store, "b") == [(2, b"abc")]


def test_what_has_no_row_is_listed_last_come_first(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2), post(3)))
    keys = [find(store, chat, number).key for number in (1, 2, 3)]
    every = [chat_doc(chat.key), *(post_doc(key) for key in reversed(keys))]
    assert store.list_unembedded("a", limit=10) == every
    store.put_vectors("a", [row(every[1]), row(every[0])])
    assert store.list_unembedded("a", limit=10) == every[2:]
    assert store.list_unembedded("a", limit=1) == every[2:3]
    assert store.list_unembedded("b", limit=10) == every


def test_a_purge_takes_the_vectors_along(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2)))
    first, second = (find(store, chat, number) for number in (1, 2))
    store.put_vectors("a", [row(post_doc(first.key)), row(post_doc(second.key))])
    store.purge_posts([first.key])
    assert listed(store, "a") == [(post_doc(second.key), b"abc")]
    store.purge_chat(chat.key)
    assert listed(store, "a") == []


def test_what_was_purged_meanwhile_gets_no_vectors(store: Store) -> None:
    chat, other = add_chat(store), add_chat(store, 1501)
    apply(store, chat, batch(post(1), post(2)))
    first, second = (post_doc(find(store, chat, number).key) for number in (1, 2))
    docs = [first, second, chat_doc(chat.key), chat_doc(other.key)]
    store.purge_posts([find(store, chat, 1).key])
    store.purge_chat(other.key)
    store.put_vectors("a", [row(doc) for doc in docs])
    kept = {second: b"abc", chat_doc(chat.key): b"abc"}
    assert store.find_vectors("a", docs) == kept
    assert dict(listed(store, "a")) == {**dict.fromkeys(docs, b""), **kept}
    assert store.find_marks("a", [first]) == {first: b""}


def test_a_consumer_can_be_forgotten(store: Store) -> None:
    chat = add_chat(store)
    assert store.changes("one")
    assert store.changes("two")
    store.ack("one", store.last_seq())
    assert store.trim_changes() == 0
    store.drop_consumer("two")
    store.drop_consumer("never")
    assert store.trim_changes() > 0
    assert chat.key


def test_vectors_are_found_by_document(store: Store) -> None:
    fill(store)
    store.put_vectors("a", [row(2), row(4, b"new"), row(6, b"")])
    store.put_vectors("b", [row(2, b"other")])
    wanted = [DocId(2), DocId(6), DocId(8)]
    assert store.find_vectors("a", wanted) == {DocId(2): b"abc"}
    assert store.find_vectors("none", wanted) == {}
    assert store.find_vectors("a", []) == {}
