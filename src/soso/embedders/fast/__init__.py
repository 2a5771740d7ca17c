"""Universal Sentence Encoder (Apache-2.0, 16 languages) in numpy, for small machines."""

from soso.embedders.fast.embedder import FastEmbedder

__all__ = ["FastEmbedder"]
