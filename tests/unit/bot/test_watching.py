"""A watch shows that it is muted as long as it is."""

from datetime import timedelta

import pytest

from soso.alerts.watch import Door, Owner, Watch
from soso.bot.screen import Screen
from soso.bot.showing import Showing
from soso.bot.watching import render_watch, render_watches
from tests.unit.web.fakes import NOW


def labels(screen: Screen) -> str:
    return " ".join(button.text for row in screen.rows for button in row)


@pytest.mark.parametrize(("hours", "is_muted"), [(-1, False), (0, False), (1, True)])
def test_a_mute_is_shown_until_it_ends(show: Showing, hours: int, is_muted: bool) -> None:
    until = NOW + timedelta(hours=hours)
    owner = Owner(door=Door.BOT, id="7")
    watch = Watch(owner=owner, text="台风", created_at=NOW, since=NOW, number=3, muted_until=until)
    one = render_watch(watch, show, NOW)
    assert one.text.source.startswith("🔕" if is_muted else "🔔")
    assert ("\n" in one.text.source) is is_muted  # the line that says until when
    assert (show.speaker.text("bot.watch_unmute") in labels(one)) is is_muted
    listed = render_watches([watch], show, NOW)
    assert ("🔕" in listed.text.source) is is_muted
    assert labels(listed).startswith("🔕" if is_muted else "🔔")
