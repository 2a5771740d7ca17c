import io
import random
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageDraw

from soso.stores.blobs.look import look_of


def painted(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """A picture with the spectrum of a photo and a few sharp shapes, as posters have."""
    drawn, noise = random.Random(seed), np.random.default_rng(seed)
    width, height = size
    falling = np.fft.fftfreq(height)[:, None] ** 2 + np.fft.fftfreq(width)[None, :] ** 2
    falling[0, 0] = 1
    bands = []
    for _ in range(3):
        waves = np.fft.fft2(noise.standard_normal((height, width))) / falling**0.6
        band = np.fft.ifft2(waves).real
        bands.append(np.clip(128 + 50 * (band - band.mean()) / band.std(), 0, 255))
    image = Image.fromarray(np.stack(bands, -1).astype("uint8"))
    pen = ImageDraw.Draw(image)
    for _ in range(drawn.randrange(8)):
        left, top = drawn.randrange(width), drawn.randrange(height)
        color = tuple(drawn.randrange(256) for _ in range(3))
        pen.rectangle((left, top, left + drawn.randrange(20, 300), top + 80), fill=color)
    return image


def encoded(image: Image.Image, form: str, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, form, quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def again(image: Image.Image) -> Iterator[Image.Image]:
    """The picture as others post it: other quality, format, size."""
    yield encoded(image, "JPEG", 87)
    yield encoded(image, "JPEG", 60)
    yield encoded(image, "WEBP", 75)
    yield encoded(image.resize((image.width // 2, image.height // 2)), "JPEG", 80)
    yield encoded(image.resize((320, 320 * image.height // image.width)), "JPEG", 80)


def test_most_pictures_keep_their_look_and_no_two_share_one() -> None:
    kept = asked = 0
    looks = set()
    for seed in range(40):
        image = painted(seed)
        look = look_of(image)
        looks.add(look)
        for other in again(image):
            kept += look_of(other) == look
            asked += 1
    assert kept / asked >= 0.9
    assert len(looks) == 40


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (500, 300), "red"),
        Image.new("L", (1, 1)),
        Image.new("RGBA", (300, 300), (0, 0, 0, 0)),
        Image.linear_gradient("L"),
    ],
)
def test_what_is_plain_looks_like_nothing(image: Image.Image) -> None:
    assert look_of(image) == ""


def test_what_is_transparent_is_white() -> None:
    image = painted(7).convert("RGBA")
    image.putalpha(255)
    assert look_of(image) == look_of(image.convert("RGB"))
