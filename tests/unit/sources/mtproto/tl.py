"""Messages of an invented channel, made of Telethon's own types."""

from datetime import UTC, datetime, timedelta
from typing import Any

from telethon.tl import types

from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHANNEL = Peer(kind=PeerKind.CHANNEL, id=1500000001)
CHAT = ChatSighting(peer=CHANNEL, kind=ChatKind.CHANNEL, title="柳江日报", username="liujing_news")
HERE = types.PeerChannel(CHANNEL.id)


def at(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)


def message(number: int, text: str = "早上好", **fields: Any) -> types.Message:
    return types.Message(
        **{"id": number, "peer_id": HERE, "date": at(number), "message": text, "post": True}
        | fields
    )


def channel(**fields: Any) -> types.Channel:
    told = {
        "id": CHANNEL.id,
        "title": "柳江日报",
        "photo": types.ChatPhotoEmpty(),
        "date": at(0),
        "broadcast": True,
        "username": "liujing_news",
        "access_hash": 77,
    }
    return types.Channel(**told | fields)


def photo(**fields: Any) -> types.MessageMediaPhoto:
    sizes = [
        types.PhotoSize("m", 320, 240, 9000),
        types.PhotoSizeProgressive("y", 1280, 960, [1, 2]),
    ]
    return types.MessageMediaPhoto(photo=types.Photo(1, 2, b"", at(0), sizes, 2), **fields)


def document(
    *attributes: Any, mime: str = "video/mp4", **fields: Any
) -> types.MessageMediaDocument:
    thumbs = [types.PhotoSize("m", 320, 180, 9000)]
    file = types.Document(1, 2, b"", at(0), mime, 4096, 2, list(attributes), thumbs=thumbs)
    return types.MessageMediaDocument(document=file, **fields)
