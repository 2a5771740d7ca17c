from datetime import UTC, datetime
from pathlib import Path

from soso.engines.tantivy import TantivyEngine
from soso.flows.examine import Examining, examine
from soso.flows.index import catch_up, reindex
from soso.model.media import Media, MediaKind, Picture
from soso.stores.blobs.folder import BlobFolder

from .conftest import ANALYZERS, World, post


def _never() -> None:
    raise AssertionError("nothing is to be built anew")


def test_a_damaged_index_is_built_anew(world: World, tmp_path: Path) -> None:
    world.take_posts(post(1, "彗星"), post(2, "灯塔"))
    engine = TantivyEngine(tmp_path / "index", fingerprint=ANALYZERS.fingerprint)
    catch_up(world.store, engine, world.builder)
    for file in (tmp_path / "index").glob("*/*.store"):
        file.write_bytes(bytes(40) + file.read_bytes()[40:])
    damaged = TantivyEngine(tmp_path / "index", fingerprint=ANALYZERS.fingerprint)

    def rebuilt() -> None:
        reindex(world.store, damaged, world.builder)

    needs = Examining(world.store, damaged, world.blobs, world.builder, rebuilt)
    assert [finding.mended for finding in examine(needs, repair=False)] == [False]
    assert [finding.mended for finding in examine(needs, repair=True)] == [True]
    assert examine(needs, repair=False) == []
    assert damaged.status().documents == 3


def test_lost_thumbnails_are_told_and_evicted_originals_are_not(world: World) -> None:
    blobs: BlobFolder = world.blobs
    blob, thumb = blobs.put(b"original"), blobs.put(b"thumbnail")
    picture = Picture(blob=blob, thumb=thumb, width=9, height=9, thumb_width=9, thumb_height=9)
    photo = Media(kind=MediaKind.PHOTO, picture=picture)
    world.take_posts(post(1, "彗星", media=(photo,), edited_at=datetime(2027, 1, 1, tzinfo=UTC)))
    needs = Examining(world.store, world.engine, blobs, world.builder, _never)
    blobs.delete(blob)
    assert examine(needs, repair=False) == []
    blobs.delete(thumb)
    assert ["thumbnails" in finding.what for finding in examine(needs, repair=False)] == [True]
