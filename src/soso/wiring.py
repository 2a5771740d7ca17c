"""The adapters that fill the ports, each made when first used.

The one place that knows which class fills which port. Must not know what is done with them.
"""

import logging
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from soso import __version__
from soso.config import Settings
from soso.embedders.e5 import load_e5
from soso.embedders.fast import FastEmbedder
from soso.embedders.openai import OpenAIEmbedder, Remote
from soso.engines.exact import ExactTable
from soso.engines.opensearch import Access, ClusterVectors, Layout, OpenSearchEngine
from soso.engines.tantivy.engine import TantivyEngine
from soso.fetchers import Guard, HttpFetcher, Limits, PictureDoor, PoliteQueue
from soso.fetchers.webhook import WebhookDoor
from soso.flows.export import Encoders
from soso.flows.meaning import Choice, Meaning, Outside
from soso.model.errors import BadInput
from soso.model.post import Post
from soso.ports.embedder import Embedder
from soso.ports.engine import Engine
from soso.ports.store import Store
from soso.sources.bot_updates import BotFiles
from soso.sources.json_lines import (
    encode_block,
    encode_chat,
    encode_decision,
    encode_post,
    encode_request,
    encode_tombstone,
)
from soso.sources.web_preview.again import PreviewAgain
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
        """Let go of the store and of connections, if they were used."""
        made = self.__dict__
        if "polite_queue" in made:
            self.polite_queue.close()
        for name in ("fetcher", "media_fetcher", "feed_fetcher", "webhook_door", "bot_files"):
            if name in made:
                made[name].close()
        if isinstance(made.get("engine"), OpenSearchEngine):
            made["engine"].close()
        if isinstance(made.get("shared_vectors"), ClusterVectors):
            made["shared_vectors"].close()
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
        return BlobFolder(self.settings.blobs_folder)

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
        return Meaning(
            self.store, target, Outside(self._open_embedder, ExactTable, self.shared_vectors)
        )

    @cached_property
    def shared_vectors(self) -> ClusterVectors | None:
        """Where all processes look for the nearest; None where each holds the vectors itself."""
        if not self.settings.opensearch_url:
            return None
        return ClusterVectors(*self._cluster_settings())

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
    def polite_queue(self) -> PoliteQueue:
        """The turns of all requests to the web."""
        return PoliteQueue(self.store, self.clock)

    @cached_property
    def fetcher(self) -> HttpFetcher:
        """Asks Telegram's preview site, and nobody else."""
        return self._make_fetcher((urlsplit(self.settings.telegram_host).netloc,))

    @cached_property
    def media_fetcher(self) -> HttpFetcher:
        """Asks the hosts of Telegram's pictures."""
        return self._make_fetcher(self.settings.media_hosts, rate=self.settings.media_rate)

    @cached_property
    def media_door(self) -> PictureDoor:
        """Opens pictures of live posts."""
        return PictureDoor(self.media_fetcher)

    @cached_property
    def post_again(self) -> PreviewAgain:
        """Reads single posts anew."""
        return PreviewAgain(self.fetcher, self.settings.telegram_host)

    @cached_property
    def feed_fetcher(self) -> HttpFetcher:
        """Asks any public host."""
        return self._make_fetcher(None)

    @cached_property
    def webhook_door(self) -> WebhookDoor:
        """Tells alerts to any public host; never through the proxy, which could reach others."""
        asked = self.settings
        return WebhookDoor(
            Guard(None, private=asked.fetch_private),
            self.clock,
            base_url=asked.public_url.rstrip("/"),
            user_agent=f"Soso/{__version__}",
            plain=asked.fetch_private,
        )

    @cached_property
    def bot_files(self) -> BotFiles:
        """Fetches the pictures of posts that the bot was told of."""
        return BotFiles(self.settings.bot_api_url, self.settings.bot_token.get_secret_value())

    def _make_fetcher(
        self, hosts: tuple[str, ...] | None, rate: float | None = None
    ) -> HttpFetcher:
        asked = self.settings
        about = f"; +{asked.public_url}" if asked.public_url else ""
        return HttpFetcher(
            Guard(hosts, private=asked.fetch_private),
            self.polite_queue,
            self.clock,
            limits=Limits(rate=asked.fetch_rate if rate is None else rate),
            user_agent=asked.fetch_user_agent or f"Soso/{__version__} (search archive{about})",
            proxy=asked.fetch_proxy.get_secret_value(),
        )

    @cached_property
    def engine(self) -> Engine:
        """The index: in the data folder, or in a cluster where the settings name one."""
        if self.settings.opensearch_url:
            return OpenSearchEngine(*self._cluster_settings())
        return TantivyEngine(
            self.data / "index",
            fingerprint=self.analyzers.fingerprint,
            heap_bytes=self.settings.index_heap_bytes,
        )

    def _cluster_settings(self) -> tuple[Access, Layout]:
        asked = self.settings
        access = Access(
            urls=tuple(url.strip() for url in asked.opensearch_url.split(",") if url.strip()),
            user=asked.opensearch_user,
            password=asked.opensearch_password.get_secret_value(),
            key=asked.opensearch_api_key.get_secret_value(),
            ca=None if asked.opensearch_ca == Path() else asked.opensearch_ca,
        )
        layout = Layout(
            name=asked.opensearch_index,
            fingerprint=self.analyzers.fingerprint,
            shards=asked.opensearch_shards,
            replicas=asked.opensearch_replicas,
        )
        return access, layout
