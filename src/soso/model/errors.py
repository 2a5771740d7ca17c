"""The errors that cross a room's door.

SosoError
├── NotFound              there is no such chat, post or blob
│   └── Gone              there was one; it was deleted or taken down
├── BadInput              what was typed or read can't be used; the text says what to do
│   └── HostileInput      an archive or path that tries to leave its folder or to fill the disk
├── Refused               it may not be shown or done (private, blocked, not signed in)
├── Busy                  another process holds what is needed; try again later
├── IndexMismatch         the index was built by another schema or other analyzers: reindex
└── Unavailable           the disk, the store, the index or a host does not answer
"""


class SosoError(Exception):
    """The base of all errors that Soso raises on purpose; its text is fit to be shown."""


class NotFound(SosoError):
    """There is no such thing."""


class Gone(NotFound):
    """The thing was here and has been deleted or taken down."""


class BadInput(SosoError):
    """Something typed or read can't be used."""


class HostileInput(BadInput):
    """Input that would write outside its folder or fill the disk."""


class Refused(SosoError):
    """It may not be shown or done."""


class Busy(SosoError):
    """Another process holds what is needed."""


class IndexMismatch(SosoError):
    """The index on disk was built by another schema or other analyzers."""


class Unavailable(SosoError):
    """The store, the index, the disk or a host does not answer.

    retry_after_s: when to ask again, where that is known.
    """

    def __init__(self, *said: object, retry_after_s: float | None = None) -> None:
        super().__init__(*said)
        self.retry_after_s = retry_after_s
