"""Our own static files, read once, each under an address that changes with its content.

Knows the folder static/; knows nothing of pages.
"""

import hashlib
import mimetypes
from importlib.resources import files
from typing import Final

from soso.model.errors import NotFound
from soso.model.value import Value

_TYPES: Final = {".svg": "image/svg+xml", ".css": "text/css", ".js": "text/javascript"}


class Asset(Value):
    """A static file; version: a hash of its content, the ?v= of its address."""

    name: str
    content: bytes
    media_type: str
    version: str

    @property
    def path(self) -> str:
        """Its address, good for ever."""
        return f"/static/{self.name}?v={self.version}"


class Assets:
    """All static files of the site, in memory: there are few and they are small."""

    def __init__(self) -> None:
        folder = files("soso.web.site") / "static"
        found = (entry for entry in folder.iterdir() if entry.is_file())
        self._by_name = {
            entry.name: _build_asset(entry.name, entry.read_bytes()) for entry in found
        }

    def get(self, name: str) -> Asset:
        """Return a file. Raises NotFound."""
        if name not in self._by_name:
            raise NotFound(f"there is no static file {name[:80]!r}")
        return self._by_name[name]

    def path(self, name: str) -> str:
        """Return a file's address with its version. Raises NotFound: a mistake in a template."""
        return self.get(name).path


def _build_asset(name: str, content: bytes) -> Asset:
    suffix = name[name.rfind(".") :]
    media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    version = hashlib.sha256(content).hexdigest()[:12]
    return Asset(name=name, content=content, media_type=media_type, version=version)
