"""Tantivy's failures as ours.

Knows what Tantivy raises and when; must not know what was being done. Its errors are ValueErrors,
and a panic in its Rust code is a BaseException that `except Exception` misses, of a class that
can't be imported.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from soso.model.errors import IndexMismatch, SosoError, Unavailable


def is_panic(error: BaseException) -> bool:
    """Whether Rust code panicked; KeyboardInterrupt, SystemExit and the like are not that."""
    return type(error).__name__ == "PanicException" and type(error).__module__ == "pyo3_runtime"


@contextmanager
def translated(doing: str, *, stale: bool = False) -> Iterator[None]:
    """Raise Unavailable for whatever the index or its disk fails with.

    doing: what failed, for the text. stale: the index has another schema than ours, so that a
    ValueError most likely means a field it lacks: IndexMismatch.
    """
    try:
        yield
    except SosoError:
        raise
    except (ValueError, OSError, RuntimeError, SystemError) as error:
        if stale and isinstance(error, ValueError):
            raise IndexMismatch(
                f"the index was built by another version and can't serve this ({error}): reindex"
            ) from error
        raise Unavailable(f"{doing} failed: {error}") from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise Unavailable(f"{doing} failed inside Tantivy: {error}") from error
