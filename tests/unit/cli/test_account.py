import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from soso.bootstrap import App
from soso.cli import soso
from soso.model.errors import BadInput
from soso.ports.signing import Prompts, SignedIn


class FakeAccount:
    """Signs in whoever answers."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.out = False

    def sign_in(self, prompts: Prompts) -> SignedIn:
        self.told = [prompts.phone(), prompts.code(), prompts.password()]
        return SignedIn(number=7, name="Ann", username="ann_li")

    def sign_out(self) -> None:
        self.out = True

    def who(self) -> SignedIn | None:
        return SignedIn(number=7, name="Ann", username="ann_li")

    def wait_s(self) -> float:
        return 90.0

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAccount:
    made = FakeAccount()
    monkeypatch.setattr(App, "account", made)
    return made


def run(data: Path, *words: str, typed: str = "") -> Any:
    return CliRunner().invoke(soso, ["account", *words, "--data", str(data)], input=typed)


def test_the_risk_is_told_before_anything_is_asked(tmp_path: Path, fake: FakeAccount) -> None:
    refused = run(tmp_path, "login", typed="n\n")
    assert refused.exit_code == 1
    assert "ban it" in refused.stderr
    assert fake.told == []
    done = run(tmp_path, "login", typed="y\n+86 555\n12345\nsecret\n")
    assert done.stdout == "signed in as Ann (7)\n"
    assert fake.told == ["+86 555", "12345", "secret"]
    assert "12345" not in done.output
    assert "secret" not in done.output


def test_what_is_missing_is_said_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(tmp_path, "login").exception
    assert isinstance(found, BadInput)
    assert "account_api_id" in str(found)
    monkeypatch.setitem(sys.modules, "telethon", None)
    for name in [name for name in sys.modules if name.startswith("soso.sources.mtproto.client")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("requests", "failures"):
        monkeypatch.delitem(sys.modules, f"soso.sources.mtproto.{name}", raising=False)
    found = run(tmp_path, "login").exception
    assert isinstance(found, BadInput)
    assert "pip install 'soso[account]'" in str(found)


def test_status_and_logout(tmp_path: Path, fake: FakeAccount) -> None:
    assert json.loads(run(tmp_path, "status", "--json").stdout) == {
        "signed_in": False,
        "wait_s": 0.0,
    }
    assert run(tmp_path, "logout").stdout == "no account is signed in\n"
    (tmp_path / "account").mkdir()
    (tmp_path / "account" / "telegram.session").touch()
    told = json.loads(run(tmp_path, "status", "--json").stdout)
    assert told == {
        "signed_in": True,
        "number": 7,
        "name": "Ann",
        "username": "ann_li",
        "wait_s": 90.0,
    }
    assert "another 90 s" in run(tmp_path, "status").stdout
    assert run(tmp_path, "logout", "--yes").exit_code == 0
    assert fake.out
