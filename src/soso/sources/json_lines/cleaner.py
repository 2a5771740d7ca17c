"""The fields of a row before anything is made of them.

Times become aware, peers written as u77 become objects, numbers are ones a database can hold, and
fields that nobody knows are named. Must not know which rows there are.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec

from soso.model.chat import Username
from soso.model.errors import BadInput
from soso.model.ids import Peer, parse_peer
from soso.model.media import Media, Picture
from soso.model.post import (
    Button,
    Entity,
    Forward,
    LinkPreview,
    Location,
    Poll,
    PollAnswer,
    Reaction,
    Reply,
    Revision,
    Service,
)
from soso.model.value import Value

T = TypeVar("T", bound=Value)

_TIMES: Final = frozenset(
    {"at", "edited_at", "first_seen_at", "last_seen_at", "observed_at", "buried_at", "replaced_at"}
    | {"version_at", "decided_at"}
)
_PARTS: Final[Mapping[str, type[Value]]] = {
    "media": Media,
    "picture": Picture,
    "entities": Entity,
    "forward": Forward,
    "reply": Reply,
    "reactions": Reaction,
    "poll": Poll,
    "answers": PollAnswer,
    "location": Location,
    "previews": LinkPreview,
    "buttons": Button,
    "service": Service,
    "peer": Peer,
    "author_peer": Peer,
    "revisions": Revision,
    "usernames": Username,
}
_SPECIAL: Final = _TIMES | set(_PARTS)
_INT64: Final = range(-(2**63), 2**63)
_DECODER: Final = msgspec.json.Decoder()


def decode_object(line: bytes) -> dict[str, Any]:
    """Return a line's JSON object. Raises BadInput."""
    try:
        row = _DECODER.decode(line)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise BadInput("not JSON") from error
    if not isinstance(row, dict):
        raise BadInput("not a JSON object")
    return row


class Cleaner:
    """A row whose times are aware, whose peers are objects, and whose unknown fields are named."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.guessed: set[str] = set()  # times of the row itself that had no zone
        self.nested: set[str] = set()
        self.used: set[str] = set()
        row = dict(row)
        if "date" in row and "at" not in row:
            row["at"] = row.pop("date")
        try:
            self.row: dict[str, Any] = self._object(row, None)
        except RecursionError as error:
            raise BadInput("nested too deeply") from error

    @property
    def unknown(self) -> frozenset[str]:
        """The names of fields that nothing was made of."""
        return frozenset(set(self.row) - self.used | self.nested)

    def take(self, kind: type[T], names: frozenset[str], **more: Any) -> T:
        """Return some of the fields as a value of the model. Raises BadInput."""
        self.used |= names
        fields = {name: value for name, value in self.row.items() if name in names}
        try:
            return msgspec.convert({**fields, **more}, kind)
        except (msgspec.ValidationError, OverflowError, ValueError) as error:
            raise BadInput(f"a field of the wrong kind ({error})"[:200]) from error

    def get(self, name: str) -> Any:
        """Return one field's value, None if it is absent."""
        self.used.add(name)
        return self.row.get(name)

    def _object(self, fields: Mapping[str, Any], kind: type[Value] | None) -> dict[str, Any]:
        if kind is not None:
            self.nested |= set(fields) - set(kind.__struct_fields__)
        return {name: self._value(name, value, top=kind is None) for name, value in fields.items()}

    def _value(self, name: str, value: Any, *, top: bool) -> Any:
        if name not in _SPECIAL:
            _check_numbers(value)
            return value
        if name in _TIMES and value is not None:
            moment, guessed = _moment(value)
            if guessed and top:
                self.guessed.add(name)
            return moment
        kind = _PARTS.get(name)
        if kind is Peer and isinstance(value, str):
            return _peer(value)
        if kind is not None and isinstance(value, dict):
            return self._object(value, kind)
        if kind is not None and isinstance(value, list):
            return [self._object(v, kind) if isinstance(v, dict) else v for v in value]
        _check_numbers(value)
        return value


def _peer(ref: str) -> Peer:
    peer = parse_peer(ref)
    if peer is None:
        raise BadInput("a peer that is neither an id nor g42 nor u77")
    return check_peer(peer)


def check_peer(peer: Peer) -> Peer:
    """Return a peer whose id fits. Raises BadInput."""
    if peer.id not in _INT64 or peer.id <= 0:
        raise BadInput("an id that can't be one")
    return peer


def _check_numbers(value: Any) -> None:
    """Refuse whole numbers that no database holds, wherever they stand."""
    if isinstance(value, str):
        return
    if isinstance(value, int):
        if value not in _INT64:
            raise BadInput("a number that is too large")
    elif isinstance(value, dict):
        for part in value.values():
            _check_numbers(part)
    elif isinstance(value, list):
        for part in value:
            _check_numbers(part)


def _moment(value: Any) -> tuple[datetime, bool]:
    """Return a time as UTC, and whether it had no zone and was taken as UTC."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            guessed = moment.tzinfo is None
            return (moment.replace(tzinfo=UTC) if guessed else moment.astimezone(UTC)), guessed
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC), False
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput("a time that can't be read") from error
    raise BadInput("a time that can't be read")
