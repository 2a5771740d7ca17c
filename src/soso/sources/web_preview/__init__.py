"""Telegram's public preview pages: t.me/s/NAME, single posts as embeds, t.me/NAME.

Knows the classes and attributes of these pages. Must not know the store, the index, or the network:
the parser is given HTML, and this source reads saved files. The live crawler uses the same parser.
"""

from soso.sources.web_preview.page import PageKind, PreviewPage
from soso.sources.web_preview.parse import looks_like_preview, parse_page
from soso.sources.web_preview.source import PreviewFilesSource

__all__ = ["PageKind", "PreviewFilesSource", "PreviewPage", "looks_like_preview", "parse_page"]
