"""index_versions: programs of two versions side by side build one index, not each its own in turn."""

from pathlib import Path

import pytest

from soso.flows import index, index_shares, index_versions, rebuild_split

from .conftest import post
from .test_index_shares import Office


class Street(Office):
    """An office where programs of several versions work."""

    def works(self, version: str, times: int = 3) -> None:
        """Let a worker of a version do what it finds to do."""
        self.engine.shared.ours = version
        worker = self.hire()
        for _ in range(times):
            rebuild_split.catch_up(worker, self.engine)

    @property
    def served_by(self) -> str:
        return self.engine.shared.versions[self.engine.shared.serving]


@pytest.fixture
def street(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Street:
    monkeypatch.setattr(index, "STEP", 4)
    monkeypatch.setattr(rebuild_split, "SMALLEST", 4)
    monkeypatch.setattr(rebuild_split, "COMMIT_EVERY", 4)
    street = Street(tmp_path)
    street.add(*(post(number, f"第{number}颗石头") for number in range(1, 20)))
    street.works("old")
    assert street.served_by == "old"
    return street


def test_the_older_of_two_versions_waits(street: Street, caplog: pytest.LogCaptureFixture) -> None:
    street.works("new")
    made = street.engine.shared.made
    assert street.served_by == "new"
    for _ in range(3):
        street.works("old")
        street.works("new")
    assert street.engine.shared.made == made
    assert street.served_by == "new"
    assert "waits to be upgraded" in caplog.text
    assert street.is_right()


def test_an_older_one_says_once_that_it_waits(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    street.works("new")
    street.works("old", times=5)
    assert len(caplog.records) == 1


def test_the_older_keeps_its_index_up_until_the_newer_serves(street: Street) -> None:
    street.engine.shared.ours = "new"
    job = rebuild_split.begin(street.hire(), lambda: index_versions.is_current(street.hire()))
    assert job is not None
    street.add(post(30, "新的"))
    street.works("old")
    assert street.served_by == "old"
    assert not index_shares.is_behind(street.store, street.engine)
    assert street.is_right()
    assert rebuild_split.load_job(street.store) == job
    assert job.build in street.engine.shared.all
    street.works("new")
    assert street.engine.shared.serving == job.build
    assert street.is_right()


def test_what_an_older_one_was_building_is_given_up(street: Street) -> None:
    street.engine.shared.ours = "old"
    job = rebuild_split.begin(street.hire())
    assert job is not None
    street.works("new")
    assert street.served_by == "new"
    assert set(street.engine.shared.all) == {street.engine.shared.serving}
    street.works("old")
    assert street.served_by == "new"
    assert street.is_right()


def test_an_older_one_that_is_asked_to_build_goes_back(street: Street) -> None:
    street.works("new")
    street.engine.shared.ours = "old"
    rebuild_split.reindex(street.hire(), wait=lambda _: None)
    street.works("new")
    assert street.served_by == "old"
    street.works("newest")
    assert street.served_by == "newest"
    street.works("new")
    street.works("old")
    assert street.served_by == "newest"
    assert street.is_right()


def test_what_stands_in_the_store_may_be_broken(street: Street) -> None:
    street.store.set_setting(index_versions.VERSIONS, "{")
    street.works("old")
    assert street.served_by == "old"
