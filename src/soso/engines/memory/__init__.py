"""An index in memory: it specifies which documents match and how they sort, not their scores."""

from soso.engines.memory.engine import MemoryEngine

__all__ = ["MemoryEngine"]
