"""What stands in deploy/, read as those that run it read it: compose files, units, the Containerfile."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
COMPOSES: Final = ("compose.yaml", "compose.cluster.yaml")
UNITS: Final = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))
PROGRAM: Final = "/opt/soso/bin/soso"

_ASKED = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def read_compose(name: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return a compose file with what is given put in place of ${NAME}. Raises KeyError for a
    name that must be given and is not."""

    def fill(asked: re.Match[str]) -> str:
        variable, kind, default = asked.groups()
        if given.get(variable):
            return given[variable]
        if kind == "-":
            return default
        raise KeyError(variable)

    def fill_all(told: Any) -> Any:
        match told:
            case str():
                return _ASKED.sub(fill, told)
            case dict():
                return {key: fill_all(value) for key, value in told.items()}
            case list():
                return [fill_all(value) for value in told]
            case _:
                return told

    found: dict[str, Any] = fill_all(yaml.safe_load((DEPLOY / name).read_text("utf-8")))
    return found


def read_settings(name: str) -> dict[str, str]:
    """Return the NAME=value lines of a file of environment variables, those that are commented out too."""
    lines = (DEPLOY / name).read_text("utf-8").splitlines()
    pairs = [line.removeprefix("#").partition("=") for line in lines]
    return {key: value for key, sign, value in pairs if sign and re.fullmatch(r"[A-Z_]+", key)}


def read_unit(name: str) -> dict[str, list[str]]:
    """Return a unit's settings, each with all its values in their order."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text("utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def read_containerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile, with continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, " ".join(rest.split())) for word, _, rest in (x.partition(" ") for x in lines)]


def image_environment() -> dict[str, str]:
    """Return what the image sets."""
    told = [rest for word, rest in read_containerfile() if word == "ENV"][-1]
    return dict(part.split("=", 1) for part in shlex.split(told))
