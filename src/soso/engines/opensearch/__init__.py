"""An index in an OpenSearch cluster: many writers, many shards, builds beside each other."""

from soso.engines.opensearch.builds import Layout
from soso.engines.opensearch.client import Access
from soso.engines.opensearch.engine import OpenSearchEngine

__all__ = ["Access", "Layout", "OpenSearchEngine"]
