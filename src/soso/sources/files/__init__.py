"""What lies behind a path: exports, saved pages, dumps, in files, folders and zip archives.

Knows how the forms of input are told apart. Must not know what they hold.
"""

from soso.sources.files.archive import ArchiveLimits, extract
from soso.sources.files.find import find_sources, open_sources

__all__ = ["ArchiveLimits", "extract", "find_sources", "open_sources"]
