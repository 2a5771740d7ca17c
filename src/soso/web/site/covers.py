"""Drawn placeholders: hills under a moon, for posts and chats without a picture.

Knows SVG; knows nothing of posts. The drawing depends on its seed alone, so it is the same each
time and may be kept for ever. A seed is a chat's ref, or REF-POSTID, and may end in ~X: X is the
character that is written on the drawing, larger on a chat's, which is shown small. The chat gives
the colours, the post the lie of the land.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote

from markupsafe import escape

from soso.model.chat import Chat
from soso.model.post import Post
from soso.web.site.foreign import clean_line

WIDTH: Final = 320
HEIGHT: Final = 200

# Sky above, sky at the horizon, hills: quiet middle tones that suit a light page and a dark one.
_PALETTES: Final = (
    ("#5f7f95", "#a9bcc2", "#3c5a6e"),
    ("#6f8a74", "#b6c4a9", "#46624f"),
    ("#8d7688", "#c4aeb2", "#64506a"),
    ("#a07a63", "#d3b596", "#77543f"),
    ("#587f86", "#a3c0ba", "#365c63"),
    ("#7b7aa0", "#b3b1c7", "#545480"),
    ("#9b8a5e", "#cfc096", "#70633c"),
    ("#94706c", "#cba79a", "#6d4c4b"),
    ("#5d728c", "#a6b0be", "#3d4f68"),
    ("#74865a", "#bcc498", "#515f39"),
    ("#866f9b", "#b9a7c4", "#5f4a75"),
    ("#4f7a72", "#9fbdae", "#30574f"),
)
_FONTS: Final = "'Songti SC','Noto Serif CJK SC','Source Han Serif SC',SimSun,Georgia,serif"


def draw_cover(seed: str) -> str:
    """Return the drawing of a seed as SVG, about 1 KB.  Raises nothing."""
    name, _, mark = seed.partition("~")
    owner, _, rest = name.partition("-")
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    colours = hashlib.sha256(owner.encode("utf-8", "replace")).digest()
    high, low, hills = _PALETTES[colours[0] % len(_PALETTES)]
    glyph = mark if len(mark) == 1 and _is_written(mark) else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" preserveAspectRatio="xMidYMid slice">'
        '<defs><linearGradient id="s" x2="0" y2="1">'
        f'<stop stop-color="{high}"/><stop offset="1" stop-color="{low}"/>'
        f"</linearGradient></defs>"
        f'<path fill="url(#s)" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'
        f"{_draw_moon(digest) if rest else ''}{_draw_hills(digest, hills)}"
        f"{_draw_glyph(glyph, 92 if rest else 124)}</svg>"
    )


def cover_seed(chat: Chat, post: Post | None = None, title: str = "") -> str:
    """Return the seed of a chat's or post's drawing; title gives the character written on it."""
    name = chat.ref if post is None else f"{chat.ref}-{post.id}"
    glyph = next((sign for sign in clean_line(title)[:40] if _is_written(sign)), "")
    return f"{name}~{glyph.upper()[:1]}" if glyph else name


def cover_path(chat: Chat, post: Post | None = None, title: str = "") -> str:
    """Return the address of a chat's or post's drawing."""
    return f"/cover/{quote(cover_seed(chat, post, title), safe='~')}.svg"


def _is_written(sign: str) -> bool:
    """Whether a character is a letter or digit: alone it means something, and it has no tricks."""
    return unicodedata.category(sign)[0] in "LN"


def _draw_moon(digest: bytes) -> str:
    side = 72 if digest[0] % 2 else 206  # beside the character, inside a square cut of the middle
    across = side + digest[1] * 42 // 255
    up = 36 + digest[2] * 40 // 255
    size = 13 + digest[3] * 12 // 255
    return f'<circle cx="{across}" cy="{up}" r="{size}" fill="#fff" fill-opacity=".5"/>'


def _draw_hills(digest: bytes, colour: str) -> str:
    """Three ranges of hills, the nearer the lower and the darker."""
    drawn = []
    for layer in range(3):
        heights = [digest[4 + layer * 6 + step] * (46 - layer * 8) // 255 for step in range(6)]
        base = 122 + layer * 28
        points = [(step * 64, base - height) for step, height in enumerate(heights)]
        path = f"M0 {HEIGHT}V{points[0][1]}"
        for (x0, y0), (x1, y1) in pairwise(points):
            middle = (x0 + x1) // 2
            path += f"C{middle} {y0} {middle} {y1} {x1} {y1}"
        opacity = (".32", ".5", ".85")[layer]
        drawn.append(f'<path fill="{colour}" fill-opacity="{opacity}" d="{path}V{HEIGHT}z"/>')
    return "".join(drawn)


def _draw_glyph(glyph: str, size: int) -> str:
    if not glyph:
        return ""
    return (
        f'<text x="160" y="102" font-family="{_FONTS}" font-size="{size}" fill="#fff"'
        ' fill-opacity=".94" text-anchor="middle" dominant-baseline="central">'
        f"{escape(glyph)}</text>"
    )


GLOBALS: Final[dict[str, Callable[..., Any]]] = {"cover_path": cover_path}
