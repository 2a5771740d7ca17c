import pytest

from soso.model.errors import BadInput
from soso.web.limits import Window, parse_window


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_window_moves() -> None:
    time = Time()
    window = Window(2, 10, now=time)
    assert window.hit("a") == 0
    time.now += 6
    assert window.hit("a") == 0
    assert window.hit("a") == 4  # until the first has left
    time.now += 4
    assert window.hit("a") == 0
    assert window.hit("a") == 6


def test_refused_hits_do_not_count() -> None:
    time = Time()
    window = Window(1, 10, now=time)
    window.hit("a")
    for _ in range(50):
        assert window.hit("a") > 0
    time.now += 10
    assert window.hit("a") == 0


def test_clients_are_counted_apart() -> None:
    window = Window(1, 10, now=Time())
    assert window.hit("a") == 0
    assert window.hit("b") == 0
    assert window.hit("a") > 0


def test_who_has_left_is_forgotten() -> None:
    time = Time()
    window = Window(3, 10, now=time)
    for number in range(1000):
        window.hit(str(number))
    time.now += 5
    window.hit("late")
    assert len(window) == 1001
    time.now += 6
    window.hit("later")
    assert len(window) == 2


def test_the_notation() -> None:
    time = Time()
    window = parse_window("2 per 10 seconds", now=time)
    assert [window.hit("a") > 0 for _ in range(3)] == [False, False, True]
    assert parse_window("120/minute").hit("a") == 0


@pytest.mark.parametrize("notation", ["", "many", "0/minute", "-1/minute", "5/fortnight"])
def test_what_is_no_rate_says_so(notation: str) -> None:
    with pytest.raises(BadInput):
        parse_window(notation)


def test_what_others_let_in_fills_the_window() -> None:
    time = Time()
    window = Window(3, 10, now=time)
    window.share()
    window.hit("a")
    assert window.take_fresh() == {"a": 1}
    assert window.take_fresh() == {}
    window.note({"a": 2, "b": 10**9, "c": 0})
    assert window.hit("a") == 10
    assert window.hit("b") == 10
    assert window.hit("c") == 0
    assert window.take_fresh() == {"c": 1}  # refused hits are told to nobody
    time.now += 10
    assert window.hit("a") == 0
