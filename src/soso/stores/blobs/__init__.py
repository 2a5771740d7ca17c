"""Pictures on disk: by what they are, so that each is kept once, and safe to show."""

from soso.stores.blobs.folder import BlobFolder
from soso.stores.blobs.pictures import make_picture

__all__ = ["BlobFolder", "make_picture"]
