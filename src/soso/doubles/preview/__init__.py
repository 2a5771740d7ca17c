"""A double of Telegram's preview site (t.me): a real server on this machine, with invented posts.

For tests, measurements and a first look. Knows the pages' markup as they are seen from outside; must
not know how Soso reads them. `python -m soso.doubles.preview` starts it.
"""

from soso.doubles.preview.double import PreviewDouble, Truth
from soso.doubles.preview.failures import Failure
from soso.doubles.preview.server import Started, start_preview_double

__all__ = ["Failure", "PreviewDouble", "Started", "Truth", "start_preview_double"]
