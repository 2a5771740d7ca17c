"""One kindness to clients that the HTTP parser does not have.

Knows uvicorn's protocol. Must not know routes.

curl and other plain clients send an address such as /search?q=天气 as it was typed, in bytes that
do not belong into a request line (RFC 9112, 3.2), and the parser refuses them with a bare 400. Here
they are percent-encoded first, as browsers do it.
"""

import re
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HIGH: Final = re.compile(rb"[\x80-\xff]")


def encode_address(received: bytes) -> bytes:
    """Return what was received with the bytes beyond ASCII of its first line percent-encoded."""
    line, end, rest = received.partition(b"\n")
    return _HIGH.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest


class LenientProtocol(HttpToolsProtocol):
    """Takes addresses in raw UTF-8.

    Only what comes between two messages is touched: encoding makes it longer, and in a body that
    would move the place where the next request begins.
    """

    _between = True

    def data_received(self, data: bytes) -> None:
        """Take what the client sent."""
        if self._between and not data.isascii():
            data = encode_address(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that a request has come to its end."""
        self._between = True
        super().on_message_complete()
