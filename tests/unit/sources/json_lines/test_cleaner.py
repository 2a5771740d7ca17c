import pytest

from soso.model.errors import BadInput
from soso.model.ids import Peer, PeerKind
from soso.model.post import Revision
from soso.sources.json_lines.cleaner import Cleaner, check_peer, decode_object


def test_fields_are_taken_once_and_the_rest_is_named() -> None:
    row = Cleaner({"text": "a", "replaced_at": 1793491200, "mood": 1})
    taken = row.take(Revision, frozenset(Revision.__struct_fields__))
    assert taken.text == "a"
    assert row.unknown == {"mood"}
    assert row.get("mood") == 1
    assert row.unknown == frozenset()


def test_the_given_row_stays_as_it_is() -> None:
    given = {"date": "2026-11-01"}
    assert Cleaner(given).guessed == {"at"}
    assert given == {"date": "2026-11-01"}


def test_deep_nesting_is_refused() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadInput, match="nested too deeply"):
        Cleaner({"mood": deep})


@pytest.mark.parametrize("number", [0, -1, 2**63])
def test_ids_that_no_database_holds(number: int) -> None:
    with pytest.raises(BadInput, match="an id that can't be one"):
        check_peer(Peer(kind=PeerKind.USER, id=number))


def test_an_object_is_asked_for() -> None:
    assert decode_object(b'{"a":1}') == {"a": 1}
    with pytest.raises(BadInput, match="not a JSON object"):
        decode_object(b"5")
