"""The port Pictures: pictures made safe, in a blob store."""

from soso.model.media import Picture
from soso.ports.blobs import BlobStore
from soso.stores.blobs.pictures import make_picture


class PictureKeeper:
    """Keeps pictures in a blob store. Safe in many threads."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def keep(self, content: bytes) -> Picture:
        """See ports/pictures.py."""
        return make_picture(content, self._blobs)

    def has(self, picture: Picture) -> bool:
        """See ports/pictures.py."""
        return self._blobs.has(picture.thumb)
