"""The real model, built once for all tests of this room."""

import pytest

from soso.embedders.e5.build import Build, find_or_build
from tests.contracts.embedder_cases import E5_NEEDS, need


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    need(E5_NEEDS)
    return find_or_build(tmp_path_factory.mktemp("e5"))
