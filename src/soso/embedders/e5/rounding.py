"""Matrices in whole numbers.

Knows how weights are rounded so that every processor multiplies them alike; must not know the model
or the graph. Pure.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from soso.model.value import Value

LARGEST: Final = 63
"""Weights take 7 bits of 8: processors without VNNI add two products of a byte and a weight in 16
bits, where 2 x 255 x 127 does not fit and would be cut off without a word. The eighth bit is worth
0.0003 of the cosine to the weights as they came."""


class Rounded(Value):
    """numbers: (inputs, outputs), each at most LARGEST from zero; scales: one an output."""

    numbers: NDArray[np.int8]
    scales: NDArray[np.float32]

    @property
    def sums(self) -> NDArray[np.float32]:
        """What each output gets if every input is one."""
        sums: NDArray[np.float32] = self.numbers.sum(axis=0, dtype=np.int32) * self.scales
        return sums.astype(np.float32)


def round_weights(weights: NDArray[np.float32]) -> Rounded:
    """Return weights of shape (outputs, inputs) rounded, an own scale for each output."""
    across = weights.T
    scales = np.maximum(np.abs(across).max(axis=0) / LARGEST, np.float32(1e-12))
    numbers = np.rint(across / scales).astype(np.int8)
    return Rounded(numbers=np.ascontiguousarray(numbers), scales=scales.astype(np.float32))
