"""Models behind an OpenAI-compatible endpoint; posts and queries are sent there."""

from soso.embedders.openai.embedder import LEAVES_THE_MACHINE, OpenAIEmbedder, Remote

__all__ = ["LEAVES_THE_MACHINE", "OpenAIEmbedder", "Remote"]
