from datetime import UTC, datetime

import pytest

from soso.alerts.watch import Door, Owner, Quiet, Watch, check_watch, zone_of
from soso.model.errors import BadInput

AT = datetime(2026, 1, 1, tzinfo=UTC)


def watch(**fields: object) -> Watch:
    told = {"owner": Owner(door=Door.BOT, id="1"), "text": "台风", "created_at": AT, "since": AT}
    return Watch(**(told | fields))  # type: ignore[arg-type]


def test_a_sound_watch_is_stripped_and_otherwise_as_it_was() -> None:
    assert check_watch(watch(text="  台风 -广告\n")).text == "台风 -广告"
    whole = watch(kinds=("video", "link"), hour=23, quiet=Quiet(start=22, end=8), zone="Asia/Tokyo")
    assert check_watch(whole) == whole
    assert str(zone_of(whole)) == "Asia/Tokyo"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": " \n"},
        {"text": "长" * 5_000},
        {"kinds": ("channel",)},
        {"kinds": ("nonsense",)},
        {"hour": 24},
        {"hour": -1},
        {"quiet": Quiet(start=3, end=3)},
        {"quiet": Quiet(start=0, end=24)},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"zone": ""},
        {"owner": Owner(door=Door.WEBHOOK, id="operator")},
    ],
)
def test_what_can_not_be_kept_to_is_refused_in_words(fields: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=r"\w"):
        check_watch(watch(**fields))


def test_feeds_are_read_and_nothing_is_sent() -> None:
    assert watch().is_sent
    assert not watch(owner=Owner(door=Door.FEED, id="reader")).is_sent
