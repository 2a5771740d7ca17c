"""failures: everything Tantivy does wrong becomes ours, and nothing else does."""

import pytest
import tantivy

from soso.engines.tantivy.failures import is_panic, translated
from soso.engines.tantivy.mapping import build_schema
from soso.model.errors import BadInput, IndexMismatch, Unavailable


def panic() -> None:
    tantivy.Query.phrase_query(build_schema(), "words", ["one"])


def test_a_panic_is_not_let_through(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unavailable, match="inside Tantivy") as raised, translated("asking"):
        panic()
    assert raised.value.__cause__ is not None
    assert is_panic(raised.value.__cause__)
    assert not isinstance(raised.value.__cause__, Exception)
    assert "panicked" in capfd.readouterr().err  # Rust's own note of it


@pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), RuntimeError("x")])
def test_its_errors_become_unavailable(error: Exception) -> None:
    with pytest.raises(Unavailable, match="asking failed: x") as raised, translated("asking"):
        raise error
    assert raised.value.__cause__ is error


def test_on_a_stale_index_a_value_error_is_a_mismatch() -> None:
    with pytest.raises(IndexMismatch), translated("asking", stale=True):
        raise ValueError("no such field")
    with pytest.raises(Unavailable), translated("asking", stale=True):
        raise OSError("disk")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), BadInput("x"), KeyError("x")])
def test_the_rest_is_left_alone(error: BaseException) -> None:
    with pytest.raises(type(error)) as raised, translated("asking"):
        raise error
    assert raised.value is error
