"""What tests of every room share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers import opensearch, skip_without

ROOT = Path(__file__).parents[1]

# A model takes seconds and a hundred megabytes; tests that need one ask for it.
os.environ.setdefault("SOSO_EMBEDDER", "none")

settings.register_profile("soso", deadline=None)  # machines are noisy
settings.load_profile("soso")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where models are built, once a session."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real samples and labelled data beside the project; skips where it is absent."""
    folder = Path(os.environ.get("SOSO_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared with real samples and labelled data")
    return folder


@pytest.fixture(scope="session")
def opensearch_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The nodes of a real cluster of three, with commas between, one for the whole run."""
    skip_without(opensearch.why_absent())
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        return opensearch.share(base.parent, os.getppid())
    return opensearch.share(base, os.getpid())
