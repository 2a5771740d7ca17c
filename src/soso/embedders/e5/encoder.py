"""The encoder as a graph: token ids in, vectors of unit length out.

Knows the layers of multilingual-e5-small (BERT with the layer norm behind each sum) and what ONNX
Runtime is quick at; must not know files or texts. Three things are unlike a plain export, each
measured on one core over real posts of 65 tokens (docs/adr/0007-embedders.md):

- Activations are rounded to 8 bits a row at a time, by a few nodes before each product, instead of
  over the whole batch (DynamicQuantizeLinear): cosine 0.999 instead of 0.997 to the weights as they
  came, and a text's vector no longer depends on the texts beside it.
- Layer norm is written out: ONNX Runtime's own takes a row one number after another, and was a
  quarter of the time.
- The word table stays in the 4 bits it came in; rows are unpacked when they are looked up.
"""

from pathlib import Path
from typing import Final

import numpy as np

from soso.embedders.e5.rounding import round_weights
from soso.embedders.e5.sketch import MICROSOFT, Sketch
from soso.embedders.e5.weights import BLOCK, Weights
from soso.model.value import Value

TOKENS: Final = "tokens"
MASK: Final = "mask"
VECTORS: Final = "vectors"
_GELU_LEAST: Final = 0.1701  # nothing that GELU gives lies further below zero


class _Row(Value):
    """Rows in 8 bits: bytes, the byte that means zero, and what a step of each row is worth."""

    numbers: str
    zero: int
    step: str


def draw_encoder(weights: Weights, path: Path, beside: str) -> None:
    """Write the graph to path, its weights to a file beside it.

    Inputs: TOKENS int64 and MASK int32 (1 for a token, 0 for padding), both (texts, tokens).
    Output: VECTORS float32 (texts, hidden), the mean over a text's tokens, of unit length.
    """
    drawing = _Drawing(weights)
    drawing.draw()
    drawing.sketch.save(
        path,
        beside,
        inputs={TOKENS: np.int64, MASK: np.int32},
        outputs={VECTORS: weights.shape.hidden},
    )


class _Drawing:
    """Between the layers x is flat, (texts * tokens, hidden); attention alone needs texts apart."""

    def __init__(self, weights: Weights) -> None:
        self.sketch = Sketch()
        self._weights = weights
        self._shape = weights.shape

    def draw(self) -> None:
        sketch, hidden = self.sketch, self._shape.hidden
        size = sketch.node("Shape", TOKENS)
        apart = sketch.node("Concat", size, sketch.axes(hidden), axis=0)
        x = self._embed(size, apart)
        for layer in range(self._shape.layers):
            x = self._attend(x, apart, f"l{layer}.")
            x = self._think(x, f"l{layer}.")
        x = sketch.node("Reshape", x, apart)
        mask = sketch.node("Cast", MASK, to=1)
        mask = sketch.node("Unsqueeze", mask, sketch.axes(1))
        total = sketch.node("Squeeze", sketch.node("MatMul", mask, x), sketch.axes(1))
        # The length is taken out anyway, so the mean is the sum.
        sketch.last("LpNormalization", total, output=VECTORS, axis=-1, p=2)

    def _embed(self, size: str, apart: str) -> str:
        sketch, hidden = self.sketch, self._shape.hidden
        numbers, scales = self._weights.packed("emb.word", hidden)
        words = sketch.node(
            "GatherBlockQuantized",
            sketch.constant("word.numbers", numbers),
            sketch.node("Reshape", TOKENS, sketch.axes(-1)),
            sketch.constant("word.scales", scales),
            domain=MICROSOFT,
            bits=4,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
        places = self._weights.vector("emb.pos").reshape(-1, hidden)
        places = places + self._weights.vector("emb.type")[:hidden]
        longest = sketch.node("Gather", size, sketch.axes(1))
        placed = sketch.node(
            "Slice", sketch.constant("places", places), sketch.axes(0), longest, sketch.axes(0)
        )
        x = sketch.node("Add", sketch.node("Reshape", words, apart), placed)
        return self._norm(self._flat(x), "emb.ln.")

    def _attend(self, x: str, apart: str, layer: str) -> str:
        sketch = self.sketch
        row = self._round(x)
        asked = [
            sketch.node("Reshape", self._times(row, f"{layer}{part}.w"), apart) for part in "qkv"
        ]
        bias = np.concatenate([self._weights.vector(f"{layer}{part}.b") for part in "qkv"])
        seen = sketch.node(
            "MultiHeadAttention",
            *asked,
            sketch.constant(f"{layer}qkv.b", bias),
            MASK,
            domain=MICROSOFT,
            num_heads=self._shape.heads,
        )
        out = self._times(self._round(self._flat(seen)), f"{layer}ao.w")
        bias = self._weights.vector(f"{layer}ao.b")
        return self._norm(self._sum(out, x, f"{layer}ao.b", bias), f"{layer}aln.")

    def _think(self, x: str, layer: str) -> str:
        sketch, inner = self.sketch, self._shape.inner
        wide = self._times(self._round(x), f"{layer}fi.w")
        bias = sketch.constant(f"{layer}fi.b", self._weights.vector(f"{layer}fi.b"))
        wide = sketch.node("FastGelu", wide, bias, domain=MICROSOFT)
        matrix = round_weights(self._weights.matrix(f"{layer}fo.w", inner))
        out = self._times(self._round_gelu(wide), f"{layer}fo.w", inputs=inner)
        lifted = self._weights.vector(f"{layer}fo.b") - np.float32(_GELU_LEAST) * matrix.sums
        return self._norm(self._sum(out, x, f"{layer}fo.b", lifted), f"{layer}oln.")

    def _round(self, x: str) -> _Row:
        """Each row in 8 bits, as far from zero on both sides as its largest number."""
        sketch = self.sketch
        largest = sketch.node("ReduceMax", sketch.node("Abs", x), sketch.axes(-1))
        step = sketch.node("Mul", self._not_zero(largest), sketch.number(1 / 127))
        return self._bytes(sketch.node("Div", x, step), zero=128, step=step)

    def _round_gelu(self, x: str) -> _Row:
        """Each row in 8 bits from the least that GELU gives up to its largest number.

        All 8 bits then serve the one side that matters; what lifting the row adds to the product
        is the same for every row, and is taken out of the bias.
        """
        sketch = self.sketch
        lifted = sketch.node("Add", x, sketch.number(_GELU_LEAST))
        largest = sketch.node("ReduceMax", lifted, sketch.axes(-1))
        step = sketch.node("Mul", self._not_zero(largest), sketch.number(1 / 255))
        return self._bytes(sketch.node("Div", lifted, step), zero=0, step=step)

    def _not_zero(self, largest: str) -> str:
        return self.sketch.node("Max", largest, self.sketch.number(1e-9))

    def _bytes(self, x: str, *, zero: int, step: str) -> _Row:
        """Rounding to whole numbers is left to QuantizeLinear, which is quicker than Cast."""
        sketch = self.sketch
        byte = sketch.constant(f"byte {zero}", np.uint8(zero))
        numbers = sketch.node("QuantizeLinear", x, sketch.number(1.0), byte)
        return _Row(numbers=numbers, zero=zero, step=step)

    def _times(self, row: _Row, name: str, *, inputs: int | None = None) -> str:
        sketch = self.sketch
        matrix = round_weights(self._weights.matrix(name, inputs or self._shape.hidden))
        product = sketch.node(
            "MatMulIntegerToFloat",
            row.numbers,
            sketch.constant(name, matrix.numbers),
            sketch.number(1.0),
            sketch.constant(f"{name} scales", matrix.scales),
            sketch.constant(f"byte {row.zero}", np.uint8(row.zero)),
            domain=MICROSOFT,
        )
        return sketch.node("Mul", product, row.step)

    def _sum(self, out: str, x: str, name: str, bias: np.ndarray) -> str:
        sketch = self.sketch
        return sketch.node("Add", sketch.node("Add", out, x), sketch.constant(name, bias))

    def _norm(self, x: str, name: str) -> str:
        sketch, last = self.sketch, self.sketch.axes(-1)
        centred = sketch.node("Sub", x, sketch.node("ReduceMean", x, last))
        variance = sketch.node("ReduceSumSquare", centred, last)
        variance = sketch.node("Mul", variance, sketch.number(1 / self._shape.hidden))
        variance = sketch.node("Add", variance, sketch.number(self._shape.epsilon))
        x = sketch.node("Div", centred, sketch.node("Sqrt", variance))
        x = sketch.node("Mul", x, sketch.constant(f"{name}w", self._weights.vector(f"{name}w")))
        return sketch.node("Add", x, sketch.constant(f"{name}b", self._weights.vector(f"{name}b")))

    def _flat(self, x: str) -> str:
        return self.sketch.node("Reshape", x, self.sketch.axes(-1, self._shape.hidden))
