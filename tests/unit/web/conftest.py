"""Visitors of a small archive."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment

from tests.unit.web.visitor import Visitor

if TYPE_CHECKING:
    from tests.unit.web.fakes import FakeApp


Visit = Callable[..., Visitor]


_compile = Environment.compile
_compiled: dict[Any, Any] = {}


def _compile_once(environment: Environment, *args: Any, **named: Any) -> Any:
    """Compile a template once for all tests; a hundred applications have the same."""
    key = (args, tuple(named.items()))
    if key not in _compiled:
        _compiled[key] = _compile(environment, *args, **named)
    return _compiled[key]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Make visitors of an archive; options are Visitor's."""
    monkeypatch.setattr(Environment, "compile", _compile_once)
    visitors: list[Visitor] = []

    def make(app: "FakeApp", **options: Any) -> Visitor:
        from soso.web.app import make_web_app

        application: Any = make_web_app(app)  # type: ignore[arg-type]
        visitors.append(Visitor(application, **options))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def fake() -> "FakeApp":
    """A small archive."""
    from tests.unit.web.fakes import make_app

    return make_app()


@pytest.fixture
def visitor(fake: "FakeApp", visit: Visit) -> Visitor:
    """A visitor of the small archive."""
    return visit(fake)
