"""index_restored: an index that comes back from a snapshot lacks nothing, or is built anew."""

from datetime import timedelta
from pathlib import Path

import pytest

from soso.flows import index_restored, index_shares, rebuild_split
from soso.flows.index_restored import KEPT, Mark, remember

from .conftest import post
from .test_index_shares import Office

HOUR = timedelta(hours=1)
DAYS = 3.0


class Archive(Office):
    """An office whose index can be put back to what it was."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.copy: dict[str, object] = {}
        self.lives = 0

    def goes_on(self, hours: int) -> None:
        """Let time pass, with the housekeeping of every hour."""
        for _ in range(hours):
            self.world.clock.at += HOUR
            remember(self.hire(), now=self.world.clock.now(), days=DAYS)
            self.store.trim_changes()

    def snapshot(self) -> None:
        shared = self.engine.shared
        build = shared.serving
        self.copy = {
            "build": build,
            "documents": dict(shared.all[build]),
            "noted": shared.noted.get(build),
        }

    def restore(self) -> None:
        shared, build = self.engine.shared, str(self.copy["build"])
        shared.all[build] = self.copy["documents"]  # type: ignore[assignment]
        shared.noted.pop(build, None)
        if self.copy["noted"] is not None:
            shared.noted[build] = self.copy["noted"]  # type: ignore[assignment]
        self.lives += 1
        shared.identities[build] = f"{build} again {self.lives}"
        shared.serving = build


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(rebuild_split, "NEAR", 0)
    made = Archive(tmp_path)
    made.add(*(post(number, f"第{number}颗石头") for number in range(1, 20)))
    made.catch_up()
    return made


def test_what_came_after_the_snapshot_is_indexed_again(archive: Archive) -> None:
    archive.goes_on(30)
    archive.snapshot()
    archive.add(post(3, "改了"), post(30, "新的"))
    archive.catch_up()
    archive.goes_on(20)
    archive.add(post(31, "更新的"))
    archive.catch_up()
    made = archive.engine.shared.made
    archive.restore()
    assert set(archive.engine.documents()) != set()
    archive.catch_up()
    assert archive.engine.shared.made == made  # the same index, not a new one
    assert archive.is_right()
    assert archive.store.list_leases() == []


def test_one_from_before_the_log_begins_is_built_anew(archive: Archive) -> None:
    archive.goes_on(30)
    archive.snapshot()
    for number in range(30, 40):
        archive.add(post(number, "新的"))
        archive.catch_up()
        archive.goes_on(12)
    archive.restore()
    archive.catch_up()
    assert archive.engine.shared.serving != archive.copy["build"]
    assert archive.is_right()


@pytest.mark.parametrize("noted", [None, 10**9])
def test_one_that_can_not_tell_how_far_it_came_is_built_anew(
    archive: Archive, noted: int | None
) -> None:
    archive.goes_on(2)
    archive.snapshot()
    archive.copy["noted"] = noted  # 10**9: of another store, or one that was put back itself
    archive.add(post(30, "新的"))
    archive.catch_up()
    archive.restore()
    archive.catch_up()
    assert archive.engine.shared.serving != archive.copy["build"]
    assert archive.is_right()


def test_nothing_is_set_back_while_another_follows_a_share(archive: Archive) -> None:
    archive.goes_on(30)
    archive.snapshot()
    archive.add(post(30, "新的"))
    archive.catch_up()
    archive.restore()
    name = next(iter(index_shares.list_shares(archive.engine.shared.serving, 3)))
    assert archive.store.take_lease(name, "busy", for_s=60)
    assert index_restored.is_whole(archive.hire(), archive.engine.shared.serving) is None
    assert rebuild_split.catch_up(archive.hire(), archive.engine).indexed == 0
    archive.store.end_lease(name, "busy")
    archive.catch_up()
    assert archive.is_right()


def test_what_is_noted_is_a_day_old_and_done_for_certain(archive: Archive) -> None:
    build = archive.engine.shared.serving
    before = index_restored.find_reached(archive.hire(), build)
    assert before == archive.store.last_seq()
    archive.goes_on(1)
    archive.add(post(30, "新的"), post(31, "新的"))
    assert index_restored.find_reached(archive.hire(), build) == before  # it waits
    archive.catch_up()
    assert index_restored.find_reached(archive.hire(), build) == archive.store.last_seq()
    archive.goes_on(23)
    assert archive.engine.shared.noted == {}
    archive.goes_on(1)
    assert archive.engine.shared.noted == {build: before}
    archive.goes_on(1)
    assert archive.engine.shared.noted == {build: archive.store.last_seq()}


def test_the_log_is_kept_for_so_long_and_no_longer(archive: Archive) -> None:
    archive.goes_on(2)
    archive.add(post(30, "新的"))
    archive.catch_up()
    archive.goes_on(71)
    assert archive.store.lag(KEPT) > 0
    archive.goes_on(3)
    assert archive.store.lag(KEPT) == 0
    remember(archive.hire(), now=archive.world.clock.now(), days=0)
    assert archive.store.get_setting(KEPT) == ""
    archive.add(post(31, "新的"))
    assert archive.store.lag(KEPT) == archive.store.lag("a consumer that nobody is")


def test_of_the_marks_before_the_window_the_last_stays() -> None:
    marks = tuple(Mark(at_s=float(n), seq=n) for n in range(5))
    assert index_restored._drop_older(marks, 2.5) == marks[2:]
    assert index_restored._drop_older(marks, -1.0) == marks
    assert index_restored._drop_older(marks, 9.0) == marks[4:]
    assert index_restored._drop_older((), 9.0) == ()


def test_a_mark_that_another_version_wrote_is_no_mark(archive: Archive) -> None:
    archive.store.set_setting(KEPT, "{broken")
    archive.goes_on(1)
    assert index_restored._load(archive.store) is not None


def test_indexes_that_nobody_knows_of_are_dropped(archive: Archive) -> None:
    shared = archive.engine.shared
    orphan, job = shared.begin(), rebuild_split.begin(archive.hire())
    assert job is not None
    shared.idle = [orphan, job.build]
    rebuild_split.forget_old(archive.hire())
    assert set(shared.all) == {shared.serving, job.build}
    assert archive.store.list_leases() == []
