"""The part of App about pictures of live posts that are still to be fetched.

Mixed into bootstrap.App. What could not be had at once is tried again by the worker.
"""

from soso.flows.fetch_pictures import Fetching, FetchReport, fetch_due_pictures
from soso.ports.pictures_due import PictureDue
from soso.stores.blobs.keeper import PictureKeeper
from soso.wiring import Adapters


class PicturesApp(Adapters):
    """Pictures that are due. Methods may be called from many threads."""

    def fetch_due_pictures(self, *, limit: int = 20) -> FetchReport:
        """See flows/fetch_pictures.py."""
        needs = Fetching(
            self.store,
            PictureKeeper(self.blobs),
            self.clock,
            self.media_door,
            self.post_again,
            self.settings.media_file_max_bytes,
        )
        return fetch_due_pictures(needs, limit=limit)

    def count_due_pictures(self) -> tuple[int, int]:
        """Return of how many posts pictures wait to be fetched, and of how many they are lost."""
        return self.store.count_pictures_due()

    def list_lost_pictures(self, *, limit: int = 50) -> list[PictureDue]:
        """Return the posts whose pictures were given up, with the reasons."""
        return self.store.list_pictures_due(given_up=True, limit=limit)
