from io import BytesIO

from PIL import Image

from soso.model.batch import Batch
from soso.model.media import Media, MediaKind, Picture

from .conftest import CHANNEL, ListSource, World, post


def drawn() -> bytes:
    content = BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(content, "PNG")
    return content.getvalue()


def photo_source(world: World) -> ListSource:
    photo = Media(kind=MediaKind.PHOTO, source="photos/a.png")
    batch = Batch(
        chat=CHANNEL, observed_at=world.clock.now(), posts=(post(1, "x", media=(photo,)),)
    )
    return ListSource([batch])


def kept_picture(world: World) -> Picture:
    chat = world.store.find_chat_by_username(CHANNEL.username or "")
    assert chat is not None
    stored = world.store.find_post(chat.key, 1)
    assert stored is not None
    picture = stored.post.media[0].picture
    assert picture is not None
    return picture


def test_a_lost_picture_comes_back_with_its_source(world: World) -> None:
    source = photo_source(world)
    source.pictures["photos/a.png"] = drawn()
    assert world.take(source).pictures == 1
    assert world.take(source).pictures == 0
    picture = kept_picture(world)
    world.blobs.delete(picture.thumb)
    assert world.take(source).pictures == 1
    assert world.blobs.has(picture.thumb)


def test_a_lost_picture_that_the_source_has_not_keeps_its_name(world: World) -> None:
    source = photo_source(world)
    source.pictures["photos/a.png"] = drawn()
    world.take(source)
    picture = kept_picture(world)
    world.blobs.delete(picture.thumb)
    source.pictures.clear()
    world.take(source)
    assert kept_picture(world) == picture
