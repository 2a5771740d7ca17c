"""What a picture looks like, as a few signs that another encoding or size leaves as they are.

Knows pixels. Must not know what looks are compared for.

The lowest frequencies of the picture's brightness, each as its sign: 35 bits. Of pictures encoded anew
at another size or quality 96 in 100 keep all of them (docs/guide/copies.md), more than of hashes of 64
bits, which had to be compared by distance and could not be looked up. Source: the perceptual hash
over a discrete cosine transform, by signs instead of the median, from which all bits move at once.
"""

from typing import Final

import numpy as np
from PIL import Image

_EDGE: Final = 32
_KEPT: Final = 6
_PLAIN: Final = 3.0
"""Grey values: a picture whose brightness varies by less is one colour, and looks like any other."""

_FAINT: Final = 0.002
"""Of the whole: a frequency weaker than this has no sign to speak of; of most frequencies, none has."""

_WAVES: Final = np.cos(
    np.pi / _EDGE * (np.arange(_EDGE)[None, :] + 0.5) * np.arange(_KEPT)[:, None]
)


def look_of(image: Image.Image) -> str:
    """Return what a picture looks like as 9 hexadecimal digits, nothing for one that is plain.

    image: decoded and upright, of any size and mode. What is transparent counts as white.
    """
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    small = image.convert("L").resize((_EDGE, _EDGE), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float64)
    if float(grey.std()) < _PLAIN:
        return ""
    waves = (_WAVES @ (grey - grey.mean()) @ _WAVES.T).ravel()[1:]
    strong = np.abs(waves) > _FAINT * np.abs(waves).sum()
    if 2 * int(strong.sum()) < len(waves):
        return ""  # stripes, a gradient: the rest of the signs would be chance
    bits = sum(1 << place for place, wave in enumerate(waves) if wave > 0)
    return f"{bits:09x}"
