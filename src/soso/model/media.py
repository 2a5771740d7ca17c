"""Pictures, videos, sounds and files that hang on a post."""

from enum import StrEnum

from soso.model.value import Value


class MediaKind(StrEnum):
    """What a reader would call it."""

    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    ROUND_VIDEO = "round_video"
    AUDIO = "audio"
    VOICE = "voice"
    FILE = "file"
    STICKER = "sticker"


class Picture(Value):
    """A picture kept in the blob store, with its thumbnail."""

    blob: str  # sha256 of the original, in hexadecimal
    thumb: str  # sha256 of the thumbnail (WebP)
    width: int  # pixels of the original, upright
    height: int
    thumb_width: int
    thumb_height: int
    look: str = (
        ""  # equal for pictures that look the same; empty: plain, or kept by an older version
    )


class Media(Value):
    """One picture, video, sound or file of a post."""

    kind: MediaKind
    post_id: int | None = None  # the album item's own message id; None: the post's
    source: str | None = None  # where the source has the file: a relative path or an address
    thumb_source: str | None = None  # the same for its small picture
    missing: str | None = None  # why the source has no file ("exceeds maximum size")
    file_name: str | None = None
    mime: str | None = None
    bytes: int | None = None
    duration_s: int | None = None
    width: int | None = None
    height: int | None = None
    performer: str | None = None
    title: str | None = None
    emoji: str | None = None  # of a sticker
    spoiler: bool = False
    picture: Picture | None = None  # kept copy of the photo, or of the video's or file's thumbnail
