"""Makes a foreign image into a picture that may be shown: decoded, upright, without metadata.

Knows images, nothing of where they came from. What is kept is always written anew from the decoded
pixels, so that no byte of the foreign file (EXIF, GPS, colour profile, comment, a second file
behind the image) is served to anybody.
"""

import io
import struct
import threading
import warnings
import zlib
from typing import Final

from PIL import Image

from soso.model.errors import BadInput
from soso.model.media import Picture
from soso.ports.blobs import BlobStore
from soso.stores.blobs.look import look_of

MAX_PIXELS: Final = 40_000_000
THUMB_EDGE: Final = 480

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_KEPT_EDGE: Final = 2560
_JPEG_STARTS: Final = b"\xff\xd8"
_JPEG_QUALITY: Final = 87  # what Telegram itself sends
_WEBP_QUALITY: Final = 85
_THUMB_QUALITY: Final = 75
_WEBP_METHOD: Final = 2  # 46 ms for 1280x960 where method 4 takes 108 for 7% less
_MOST_SCANS: Final = 100  # a progressive JPEG has about ten; each costs a pass over all pixels

_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FILTERS: Final = threading.Lock()  # the filters of warnings are one for all threads

# What Pillow's parsers raise on broken files, and its warnings where they are errors.
_PILLOW_RAISES: Final = (
    Image.DecompressionBombError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)


def make_picture(
    content: bytes, blobs: BlobStore, *, max_pixels: int = MAX_PIXELS, thumb_edge: int = THUMB_EDGE
) -> Picture:
    """Keep an image and its thumbnail, and return where.

    content: a JPEG, PNG, WebP or GIF, whatever its name said; of an animation the first frame.
    max_pixels: looked at before anything is decoded. thumb_edge: the longer side, in pixels.
    The original is kept as JPEG if it was one, otherwise as WebP, with at most 2560 pixels a side
    (as Telegram keeps photos); width and height are those of what is kept. The thumbnail is WebP.
    Raises BadInput for anything else, broken, cut off or too large; Unavailable from blobs.
    """
    try:
        image = _decode(content, max_pixels)
        if content.startswith(_JPEG_STARTS):
            original = _encode(image, "JPEG", quality=_JPEG_QUALITY)
        else:
            original = _encode(image, "WEBP", quality=_WEBP_QUALITY, method=_WEBP_METHOD)
        thumb = _shrink(image, thumb_edge)
        look = look_of(thumb)
        small = _encode(thumb, "WEBP", quality=_THUMB_QUALITY, method=_WEBP_METHOD)
    except _PILLOW_RAISES as error:
        raise BadInput(f"The image can't be read: {error or type(error).__name__}") from error
    return Picture(
        blob=blobs.put(original),
        thumb=blobs.put(small),
        width=image.width,
        height=image.height,
        thumb_width=thumb.width,
        thumb_height=thumb.height,
        look=look,
    )


def _decode(content: bytes, max_pixels: int) -> Image.Image:
    """Return the first frame, upright, in RGB, RGBA or L, and nothing else of the file."""
    if content.startswith(_JPEG_STARTS) and content.count(b"\xff\xda") > _MOST_SCANS:
        raise BadInput("The image has too many scans.")
    opened, turn = _open(content)
    _check_size(opened, max_pixels)
    opened.draft(None, (_KEPT_EDGE, _KEPT_EDGE))  # a large JPEG is decoded at a half or less
    opened.load()
    _check_size(opened, max_pixels)  # a GIF's frame can be larger than its screen
    image = _shrink(_in_plain_mode(opened), _KEPT_EDGE)
    image = image if turn is None else image.transpose(turn)
    image.info = {}
    return image


def _open(content: bytes) -> tuple[Image.Image, Image.Transpose | None]:
    """Read the header, and how the image must be turned; broken EXIF turns nothing.

    Pillow warns of what is odd in a header. It is no error where the pixels are whole, nor worth a
    line for the operator; of a bomb _check_size decides.
    """
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
        try:
            turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
        except _PILLOW_RAISES:
            turn = None
    return image, turn


def _check_size(image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if width < 1 or height < 1 or width * height > max_pixels:
        raise BadInput(f"The image is too large or empty: {width} x {height} pixels.")


def _in_plain_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel; convert() would cut, not scale
        return image.convert("F").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def _shrink(image: Image.Image, edge: int) -> Image.Image:
    factor = edge / max(image.size)
    if factor >= 1:
        return image
    size = (max(round(image.width * factor), 1), max(round(image.height * factor), 1))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encode(image: Image.Image, form: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
