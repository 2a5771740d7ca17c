import time

from soso.doubles.preview.live import CHANNELS, Arrivals, start_live_double


def test_things_keep_happening() -> None:
    started = start_live_double(posts=5, every_s=0.01)
    double = started.double
    before = sum(len(double.truth(name)) for name in CHANNELS)
    until = time.monotonic() + 10
    while sum(len(double.truth(name)) for name in CHANNELS) < before + 20:
        assert time.monotonic() < until
        time.sleep(0.02)
    started.stop()


def test_of_all_kinds() -> None:
    started = start_live_double(posts=5, every_s=3600)
    arrivals = Arrivals(started.double, every_s=1)
    said = [arrivals.happen().rsplit(" ", 1)[1] for _ in range(100)]
    assert set(said) == {"posted", "edited", "deleted"}
    assert said.count("posted") > 50
    started.stop()
