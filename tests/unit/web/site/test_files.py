from typing import TYPE_CHECKING

import pytest

from soso.web.site.assets import Assets

if TYPE_CHECKING:
    from tests.unit.web.conftest import Visitor


@pytest.mark.parametrize("name", ["site.css", "site.js", "icon.svg"])
def test_a_file_under_its_version_is_kept_for_ever(visitor: "Visitor", name: str) -> None:
    answer = visitor.get(Assets().path(name))
    assert answer.status_code == 200
    assert answer.content == Assets().get(name).content
    assert "immutable" in answer.headers["cache-control"]
    stale = visitor.get(f"/static/{name}?v=old")
    assert stale.status_code == 200
    assert "immutable" not in stale.headers["cache-control"]


@pytest.mark.parametrize("name", ["x.css", "%2e%2e%2fassets.py", "..%5crender.py"])
def test_no_other_file_is_given(visitor: "Visitor", name: str) -> None:
    assert visitor.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("seed", ["1500000001-7~%E4%BA%91", "x", "~%3C", "%20", "a" * 500])
def test_a_drawing_for_every_seed(visitor: "Visitor", seed: str) -> None:
    answer = visitor.get(f"/cover/{seed}.svg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == visitor.get(f"/cover/{seed}.svg").content
