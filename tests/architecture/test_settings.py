"""Every setting and every command stands in the guide."""

from pathlib import Path

import click
import pytest

from soso.cli import soso
from soso.config import Settings

GUIDE = Path(__file__).parents[2] / "docs" / "guide"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_in_the_guide(name: str) -> None:
    text = (GUIDE / "settings.md").read_text("utf-8")
    field = Settings.model_fields[name]
    row = next((line for line in text.splitlines() if line.startswith(f"| `{name}` |")), None)
    assert row is not None
    assert f"`SOSO_{name.upper()}`" in row
    assert field.description is not None
    assert field.description in row


def commands(group: click.Group, prefix: str = "") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        path = f"{prefix}{name}"
        found += (
            commands(command, f"{path} ") if isinstance(command, click.Group) else [(path, command)]
        )
    return found


@pytest.mark.parametrize(("path", "command"), commands(soso), ids=lambda value: str(value))
def test_a_command_is_in_the_guide(path: str, command: click.Command) -> None:
    text = (GUIDE / "commands.md").read_text("utf-8")
    section = next((part for part in text.split("\n## ") if part.startswith(f"soso {path}\n")), "")
    assert section, f"no section for soso {path}"
    for option in command.params:
        if isinstance(option, click.Option):
            assert f"`{max(option.opts, key=len)}" in section, option.opts
