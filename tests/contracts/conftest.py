"""What the contract suites of the store share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from soso.ports.store import Store

from .store_cases import STORES, make_store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind, sound at the end of every test; closing it twice is no error."""
    made = make_store(request.param, tmp_path)
    yield made
    assert made.check() == []
    made.close()
    made.close()
