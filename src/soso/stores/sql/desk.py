"""The operator's desk; see ports.desk for what each method promises."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.batch import Block
from soso.model.errors import NotFound
from soso.ports.desk import Decision, RemovalRequest, RequestState
from soso.stores.sql import numbers
from soso.stores.sql.blocking import keep_blocks, load_blocks, subject_of
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import fits
from soso.stores.sql.tables import blocks, decisions, requests, settings

T = TypeVar("T", bound=msgspec.Struct)
_LARGEST_KEPT: Final = 10**9  # a dump that claims more must not use up the numbers


class SqlDesk:
    """Fills ports.desk.Desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_request(self, request: RemovalRequest) -> int:
        """Keep a request under a new number, and return it."""
        with self._database.writing() as conn:
            number = numbers.take(conn, numbers.REQUESTS)
            numbered = msgspec.structs.replace(request, number=number)
            conn.execute(sa.insert(requests).values(_request_row(numbered)))
            return number

    def get_request(self, number: int) -> RemovalRequest:
        """Return a request. Raises NotFound."""
        with self._database.reading() as conn:
            return _load_request(conn, number)

    def list_requests(
        self, *, state: RequestState | None = None, limit: int = 100, offset: int = 0
    ) -> list[RemovalRequest]:
        """Return a page of requests, newest first."""
        query = sa.select(requests.c.body).order_by(requests.c.number.desc())
        if state is not None:
            query = query.where(requests.c.state == state.value)
        query = query.limit(max(limit, 0)).offset(max(offset, 0))
        with self._database.reading() as conn:
            return [decode(body, RemovalRequest) for body in conn.execute(query).scalars()]

    def close_request(self, number: int, state: RequestState, *, at: datetime, note: str) -> None:
        """Write down what was decided about a request. Raises NotFound."""
        with self._database.writing() as conn:
            request = _load_request(conn, number)
            closed = msgspec.structs.replace(request, state=state, decided_at=at, note=note)
            where = requests.c.number == number
            conn.execute(sa.update(requests).where(where).values(_request_row(closed)))

    def add_block(self, block: Block) -> None:
        """Keep out what the block names. Raises BadInput if it names nothing."""
        with self._database.writing() as conn:
            keep_blocks(conn, [block])

    def remove_block(self, block: Block) -> None:
        """Forget the block that names the same."""
        with self._database.writing() as conn:
            conn.execute(sa.delete(blocks).where(blocks.c.subject == subject_of(block)))

    def list_blocks(self) -> Sequence[Block]:
        """Return all blocks, in the order of what they name."""
        with self._database.reading() as conn:
            return load_blocks(conn)

    def log_decision(self, decision: Decision) -> None:
        """Write a line of the log."""
        with self._database.writing() as conn:
            _add_decision(conn, decision)

    def list_decisions(self, *, limit: int = 100) -> list[Decision]:
        """Return the last lines of the log, newest first."""
        query = sa.select(decisions.c.body).order_by(decisions.c.number.desc())
        with self._database.reading() as conn:
            bodies = conn.execute(query.limit(max(limit, 0))).scalars()
            return [decode(body, Decision) for body in bodies]

    def restore_desk(self, rows: Sequence[RemovalRequest | Decision]) -> None:
        """Add the rows of a dump that are not here yet; requests under their number if free."""
        with self._database.writing() as conn:
            asked = {_asked(one) for one in _load_all(conn, requests, RemovalRequest)}
            logged = set(_load_all(conn, decisions, Decision))
            for row in rows:
                if isinstance(row, RemovalRequest) and _asked(row) not in asked:
                    asked.add(_asked(row))
                    number = _number_for(conn, row.number)
                    numbered = msgspec.structs.replace(row, number=number)
                    conn.execute(sa.insert(requests).values(_request_row(numbered)))
                elif isinstance(row, Decision) and row not in logged:
                    logged.add(row)
                    _add_decision(conn, row)

    def get_setting(self, name: str) -> str | None:
        """Return a value kept for all processes."""
        with self._database.reading() as conn:
            query = sa.select(settings.c.value).where(settings.c.name == name)
            value: str | None = conn.execute(query).scalar_one_or_none()
            return value

    def set_setting(self, name: str, value: str) -> None:
        """Keep a value for all processes."""
        with self._database.writing() as conn:
            put(conn, settings, [{"name": name, "value": value}])

    def add_setting(self, name: str, value: str) -> str:
        """Keep a value unless there is one, and return the one that is kept."""
        with self._database.writing() as conn:
            put(conn, settings, [{"name": name, "value": value}], replace=False)
            query = sa.select(settings.c.value).where(settings.c.name == name)
            kept: str = conn.execute(query).scalar_one()
            return kept


def _load_request(conn: Connection, number: int) -> RemovalRequest:
    query = sa.select(requests.c.body).where(requests.c.number == number)
    body = conn.execute(query).scalar_one_or_none() if fits(number) else None
    if body is None:
        raise NotFound(f"There is no request {number}.")
    return decode(body, RemovalRequest)


def _add_decision(conn: Connection, decision: Decision) -> None:
    number = numbers.take(conn, numbers.DECISIONS)
    body = encode(decision, "A decision")
    conn.execute(sa.insert(decisions).values(number=number, body=body))


def _load_all(conn: Connection, table: sa.Table, shape: type[T]) -> list[T]:
    return [decode(body, shape) for body in conn.execute(sa.select(table.c.body)).scalars()]


def _asked(request: RemovalRequest) -> RemovalRequest:
    """Return the request as it was made, without its number and what was decided."""
    return msgspec.structs.replace(
        request, number=0, state=RequestState.OPEN, decided_at=None, note=""
    )


def _number_for(conn: Connection, wanted: int) -> int:
    """Return the wanted number if it is free, else the next one."""
    if not 0 < wanted <= _LARGEST_KEPT:
        return numbers.take(conn, numbers.REQUESTS)
    query = sa.select(requests.c.number).where(requests.c.number == wanted)
    if conn.execute(query).first() is not None:
        return numbers.take(conn, numbers.REQUESTS)
    last = numbers.find_last(conn, numbers.REQUESTS)
    if wanted > last:
        numbers.take(conn, numbers.REQUESTS, wanted - last)
    return wanted


def _request_row(request: RemovalRequest) -> dict[str, object]:
    return {
        "number": request.number,
        "state": request.state.value,
        "body": encode(request, "A request"),
    }
