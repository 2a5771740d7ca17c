"""The adapters that fill the ports, each made when first used.

The one place that knows which class fills which port. Must not know what is done with them.
"""

import logging
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Final

from soso.config import Settings
from soso.embedders.e5 import load_e5
from soso.embedders.fast import FastEmbedder
from soso.embedders.openai import OpenAIEmbedder, Remote
from soso.engines.exact import ExactTable
from soso.engines.tantivy.engine import TantivyEngine
from soso.flows.export import Encoders
from soso.flows.meaning import Choice, Meaning, Outside
from soso.model.errors import BadInput
from soso.model.post import Post
from soso.ports.embedder import Embedder
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

log = logging.getLogger(__name__)

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
    def sensitive_words(self) -> SensitiveWords:
        """The operator's list."""
        return SensitiveWords(self.settings.sensitive_words, self.analyzers)

    @cached_property
    def blobs(self) -> BlobFolder:
        """The pictures."""
        return BlobFolder(self.data / "blobs")

    @cached_property
    def store(self) -> Store:
        """The truth."""
        scratch = suggestions = None
        if self.settings.database_url.startswith("sqlite"):
            scratch = f"sqlite:///{self.data / 'scratch.sqlite'}"
            suggestions = f"sqlite:///{self.data / 'suggestions.sqlite'}"
        words = self.sensitive_words

        def is_sensitive(post: Post) -> bool:
            return words.found_in(post.text)

        return SqlStore(
            self.settings.database_url,
            scratch_url=scratch,
            suggestions_url=suggestions,
            fold=self.analyzers.keyword,
            is_sensitive=is_sensitive,
        )

    @cached_property
    def meaning(self) -> Meaning | None:
        """The vectors and the model behind them; None where the settings want words alone."""
        asked = self.settings
        if asked.embedder == "none":
            return None
        target = Choice(embedder=asked.embedder)
        if asked.embedder == "openai":
            target = Choice(
                embedder="openai",
                url=asked.embedder_url,
                model=asked.embedder_model,
                dimension=asked.embedder_dimension,
                query_prefix=asked.embedder_query_prefix,
                post_prefix=asked.embedder_post_prefix,
            )
        return Meaning(self.store, target, Outside(self._open_embedder, ExactTable))

    def _open_embedder(self, choice: Choice) -> Embedder:
        match choice.embedder:
            case "e5":
                return load_e5(self.settings.models_folder, threads=self.settings.embedder_threads)
            case "fast":
                return FastEmbedder(threads=self.settings.embedder_threads)
            case "openai":
                return self._open_remote(choice)
            case _:
                raise BadInput(f"there is no embedder {choice.embedder!r}")

    def _open_remote(self, choice: Choice) -> OpenAIEmbedder:
        remote = Remote(
            url=choice.url,
            model=choice.model,
            dimension=choice.dimension,
            key=self.settings.embedder_key.get_secret_value(),
            query_prefix=choice.query_prefix,
            post_prefix=choice.post_prefix,
        )
        embedder = OpenAIEmbedder(remote)
        if embedder.warning is not None:
            log.warning("%s", embedder.warning)
        return embedder

    @cached_property
    def engine(self) -> TantivyEngine:
        """The index."""
        return TantivyEngine(
            self.data / "index",
            fingerprint=self.analyzers.fingerprint,
            heap_bytes=self.settings.index_heap_bytes,
        )
