"""Packages that only some embedders need.

Knows how to import them and what to type when they are missing; must not know what they do.
"""

import importlib
import importlib.metadata
import importlib.util
from pathlib import Path
from types import ModuleType

from soso.model.errors import Unavailable


def load_package(module: str, *, pip: str = "") -> ModuleType:
    """Import a module. pip: its name for pip, if another. Raises Unavailable with the command."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise _missing(module, pip or module) from error


def find_package(module: str) -> tuple[Path, str] | None:
    """Return the folder and version of an installed package without importing it."""
    found = importlib.util.find_spec(module)
    if found is None or not found.submodule_search_locations:
        return None
    try:
        version = importlib.metadata.version(module)
    except importlib.metadata.PackageNotFoundError:
        return None
    return Path(next(iter(found.submodule_search_locations))), version


def missing(package: str) -> Unavailable:
    """Return the error that says which package to install."""
    return _missing(package, package)


def _missing(module: str, pip: str) -> Unavailable:
    return Unavailable(f"This embedder needs the package {module}: pip install {pip}")
