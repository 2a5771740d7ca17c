"""What a form is about, from whatever address a person has at hand.

Knows the forms of our addresses and of Telegram's. Must not know whether the chat exists.
"""

import re
from typing import Final

from soso.model.errors import BadInput
from soso.model.value import Value

_FORM: Final = re.compile(
    r"(?:https?://[^/\s]+/|(?:t|telegram)\.me/|/)?"  # a host, ours or Telegram's
    r"(?:c/|s/)?"
    r"(?P<chat>@?[A-Za-z0-9_]{1,64})"
    r"(?:/(?:[0-9]{1,15}/)?(?P<id>-?[0-9]{1,15}))?"  # t.me/NAME/TOPIC/ID too
    r"/?(?:[?#]\S*)?"
)


class Subject(Value):
    """A chat, or a post of it. chat: a ref or name, as the archive takes it."""

    chat: str
    post_id: int | None = None


def parse_subject(text: str) -> Subject:
    """Return what an address is of: a page here, a t.me link, @name, REF/ID. Raises BadInput."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise BadInput("this is no address of a chat or post; copy the address of its page")
    return Subject(chat=found["chat"], post_id=int(found["id"]) if found["id"] else None)
