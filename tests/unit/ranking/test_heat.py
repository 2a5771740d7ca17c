from soso.ranking.heat import heat

DAY = 86_400
NOW = 1_790_000_000


def test_more_channels_are_warmer() -> None:
    assert heat([NOW] * 3) > heat([NOW] * 2) > heat([NOW])


def test_five_within_an_hour_outweigh_five_within_a_week() -> None:
    quick = [NOW - minute * 600 for minute in range(5)]
    slow = [NOW - day * DAY for day in range(5)]
    assert heat(quick) > heat(slow)


def test_age_takes_half_a_day() -> None:
    assert heat([NOW - DAY] * 8) == heat([NOW] * 4)
    assert heat([NOW - 3 * DAY] * 10) < heat([NOW] * 2)


def test_the_order_of_two_stays_as_time_goes_by_and_no_time_is_too_far() -> None:
    assert heat([NOW - 9 * DAY, NOW]) > heat([NOW])
    assert heat([-(2**55), 2**55]) > heat([NOW])
