from soso.bot.limits import Window


def test_so_many_pass_and_the_rest_wait() -> None:
    window = Window(2, 60)
    assert [window.hit(1, at) for at in (0, 1, 2)] == [True, True, False]
    assert window.hit(2, 2)
    assert window.warn(1)
    assert not window.warn(1)
    assert window.hit(1, 60.5)
    assert not window.hit(1, 60.6)
    assert window.warn(1)


def test_nothing_is_limited_by_zero() -> None:
    window = Window(0, 60)
    assert all(window.hit(1, 0) for _ in range(100))


def test_what_other_processes_let_in_counts() -> None:
    window = Window(3, 60)
    assert window.hit(7, 0)
    assert window.take_fresh() == {"7": 1}
    assert window.take_fresh() == {}
    window.note({"7": 2, "-8": 10**9}, 1)
    assert not window.hit(7, 2)
    assert not window.hit(-8, 2)
    assert window.hit(7, 60.5)  # its own first hit has left
    assert window.take_fresh() == {"7": 1}
