"""The port blobs: bytes by their sha256."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from soso.model.errors import NotFound
from soso.ports.blobs import BlobStore
from soso.stores.blobs import BlobFolder


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobFolder(tmp_path / "blobs")


def test_what_is_put_can_be_got_by_its_sha256(blobs: BlobStore) -> None:
    for content in (b"", b"\0\xff", "图".encode() * 100_000):
        name = blobs.put(content)
        assert name == hashlib.sha256(content).hexdigest()
        assert blobs.get(name) == content
        assert blobs.has(name)


def test_the_same_content_is_kept_once(blobs: BlobStore) -> None:
    assert blobs.put(b"same") == blobs.put(b"same")
    assert list(blobs.iter_sizes()) == [(hashlib.sha256(b"same").hexdigest(), 4)]


@pytest.mark.parametrize(
    "name", ["", "0" * 64, "../../etc/passwd", "A" * 64, "a" * 63, "a/" * 32, "g" * 64, "\0" * 64]
)
def test_other_names_lead_nowhere(blobs: BlobStore, name: str) -> None:
    assert not blobs.has(name)
    with pytest.raises(NotFound):
        blobs.get(name)
    blobs.delete(name)


def test_a_deleted_blob_is_gone(blobs: BlobStore) -> None:
    name, other = blobs.put(b"one"), blobs.put(b"two")
    blobs.delete(name)
    blobs.delete(name)
    assert not blobs.has(name)
    with pytest.raises(NotFound):
        blobs.get(name)
    assert [kept for kept, _ in blobs.iter_sizes()] == [other]
    assert blobs.put(b"one") == name


def test_the_least_recently_used_come_first(blobs: BlobStore, tmp_path: Path) -> None:
    names = [blobs.put(content) for content in (b"first", b"second", b"third")]
    for age, name in enumerate(names, 1):
        then = time.time() - 10 * 86_400 * age
        os.utime(next(tmp_path.rglob(name)), (then, then))
    assert [name for name, _ in blobs.iter_sizes()] == names[::-1]
    blobs.get(names[2])  # read
    blobs.put(b"second")  # written again
    assert [name for name, _ in blobs.iter_sizes()] == [names[0], names[2], names[1]]
    assert [size for _, size in blobs.iter_sizes()] == [5, 5, 6]


def test_many_threads_put_and_delete_at_once(blobs: BlobStore) -> None:
    contents = [bytes([number]) * 5000 for number in range(20)] * 5

    def use(content: bytes) -> bytes:
        name = blobs.put(content)
        return blobs.get(name)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, contents)) == contents
        names = [hashlib.sha256(content).hexdigest() for content in contents]
        list(pool.map(blobs.delete, names))
    assert list(blobs.iter_sizes()) == []
