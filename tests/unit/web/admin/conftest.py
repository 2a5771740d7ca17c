"""An operator who is signed in."""

from typing import Any

import pytest

from tests.unit.web.fakes import PASSWORD, FakeApp
from tests.unit.web.visitor import find_csrf


class Operator:
    """A visitor with a session. forms carry its token unless one is given."""

    def __init__(self, visitor: Any) -> None:
        self.visitor = visitor
        page = visitor.get("/admin/login")
        answer = visitor.post("/admin/login", data={"csrf": find_csrf(page), "password": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
        self.csrf = find_csrf(visitor.get("/admin"))

    def get(self, path: str) -> Any:
        return self.visitor.get(path)

    def post(self, path: str, **fields: str) -> Any:
        return self.visitor.post(path, data={"csrf": self.csrf, **fields})


@pytest.fixture
def operator(fake: FakeApp, visit: Any) -> Operator:
    """An operator of the small archive, which has no limit on requests."""
    fake.settings = fake.settings.model_copy(update={"rate_limit": "999/minute"})
    return Operator(visit(fake))
