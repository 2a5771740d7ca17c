"""Real servers for tests, started on this machine."""

import os

import pytest


def skip_without(missing: str | None) -> None:
    """Skip a test that lacks a server; where servers are required, as in CI, it fails."""
    if missing is None:
        return
    if os.environ.get("SOSO_TEST_SERVERS") == "required":
        pytest.fail(missing)
    pytest.skip(missing)
