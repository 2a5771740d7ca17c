"""A graph while it is drawn.

Knows onnx's nodes, constants and files; must not know what is computed.
"""

from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from soso.embedders.packages import load_package

MICROSOFT: Final = "com.microsoft"
OPSET: Final = 21
IR_VERSION: Final = 10  # what ONNX Runtime 1.20 and newer read
_BESIDE_BYTES: Final = 4096  # larger constants go into a file that is mapped, not read


class Sketch:
    """Nodes are named by what they give; a constant is kept once under its name."""

    def __init__(self) -> None:
        self._onnx: ModuleType = load_package("onnx")
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def constant(self, name: str, value: NDArray[Any] | np.generic) -> str:
        """Keep a constant and return its name; one of this name must be the same."""
        if name not in self._constants:
            array = np.array(value, order="C")
            self._constants[name] = self._onnx.numpy_helper.from_array(array, name)
        return name

    def number(self, value: float) -> str:
        """Keep a float32 number."""
        return self.constant(f"number {value!r}", np.float32(value))

    def axes(self, *values: int) -> str:
        """Keep a list of whole numbers: axes, or a shape."""
        return self.constant(f"axes {values!r}", np.array(values, np.int64))

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output and return its name."""
        output = f"{operator} {len(self._nodes)}"
        self._add(operator, inputs, output, domain, attributes)
        return output

    def last(self, operator: str, *inputs: str, output: str, **attributes: Any) -> None:
        """Add the node that gives an output of the graph."""
        self._add(operator, inputs, output, "", attributes)

    def save(
        self,
        path: Path,
        beside: str,
        *,
        inputs: dict[str, type[np.generic]],
        outputs: dict[str, int],
    ) -> None:
        """Write the graph to path and its large constants to a file of the name beside, there.

        inputs: matrices of any size; outputs: float32 matrices of so many columns.
        """
        onnx, helper = self._onnx, self._onnx.helper
        graph = helper.make_graph(
            self._nodes,
            path.stem,
            [
                helper.make_tensor_value_info(
                    name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), ["texts", "tokens"]
                )
                for name, kind in inputs.items()
            ],
            [
                helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["texts", columns])
                for name, columns in outputs.items()
            ],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        onnx.save_model(
            helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION),
            path,
            save_as_external_data=True,
            location=beside,
            size_threshold=_BESIDE_BYTES,
        )

    def _add(
        self,
        operator: str,
        inputs: tuple[str, ...],
        output: str,
        domain: str,
        attributes: dict[str, Any],
    ) -> None:
        node = self._onnx.helper.make_node(
            operator, inputs, [output], name=output, domain=domain, **attributes
        )
        self._nodes.append(node)
