"""Settings laid over those of the installation: what one configuration has that another has not.

Knows how they are written, in a TOML file or as name=value pairs; must not know what they do.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from soso.config import Settings
from soso.model.errors import BadInput

Overrides = Mapping[str, Any]
"""Names of settings -> their values, as they are given to config.load_settings."""

PLACES: Final = frozenset(("data", "store_url"))
"""Where the archive is: not for a comparison to say."""

_BETWEEN: Final = re.compile(r",\s*(?=[a-z_]+\s*=)")


def parse_overrides(texts: Iterable[str]) -> dict[str, Any]:
    """Return the settings of all texts, later ones over earlier ones.

    A text is the path of a TOML file, or pairs such as "mode=words,embedder=none". A value is read
    as TOML does (3, true, ["a", "b"]), and as it stands where that can't be.
    Raises BadInput naming the text.
    """
    found: dict[str, Any] = {}
    for text in texts:
        found |= _from_file(Path(text)) if _is_file(text) else _from_pairs(text)
    for name in found:
        if name in PLACES:
            raise BadInput(f"{name} says where the archive is, which is the same for both")
        if name not in Settings.model_fields:
            known = ", ".join(sorted(set(Settings.model_fields) - PLACES))
            raise BadInput(f"there is no setting {name!r}; there are {known}")
    return found


def name_overrides(laid: Overrides) -> str:
    """Return them as a person would type them; nothing laid over is "as it is"."""
    return ",".join(f"{name}={_typed(value)}" for name, value in laid.items()) or "as it is"


def _typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_file(text: str) -> bool:
    return text.endswith(".toml") or ("=" not in text and Path(text).is_file())


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise BadInput(f"{file} can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is not valid TOML: {error}") from error


def _from_pairs(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in _BETWEEN.split(text.strip()):
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadInput(f"{text!r} is no configuration: write name=value,… or a TOML file")
        found[name.strip()] = _value(value.strip())
    return found


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
