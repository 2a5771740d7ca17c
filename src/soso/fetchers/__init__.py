"""How pages, feeds and pictures are fetched: guarded and polite.

Knows HTTP and addresses. Must not know what is in an answer, or who asked for it.
"""

from soso.fetchers.fetcher import HttpFetcher, Limits
from soso.fetchers.guard import Guard
from soso.fetchers.pictures import PictureDoor
from soso.fetchers.queue import PoliteQueue

__all__ = ["Guard", "HttpFetcher", "Limits", "PictureDoor", "PoliteQueue"]
