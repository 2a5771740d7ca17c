"""soso run --demo-live: a double of Telegram on this machine, so that a newcomer sees posts arrive."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from soso.bootstrap import App
from soso.cli.terminal import err, out
from soso.config import load_settings
from soso.doubles.preview import Started
from soso.doubles.preview.live import CHANNELS, start_live_double
from soso.model.errors import SosoError, Unavailable
from soso.query.results import Card

log = logging.getLogger(__name__)

FOLDER: Final = "demo-live"
_LOOK_S: Final = 3.0
_FOLLOWED: Final = 5
_SHOWN: Final = 8


@contextmanager
def running_double(data: Path | None) -> Iterator[dict[str, Any]]:
    """Run the double for as long as the context lasts; give the settings that point to it.

    What it invents goes into a folder of its own, never among real posts.
    """
    try:
        started: Started = start_live_double()
    except OSError as error:
        raise Unavailable(f"the double of Telegram can't be started: {error}") from error
    folder = load_settings(data=data).data / FOLDER
    try:
        out().print(f"a double of Telegram with invented posts: {started.address}")
        out().print(f"what comes from it is kept in {folder}")
        yield {
            "data": folder,
            "telegram_host": started.address,
            "media_hosts": (urlsplit(started.address).netloc,),
            "fetch_private": True,
            "fetch_rate": 10.0,
            "media_rate": 20.0,
        }
    finally:
        started.stop()


@contextmanager
def telling_arrivals(app: App) -> Iterator[None]:
    """Follow a few channels of the double, and print what comes in."""
    for name in CHANNELS[:_FOLLOWED]:
        try:
            app.add_source(f"@{name}", who="demo")
        except SosoError as error:
            err().print(str(error))
    err().print(f"following {_FOLLOWED} channels; new posts show within about a minute")
    ended = threading.Event()
    thread = threading.Thread(target=_tell, args=(app, ended), name="demo-live", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _tell(app: App, ended: threading.Event) -> None:
    told: set[tuple[str, int]] = set()
    while not ended.wait(_LOOK_S):
        try:
            cards = app.list_newest(limit=50)
        except SosoError as error:
            log.warning("the newest posts can't be read now: %s", error)
            continue
        new = [card for card in cards if _key(card) not in told]
        told.update(map(_key, new))
        for card in reversed(new[:_SHOWN]):
            what = card.title.text or card.fallback
            out().print(f"  {card.chat.title}: {what}", markup=False)


def _key(card: Card) -> tuple[str, int]:
    return card.chat.ref, card.stored.post.id if card.stored is not None else 0
