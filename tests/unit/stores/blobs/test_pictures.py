import io
import random
import struct
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from soso.model.errors import BadInput
from soso.model.media import Picture
from soso.stores.blobs.folder import BlobFolder
from soso.stores.blobs.pictures import make_picture

HOME = b"31.2304 N, 121.4737 E"


@pytest.fixture
def blobs(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path)


def drawn(size: tuple[int, int] = (1200, 600), mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert(mode)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(blobs: BlobFolder, name: str) -> Image.Image:
    image = Image.open(io.BytesIO(blobs.get(name)))
    image.load()
    return image


@pytest.mark.parametrize(
    ("form", "kept"), [("JPEG", "JPEG"), ("PNG", "WEBP"), ("WEBP", "WEBP"), ("GIF", "WEBP")]
)
def test_pictures_are_kept_with_thumbnails(blobs: BlobFolder, form: str, kept: str) -> None:
    picture = make_picture(saved(drawn(), form), blobs)
    assert (picture.width, picture.height) == (1200, 600)
    assert (picture.thumb_width, picture.thumb_height) == (480, 240)
    original, thumb = opened(blobs, picture.blob), opened(blobs, picture.thumb)
    assert (original.format, original.size) == (kept, (1200, 600))
    assert (thumb.format, thumb.size) == ("WEBP", (480, 240))
    assert make_picture(saved(drawn(), form), blobs) == picture


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        *(("L", "JPEG"), ("CMYK", "JPEG"), ("1", "PNG"), ("LA", "PNG"), ("RGBA", "PNG")),
        *(("P", "PNG"), ("I;16", "PNG"), ("P", "GIF"), ("RGBA", "WEBP")),
    ],
)
def test_every_kind_of_pixel_looks_as_before(blobs: BlobFolder, mode: str, form: str) -> None:
    if mode == "I;16":
        image = drawn((90, 60), "I").point(lambda value: value * 257).convert("I;16")
    else:
        image = drawn((90, 60)).convert(mode)
    picture = make_picture(saved(image, form), blobs)
    kept = opened(blobs, picture.blob).convert("L")
    assert kept.getpixel((45, 1)) < 30
    assert kept.getpixel((45, 58)) > 220


def test_transparency_stays(blobs: BlobFolder) -> None:
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    for form in ("PNG", "WEBP"):
        kept = opened(blobs, make_picture(saved(clear, form), blobs).blob)
        assert kept.getchannel("A").getextrema() == (0, 0)
    striped = drawn((40, 40), "P")
    masked = saved(striped, "PNG", transparency=striped.getpixel((0, 0)))
    assert opened(blobs, make_picture(masked, blobs).blob).mode == "RGBA"


def test_metadata_is_gone(blobs: BlobFolder) -> None:
    exif = Image.Exif()
    exif[0x010E] = HOME.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    every = {"exif": exif, "icc_profile": profile, "xmp": b"<x>" + HOME + b"</x>"}
    foreign = [
        saved(drawn(), "JPEG", comment=HOME, **every) + HOME,
        saved(drawn(), "PNG", **every) + HOME,
        saved(drawn(), "WEBP", **every),
        saved(drawn(), "GIF", comment=HOME),
    ]
    for content in foreign:
        assert HOME in content or profile[:60] in content
        picture = make_picture(content, blobs)
        for name in (picture.blob, picture.thumb):
            kept = blobs.get(name)
            for trace in (HOME, profile[:60], b"Exif", b"http://ns.adobe.com"):
                assert trace not in kept
            assert not opened(blobs, name).getexif()


@pytest.mark.parametrize(
    ("turn", "corner"),
    [
        *((1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1))),
        *((5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1)), (9, (0, 0))),
    ],
)
def test_pictures_are_turned_upright(blobs: BlobFolder, turn: int, corner: tuple[int, int]) -> None:
    image = Image.new("L", (600, 300), 0)
    image.paste(255, (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = turn
    picture = make_picture(saved(image, "JPEG", exif=exif), blobs)
    size = (300, 600) if turn in (5, 6, 7, 8) else (600, 300)
    assert (picture.width, picture.height) == size
    kept = opened(blobs, picture.blob).convert("L")
    light = (50 + corner[0] * (size[0] - 100), 50 + corner[1] * (size[1] - 100))
    assert kept.getpixel(light) > 200


def test_broken_exif_does_not_break_a_picture(blobs: BlobFolder) -> None:
    exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff" + b"\x01\x12\0\x03\xff\xff\xff\xff" * 20
    assert make_picture(saved(drawn(), "JPEG", exif=exif), blobs).width == 1200


def test_of_an_animation_the_first_frame_is_kept(blobs: BlobFolder) -> None:
    frames = [Image.new("RGB", (30, 30), color) for color in ("red", "green", "blue")]
    for form in ("GIF", "WEBP", "PNG"):
        content = saved(frames[0], form, save_all=True, append_images=frames[1:])
        kept = opened(blobs, make_picture(content, blobs).blob)
        assert getattr(kept, "n_frames", 1) == 1
        red, green, _ = kept.convert("RGB").getpixel((15, 15))
        assert red > 200 > 60 > green


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2560, 2), (480, 480)])
def test_odd_shapes(blobs: BlobFolder, size: tuple[int, int]) -> None:
    picture = make_picture(saved(drawn(size), "PNG"), blobs)
    assert (picture.width, picture.height) == size
    assert max(picture.thumb_width, picture.thumb_height) <= 480
    assert min(picture.thumb_width, picture.thumb_height) >= 1
    assert opened(blobs, picture.blob).size == size


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_what_is_larger_than_telegram_keeps_is_made_smaller(blobs: BlobFolder, form: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = make_picture(saved(drawn((6000, 1500)), form, exif=exif), blobs)
    assert (picture.width, picture.height) == (640, 2560)
    assert opened(blobs, picture.blob).size == (640, 2560)
    long = make_picture(saved(drawn((20_000, 20)), form), blobs)
    assert (long.width, long.height, long.thumb_height) == (2560, 3, 1)


def test_a_small_thumbnail_can_be_asked_for(blobs: BlobFolder) -> None:
    picture = make_picture(saved(drawn(), "JPEG"), blobs, thumb_edge=100)
    assert (picture.thumb_width, picture.thumb_height) == (100, 50)


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG that says it has this size, with chunks of our own."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = b"\x89PNG\r\n\x1a\n"
    for kind, content in ((b"IHDR", header), *chunks, (b"IEND", b"")):
        crc = struct.pack(">I", zlib.crc32(kind + content))
        parts += struct.pack(">I", len(content)) + kind + content + crc
    return parts


BOMB = zlib.compress(b"\0" * 200_000_000)
GOOD = saved(drawn(), "JPEG")
HOSTILE = {
    "nothing": b"",
    "text": b"no picture",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "html": b"<html><script>alert(1)</script>",
    "cut jpeg": GOOD[: len(GOOD) // 2],
    "cut png": saved(drawn(), "PNG")[:900],
    "cut webp": saved(drawn(), "WEBP")[:500],
    "cut gif": saved(drawn(), "GIF")[:300],
    "jpeg without pixels": b"\xff\xd8\xff\xd9",
    "png without pixels": png(10, 10),
    "png of nothing": png(0, 0, (b"IDAT", zlib.compress(b""))),
    "png bomb": png(60_000, 60_000, (b"IDAT", BOMB)),
    "png just too large": png(8000, 8000, (b"IDAT", BOMB)),
    "png of the largest size": png(2**31 - 1, 2**31 - 1, (b"IDAT", BOMB)),
    "png with a text bomb": png(10, 10, *((b"zTXt", b"k\0\0" + BOMB) for _ in range(20))),
    "gif with a huge screen": b"GIF89a\xff\xff\xff\xff\0\0\0" + b"\0" * 50,
    "gif with a huge frame": b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;",
    "gif of noise": b"GIF89a" + b"\xff" * 30,
    "jpeg of many scans": GOOD[:-2] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" * 20_000,
    "tiff": saved(drawn(), "TIFF"),
    "bmp": saved(drawn(), "BMP"),
    "ico": saved(drawn((64, 64)), "ICO"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_images_are_bad_input_and_soon(blobs: BlobFolder, name: str) -> None:
    started = time.monotonic()
    with pytest.raises(BadInput):
        make_picture(HOSTILE[name], blobs)
    assert time.monotonic() - started < 2
    assert list(blobs.iter_sizes()) == []


def test_the_limit_of_pixels_can_be_set(blobs: BlobFolder) -> None:
    assert isinstance(make_picture(GOOD, blobs, max_pixels=1200 * 600), Picture)
    with pytest.raises(BadInput, match="1200 x 600"):
        make_picture(GOOD, blobs, max_pixels=1200 * 600 - 1)


def test_whatever_bytes_are_damaged_nothing_but_bad_input_is_raised(blobs: BlobFolder) -> None:
    chance = random.Random(11)
    small = drawn((64, 48))
    kept = refused = 0
    for form in ("JPEG", "PNG", "WEBP", "GIF"):
        whole = saved(small, form)
        for _ in range(250):
            content = bytearray(whole)
            for _ in range(chance.choice([1, 2, 10])):
                content[chance.randrange(len(content))] = chance.randrange(256)
            try:
                make_picture(bytes(content[: chance.choice([None, 200, None])]), blobs)
                kept += 1
            except BadInput:
                refused += 1
    assert kept > 0 < refused
