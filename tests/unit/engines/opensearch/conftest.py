"""What the tests of the cluster's engine share."""

from collections.abc import Iterator

import pytest

from tests.contracts.fake_cluster import Fake, fake_cluster


@pytest.fixture
def fake() -> Iterator[Fake]:
    with fake_cluster() as made:
        yield made
