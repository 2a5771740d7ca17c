"""Values of the model as the JSON that the archive keeps in `body`."""

from typing import Any, TypeVar

import msgspec

from soso.model.errors import BadInput, Unavailable

T = TypeVar("T", bound=msgspec.Struct)

_encoder = msgspec.json.Encoder()
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def encode(value: msgspec.Struct, name: str) -> bytes:
    """Return the value as JSON. Raises BadInput naming it if it holds what JSON can't."""
    try:
        return _encoder.encode(value)
    except (UnicodeError, OverflowError, ValueError, TypeError) as error:
        raise BadInput(f"{name} can't be kept: {error}") from error


def decode(body: bytes, shape: type[T]) -> T:
    """Return the value that encode was given. Raises Unavailable for a damaged one."""
    decoder = _decoders.get(shape)
    if decoder is None:
        decoder = _decoders[shape] = msgspec.json.Decoder(shape)
    try:
        value: T = decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Unavailable(f"A row of the archive is damaged: {error}") from error
    return value
