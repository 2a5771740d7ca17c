"""The adapters that fill the ports, each made when first used.

The one place that knows which class fills which port. Must not know what is done with them.
"""

from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Final

from soso.config import Settings
from soso.engines.tantivy.engine import TantivyEngine
from soso.flows.export import Encoders
from soso.model.errors import BadInput
from soso.model.post import Post
from soso.ports.store import Store
from soso.sources.json_lines import (
    encode_block,
    encode_chat,
    encode_decision,
    encode_post,
    encode_request,
    encode_tombstone,
)
from soso.stores.blobs.folder import BlobFolder
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import Analyzers, load_analyzers
from soso.text.sensitive import SensitiveWords

ENCODERS: Final = Encoders(
    encode_chat, encode_post, encode_block, encode_tombstone, encode_request, encode_decision
)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present in UTC."""
        return datetime.now(UTC)


class Adapters:
    """What fills the ports for one data folder; a command pays for what it needs."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = SystemClock()
        self.data = settings.data
        try:
            self.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"the data folder {self.data} can't be made: {error}") from error

    def close(self) -> None:
        """Let go of the store, if it was used."""
        if "store" in self.__dict__:
            self.store.close()

    @cached_property
    def analyzers(self) -> Analyzers:
        """The analyzers, loaded once."""
        return load_analyzers()

    @cached_property
    def zone(self) -> tzinfo:
        """The zone in which times are shown and filtered."""
        return self.settings.time_zone

    @cached_property
    def blobs(self) -> BlobFolder:
        """The pictures."""
        return BlobFolder(self.data / "blobs")

    @cached_property
    def store(self) -> Store:
        """The truth."""
        scratch = None
        if self.settings.database_url.startswith("sqlite"):
            scratch = f"sqlite:///{self.data / 'scratch.sqlite'}"
        words = SensitiveWords(self.settings.sensitive_words, self.analyzers)

        def is_sensitive(post: Post) -> bool:
            return words.found_in(post.text)

        return SqlStore(
            self.settings.database_url,
            scratch_url=scratch,
            fold=self.analyzers.keyword,
            is_sensitive=is_sensitive,
        )

    @cached_property
    def engine(self) -> TantivyEngine:
        """The index."""
        return TantivyEngine(
            self.data / "index",
            fingerprint=self.analyzers.fingerprint,
            heap_bytes=self.settings.index_heap_bytes,
        )
