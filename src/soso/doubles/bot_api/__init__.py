"""A local double of Telegram's Bot API: a real server, strict where the official one is.

For tests, benchmarks and `soso bot --local`. Start with BotApiDouble in server.py.
"""

from soso.doubles.bot_api.api import TOKEN, Api
from soso.doubles.bot_api.cast import NoSuchThing
from soso.doubles.bot_api.clock import VirtualClock
from soso.doubles.bot_api.limits import Limits
from soso.doubles.bot_api.server import BotApiDouble, make_double_app
from soso.doubles.bot_api.stage import Stage

__all__ = [
    "TOKEN",
    "Api",
    "BotApiDouble",
    "Limits",
    "NoSuchThing",
    "Stage",
    "VirtualClock",
    "make_double_app",
]
