from pathlib import Path

import pytest

from soso.evaluation.overrides import name_overrides, parse_overrides
from soso.model.errors import BadInput


def test_pairs_are_read_as_toml_does_and_else_as_they_stand() -> None:
    found = parse_overrides(["site_name=a, b,port=80,robots=false", 'sensitive_words=["x","y"]'])
    assert found == {
        "site_name": "a, b",
        "port": 80,
        "robots": False,
        "sensitive_words": ["x", "y"],
    }
    assert name_overrides({"port": 80, "robots": False}) == "port=80,robots=false"
    assert name_overrides({}) == "as it is"


def test_a_file_and_pairs_over_it(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text('site_name = "Soso"\nport = 1\n', "utf-8")
    assert parse_overrides([str(file), "port=2"]) == {"site_name": "Soso", "port": 2}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "write name=value"),
        ("absent.toml", "can't be read"),
        ("bread=1", "there is no setting 'bread'"),
        ("data=/elsewhere", "where the archive is"),
        ("store_url=sqlite://", "where the archive is"),
    ],
)
def test_what_is_no_configuration(text: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        parse_overrides([text])


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text("= =", "utf-8")
    with pytest.raises(BadInput, match="not valid TOML"):
        parse_overrides([str(file)])
