"""The nearest vectors by looking at all of them."""

from soso.engines.exact.table import ExactTable

__all__ = ["ExactTable"]
