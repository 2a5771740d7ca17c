"""A vocabulary as bytes: one flat file that can be mapped into memory and asked as it lies there.

Knows the form of the file; must not know where it is kept or what is asked of it.

    magic (16 bytes)  length of the head (4 bytes, little-endian)  head (msgpack)  sections

Characters have numbers, the most frequent first. Runs of two and three are a tree in rising order:
of each character the ones that follow it, of each pair the ones that follow that. A count is one
byte. Characters that only readers type have numbers behind the archive's, and no runs. Numbers are
in the byte order of the machine that wrote them.
"""

import hashlib
import math
import sys
import zlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

import msgspec

from soso.model.value import Value
from soso.spelling.count import Counts, forget_rare
from soso.spelling.shapes import find_alike, load_shapes
from soso.text.pinyin import list_syllables, readings
from soso.text.tables import simplify

MAGIC: Final = b"soso-spelling-1" + (b"<" if sys.byteorder == "little" else b">")
MOST_CHARS: Final = 20_000
MOST_SOUNDS: Final = 3

_FIRST_HAN: Final = 0x4E00
_LAST_HAN: Final = 0x9FA5
_STEPS: Final = 12  # of a doubling, above the counts that are exact
_EXACT: Final = 32


Breathe = Callable[[], None]
"""Lets other threads work: what is done here holds the interpreter all the while."""

_SLICE: Final = 1_000
_PARENTS: Final = 50
_HIGH: Final = 56  # of a word's 64 bits, the highest eight part the words


class Sizes(Value):
    """How much is kept of what was counted."""

    pairs: int = 250_000
    triples: int = 500_000
    words: int = 100_000


class Section(Value):
    """Where a table lies behind the head; kind: the type code of its numbers."""

    start: int
    length: int
    kind: str


class Head(Value):
    """texts: how many were counted; grown: what the counter knew of the archive then (see pack).

    checksum: of the sections, CRC 32. chars: in the order of their numbers; the first known of
    them are the archive's. syllables: in the order of their numbers.
    """

    texts: int
    grown: tuple[int, int]
    checksum: int
    known: int
    chars: str
    syllables: tuple[str, ...]
    sections: dict[str, Section]


def squeeze(count: int) -> int:
    """Return a count as one byte: exact up to 32, then in steps of 6%."""
    if count <= _EXACT:
        return max(count, 0)
    return min(255, _EXACT + round(_STEPS * math.log2(count / _EXACT)))


def stretch(byte: int) -> int:
    """Return about the count that squeeze was given."""
    return byte if byte <= _EXACT else round(_EXACT * 2 ** ((byte - _EXACT) / _STEPS))


STRETCHED: Final = tuple(stretch(byte) for byte in range(256))


def hash_word(word: str) -> int:
    """Return the number under which a word of letters is kept; the words themselves are not."""
    return int.from_bytes(
        hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little"
    )


def pack(
    counts: Counts,
    *,
    grown: tuple[int, int] = (0, 0),
    sizes: Sizes | None = None,
    breathe: Breathe = lambda: None,
) -> bytes:
    """Return the vocabulary of what was counted, about 5 bytes a run. Raises nothing.

    grown: kept with it as it is, to tell whether the archive has moved on: posts, last change.
    breathe: called every millisecond or so of some seconds of work.
    """
    sizes = sizes or Sizes()
    kept = forget_rare(counts.chars, MOST_CHARS)
    chars = sorted(kept, key=lambda char: (-kept[char], char))
    numbers = {char: number for number, char in enumerate(chars)}
    typed = [*chars, *_only_typed(numbers)]
    tables: dict[str, array[int]] = {"uni": array("I", (kept[char] for char in chars))}
    pairs = forget_rare(counts.pairs, sizes.pairs, breathe)
    triples = forget_rare(counts.triples, sizes.triples, breathe)
    tables |= _tree(pairs, triples, numbers, breathe)
    syllables = list_syllables()
    tables |= _sounds(typed, syllables, known=len(chars), breathe=breathe)
    tables |= _alike(typed, chars, numbers, breathe)
    tables |= _words(forget_rare(counts.words, sizes.words, breathe), breathe)
    return _join((counts.texts, *grown), typed, len(chars), syllables, tables)


def _only_typed(numbers: Mapping[str, int]) -> list[str]:
    """The simplified characters that readers may type, where the archive has none."""
    every = map(chr, range(_FIRST_HAN, _LAST_HAN + 1))
    return [char for char in every if char not in numbers and simplify(char) == char]


def _tree(
    pairs: Mapping[str, int],
    triples: Mapping[str, int],
    numbers: Mapping[str, int],
    breathe: Breathe,
) -> dict[str, "array[int]"]:
    after_char: list[list[tuple[int, int]]] = [[] for _ in numbers]
    for run, count in _slowly(pairs, breathe):
        if run[0] in numbers and run[1] in numbers:
            after_char[numbers[run[0]]].append((numbers[run[1]], count))
    tables = _branches("pair", after_char, breathe)
    places: dict[tuple[int, int], int] = {}
    for first, rows in enumerate(after_char):
        breathe()
        for second, _ in rows:
            places[first, second] = len(places)
    after_pair: list[list[tuple[int, int]]] = [[] for _ in places]
    for run, count in _slowly(triples, breathe):
        place = places.get((numbers.get(run[0], -1), numbers.get(run[1], -1)))
        if place is not None and run[2] in numbers:
            after_pair[place].append((numbers[run[2]], count))
    return tables | _branches("triple", after_pair, breathe)


def _branches(
    name: str, parents: list[list[tuple[int, int]]], breathe: Breathe
) -> dict[str, "array[int]"]:
    """Put what follows each parent in order, and return it as tables. parents: sorted in place."""
    starts, nexts, counts = array("I", [0]), array("H"), array("B")
    for number, rows in enumerate(parents):
        rows.sort()
        nexts.extend(row[0] for row in rows)
        counts.extend(squeeze(row[1]) for row in rows)
        starts.append(len(nexts))
        if number % _PARENTS == 0:
            breathe()
    return {f"{name}_start": starts, f"{name}_next": nexts, f"{name}_count": counts}


def _slowly(counts: Mapping[str, int], breathe: Breathe) -> Iterator[tuple[str, int]]:
    entries = iter(counts.items())
    while some := list(islice(entries, _SLICE)):
        yield from some
        breathe()


def _sounds(
    typed: list[str], syllables: tuple[str, ...], *, known: int, breathe: Breathe
) -> dict[str, "array[int]"]:
    """Of each character its syllables; of each syllable the archive's characters."""
    numbers = {syllable: number for number, syllable in enumerate(syllables)}
    said: list[list[int]] = []
    spoken: list[list[int]] = [[] for _ in syllables]
    for place, char in enumerate(typed):
        breathe()
        here = [numbers[one] for one in readings(char) if one in numbers][:MOST_SOUNDS]
        said.append(here)
        if place < known:
            for number in here:
                spoken[number].append(place)
    return {**_lists("sound", said), **_lists("spoken", spoken)}


def _alike(
    typed: list[str], chars: list[str], numbers: Mapping[str, int], breathe: Breathe
) -> dict[str, "array[int]"]:
    shapes = load_shapes(typed)
    breathe()
    found = find_alike(shapes, typed, numbers, breathe)
    rows = [found.get(char, []) for char in typed]
    tables = _lists("alike", [[numbers[other] for other, _ in row] for row in rows])
    tables["alike_rate"] = array("B", (round(rate * 255) for row in rows for _, rate in row))
    return tables


def _lists(name: str, rows: list[list[int]]) -> dict[str, "array[int]"]:
    starts = array("I", [0])
    for row in rows:
        starts.append(starts[-1] + len(row))
    return {f"{name}_start": starts, name: array("H", (one for row in rows for one in row))}


def _words(words: Mapping[str, int], breathe: Breathe) -> dict[str, "array[int]"]:
    parted: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for word, count in _slowly(words, breathe):
        number = hash_word(word)
        parted[number >> _HIGH].append((number, squeeze(count)))
    rows: list[tuple[int, int]] = []
    for high in sorted(parted):  # many short sorts: nothing can interrupt a long one
        rows += sorted(parted[high])
        breathe()
    return {
        "word": array("Q", (row[0] for row in rows)),
        "word_count": array("B", (row[1] for row in rows)),
    }


def _join(
    size: tuple[int, int, int],
    typed: list[str],
    known: int,
    syllables: tuple[str, ...],
    tables: Mapping[str, "array[int]"],
) -> bytes:
    sections: dict[str, Section] = {}
    parts: list[bytes] = []
    place = 0
    for name, table in tables.items():
        content = table.tobytes()
        sections[name] = Section(start=place, length=len(content), kind=table.typecode)
        padding = -len(content) % 8
        parts += [content, bytes(padding)]
        place += len(content) + padding
    body = b"".join(parts)
    head = Head(
        texts=size[0],
        grown=size[1:],
        checksum=zlib.crc32(body),
        known=known,
        chars="".join(typed),
        syllables=syllables,
        sections=sections,
    )
    encoded = msgspec.msgpack.encode(head)
    return b"".join([MAGIC, len(encoded).to_bytes(4, "little"), encoded, body])
