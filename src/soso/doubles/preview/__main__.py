"""python -m soso.doubles.preview: the double by itself, until Ctrl-C."""

import argparse
import contextlib
import threading

from soso.doubles.preview.double import PreviewDouble
from soso.doubles.preview.live import start_live_double
from soso.doubles.preview.server import start_preview_double


def main() -> None:
    """Start a double, say where it is, and wait."""
    parser = argparse.ArgumentParser(
        prog="python -m soso.doubles.preview",
        description="A double of Telegram's preview site with invented channels, on this machine.",
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--channels", type=int, default=0, help="how many, named channel_0 and so on"
    )
    parser.add_argument("--posts", type=int, default=200, help="message ids in each")
    parser.add_argument("--media", type=float, default=1.0, help="0: texts only")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--live", type=float, help="posts keep arriving, one in so many seconds")
    given = parser.parse_args()
    if given.live is not None:
        started = start_live_double(posts=given.posts, every_s=given.live, port=given.port)
    else:
        double = PreviewDouble(seed=given.seed)
        for number in range(given.channels):
            double.add_channel(f"channel_{number}", posts=given.posts, media=given.media)
        started = start_preview_double(double, port=given.port)
    print(started.address, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    started.stop()


if __name__ == "__main__":
    main()
