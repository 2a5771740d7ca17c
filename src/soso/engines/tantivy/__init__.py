"""An index on disk, by Tantivy: one folder, one writer, readers in many processes."""

from soso.engines.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
