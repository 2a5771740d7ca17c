"""Every setting, from flags, the environment and a TOML file, once, into frozen Settings.

Only bootstrap and the command line read this; everything else is given what it needs.
The order: command line flags, environment variables SOSO_*, the file DATA/soso.toml, defaults.
docs/guide/settings.md is held against this class by a test.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from soso.model.errors import BadInput


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is not a time zone; write one such as Asia/Shanghai") from error
    return name


def _check_host(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ValueError("write the address of a host, such as https://t.me")
    return address.rstrip("/")


class Settings(BaseSettings):
    """The settings of one installation; names in the environment are SOSO_ and the upper case."""

    model_config = SettingsConfigDict(env_prefix="SOSO_", frozen=True, extra="forbid")

    data: Path = Field(Path("data"), description="the one folder where everything is kept")
    store_url: str = Field("", description="database; empty: SQLite in the data folder")
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8080, ge=0, le=65535, description="its port; 0 takes a free one")
    public_url: str = Field("", description="address readers use, such as https://soso.example.org")
    trusted_proxies: str = Field("", description="proxies whose forwarded addresses are believed")
    site_name: str = Field("Soso", description="name shown on pages and feeds")
    zone: Annotated[str, AfterValidator(_check_zone)] = Field(
        "Asia/Shanghai", description="time zone in which times are shown and filtered"
    )
    bot_token: SecretStr = Field(
        SecretStr(""), description="the search bot's token, from BotFather; empty: no bot"
    )
    bot_api_url: Annotated[str, AfterValidator(_check_host)] = Field(
        "https://api.telegram.org", description="the Bot API's server, of Telegram or an own one"
    )
    bot_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="updates come to public_url, with this secret; empty: the bot asks for them",
    )
    bot_username: str = Field("", description="name of the search bot, for the button under posts")
    bot_operators: tuple[int, ...] = Field(
        (), description="numbers of the people who may run the bot's operator commands"
    )
    bot_user_rate: int = Field(
        30, ge=0, description="what one person may ask of the bot in a minute; 0: no limit"
    )
    bot_group_rate: int = Field(
        20, ge=0, description="what may be asked in one group in a minute; 0: no limit"
    )
    robots: bool = Field(True, description="whether other search engines may list the pages")
    rate_limit: str = Field("120/minute", description="pages and searches per reader's address")
    media_max_bytes: int = Field(
        10 * 2**30, ge=0, description="room for pictures; beyond it originals go, thumbnails stay"
    )
    media_file_max_bytes: int = Field(
        25 * 2**20, ge=0, description="largest picture that is copied"
    )
    import_max_bytes: int = Field(20 * 2**30, ge=0, description="largest unpacked archive taken")
    sensitive_words: tuple[str, ...] = Field((), description="posts with these are sensitive")
    query_log: bool = Field(True, description="whether searches are counted, without who asked")
    query_log_days: int = Field(400, ge=0, description="how long counts of searches are kept")
    popular_after: int = Field(
        10, ge=0, description="hours in which a query was asked before readers see it; 0: never"
    )
    watches_per_user: int = Field(20, ge=0, description="saved queries of one person")
    reader_feeds: int = Field(
        0, ge=0, description="feeds of saved queries that readers may make in all; 0: none"
    )
    alert_days: int = Field(
        3, ge=1, le=60, description="how old a post may be when it is first seen and still be told"
    )
    mode: Literal["words", "meaning", "both"] = Field(
        "both", description="what searches go by unless they say otherwise"
    )
    embedder: Literal["e5", "fast", "openai", "none"] = Field(
        "e5", description="what makes vectors of meaning; none: words only"
    )
    embedder_url: str = Field("", description="openai: the endpoint, up to /v1")
    embedder_model: str = Field("", description="openai: the model's name")
    embedder_dimension: int = Field(0, ge=0, description="openai: how many numbers a vector has")
    embedder_key: SecretStr = Field(
        SecretStr(""), description="openai: the key, where one is asked"
    )
    embedder_query_prefix: str = Field("", description="openai: put in front of queries")
    embedder_post_prefix: str = Field("", description="openai: put in front of posts")
    embedder_threads: int = Field(1, ge=1, le=64, description="e5, fast: cores to embed with")
    models: Path = Field(Path(), description="folder for models; empty: models/ in the data folder")
    telegram_host: Annotated[str, AfterValidator(_check_host)] = Field(
        "https://t.me", description="where Telegram's preview pages are asked for"
    )
    fetch_rate: float = Field(
        1.0, ge=0, le=1000, description="pages a second from one host, at most; 0: no limit"
    )
    media_rate: float = Field(
        4.0, ge=0, le=1000, description="pictures a second from one host, at most; 0: no limit"
    )
    fetch_proxy: SecretStr = Field(
        SecretStr(""), description="proxy for pages, feeds and pictures: http:// or socks5://"
    )
    fetch_user_agent: str = Field(
        "", description="how the program names itself; empty: Soso, its version and public_url"
    )
    media_hosts: tuple[str, ...] = Field(
        ("telesco.pe", "cdn-telegram.org", "telegram-cdn.org"),
        description="hosts that pictures are fetched from, with all names below them",
    )
    fetch_private: bool = Field(
        False, description="whether addresses of private networks may be fetched"
    )
    account_api_id: int = Field(
        0, ge=0, le=2**31 - 1, description="the application's number, to follow with an account"
    )
    account_api_hash: SecretStr = Field(
        SecretStr(""), description="the application's hash; both come from my.telegram.org"
    )
    follow_found_depth: int = Field(
        0, ge=0, le=10, description="follow chats that posts speak of, so many steps away; 0: never"
    )
    follow_found_enough: int = Field(
        3, ge=1, description="so many chats must speak of it before it is followed by itself"
    )
    follow_found_most: int = Field(
        100, ge=0, description="how many chats are followed by themselves in all"
    )
    follow_threads: int = Field(
        4, ge=1, le=64, description="visits of sources that go on at a time; the pace is fetch_rate"
    )
    follow_confirm_s: float = Field(
        300.0, ge=0, description="seconds between the two readings that tell a post is deleted"
    )
    follow_sweep_days: float = Field(
        30.0, ge=0, description="all of a channel is read again so often, for deletions; 0: never"
    )
    media_folder: Path = Field(
        Path(), description="folder of the pictures, shared by all machines; empty: blobs/ in data"
    )
    opensearch_url: str = Field(
        "", description="nodes of an OpenSearch cluster, with commas between; empty: index in data"
    )
    opensearch_user: str = Field("", description="its user, where it asks for one")
    opensearch_password: SecretStr = Field(SecretStr(""), description="that user's password")
    opensearch_api_key: SecretStr = Field(
        SecretStr(""), description="a key instead of user and password"
    )
    opensearch_ca: Path = Field(
        Path(), description="certificate of who signed its own; empty: those this machine trusts"
    )
    opensearch_index: str = Field(
        "soso", pattern=r"^[a-z][a-z0-9_-]{0,99}$", description="what its indexes are named after"
    )
    opensearch_shards: int = Field(
        1, ge=1, le=1024, description="primary shards of an index that is built from now on"
    )
    opensearch_replicas: int = Field(1, ge=0, le=20, description="copies of each shard")
    opensearch_log_days: float = Field(
        7.0,
        ge=0,
        le=365,
        description="a snapshot of the index so old catches up; an older is built anew",
    )
    work_shares: int = Field(
        8, ge=1, le=256, description="parts of the change log that several workers divide"
    )
    index_heap_bytes: int = Field(24 * 2**20, ge=16 * 2**20, description="memory of the writer")

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)

    @property
    def has_webhook(self) -> bool:
        """Whether Telegram brings updates to us."""
        return bool(self.public_url and self.bot_webhook_secret.get_secret_value())

    @property
    def models_folder(self) -> Path:
        """Where models that were built are kept."""
        return self.data / "models" if self.models == Path() else self.models

    @property
    def blobs_folder(self) -> Path:
        """Where pictures are kept."""
        return self.data / "blobs" if self.media_folder == Path() else self.media_folder

    @property
    def database_url(self) -> str:
        """The store's address."""
        return self.store_url or f"sqlite:///{self.data / 'soso.sqlite'}"


def load_settings(**flags: Any) -> Settings:
    """Return the settings; flags that are None were not given. Raises BadInput."""
    given = {name: value for name, value in flags.items() if value is not None}
    data = Path(given.get("data") or os.environ.get("SOSO_DATA") or "data").expanduser().resolve()
    file = data / "soso.toml"
    try:
        from_file = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
        named = {name.removeprefix("SOSO_").lower() for name in os.environ if name[:5] == "SOSO_"}
        kept = {name: value for name, value in from_file.items() if name not in named}
        return Settings(**{**kept, **given, "data": data})
    except OSError as error:
        raise BadInput(f"{file} can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"setting {name}: {first['msg']}") from error
