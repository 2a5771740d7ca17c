"""Telegram Desktop's exports, JSON and HTML, as sources of posts.

Knows what Telegram Desktop writes and has written since 2018, its faults included. Must not know
the store, the index, or what is done with the posts.
"""

from soso.sources.desktop_export.html import DesktopHtmlSource
from soso.sources.desktop_export.sniff import looks_like_html_export, looks_like_json_export
from soso.sources.desktop_export.source import DesktopJsonSource

__all__ = [
    "DesktopHtmlSource",
    "DesktopJsonSource",
    "looks_like_html_export",
    "looks_like_json_export",
]
