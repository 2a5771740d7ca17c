"""Every setting, from flags, the environment and a TOML file, once, into frozen Settings.

Only bootstrap and the command line read this; everything else is given what it needs.
The order: command line flags, environment variables SOSO_*, the file DATA/soso.toml, defaults.
docs/guide/settings.md is held against this class by a test.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from soso.model.errors import BadInput


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is not a time zone; write one such as Asia/Shanghai") from error
    return name


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
    bot_username: str = Field("", description="name of the search bot, for the button under posts")
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
    index_heap_bytes: int = Field(24 * 2**20, ge=16 * 2**20, description="memory of the writer")

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)

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
