"""Measured by words alone: the models have tests of their own, and seconds to load."""

import pytest


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOSO_EMBEDDER", "none")
    monkeypatch.delenv("SOSO_DATA", raising=False)
