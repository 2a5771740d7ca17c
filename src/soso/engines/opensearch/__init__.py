"""An index in an OpenSearch cluster: many writers, many shards, builds beside each other."""

from soso.engines.opensearch.builds import Layout
from soso.engines.opensearch.client import Access
from soso.engines.opensearch.engine import OpenSearchEngine
from soso.engines.opensearch.nearest import ClusterVectors

__all__ = ["Access", "ClusterVectors", "Layout", "OpenSearchEngine"]
