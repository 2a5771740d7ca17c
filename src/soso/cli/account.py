"""soso account login, logout, status"""

from pathlib import Path
from typing import Final

import click

from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import err, foreign, out, print_json

_RISK: Final = """\
Signing in gives Soso full access to a Telegram account, as a new device of it.

  - Telegram watches accounts that read by program. It can limit yours for hours, or ban it with all
    its chats. Use one of its own for this, on its own phone number, and never the one you live by.
  - The session is kept in the data folder, for this user only. Who copies it has the account: keep
    it out of backups that others can read. End it with: soso account logout
  - What the account can see, the archive keeps. Chats without a public name stay private here until
    you decide otherwise; the people in them did not write for the public.

Preview pages and feeds need no account.
"""


class _Terminal:
    """Asks on standard error; the code and the password are not shown."""

    def phone(self) -> str:
        """Ask for the phone number."""
        return str(click.prompt("Phone number, with + and country code", err=True)).strip()

    def code(self) -> str:
        """Ask for the code that Telegram sent."""
        return str(click.prompt("Code from Telegram", hide_input=True, err=True)).strip()

    def password(self) -> str:
        """Ask for the second password."""
        return str(click.prompt("Second password", hide_input=True, err=True))


@click.group()
def account() -> None:
    """Follow with an account on Telegram (optional, with a risk to it)."""


@account.command()
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
@data_option
def login(yes: bool, data: Path | None) -> None:
    """Sign an account in, after saying what it risks."""
    with opened(data) as app:
        _ = app.account  # says what is missing before anything is asked
        err().print(_RISK, markup=False)
        if not yes:
            click.confirm("Go on?", abort=True, err=True)
        me = app.sign_in(_Terminal())
        out().print(foreign(f"signed in as {me.name} ({me.number})"))


@account.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def logout(yes: bool, data: Path | None) -> None:
    """End the session at Telegram and erase it here."""
    with opened(data) as app:
        if not app.has_account:
            out().print("no account is signed in")
            return
        if not yes:
            click.confirm("Sign the account out?", abort=True, err=True)
        app.sign_out()
        out().print("signed out; the session is erased")


@account.command()
@json_option
@data_option
def status(as_json: bool, data: Path | None) -> None:
    """Tell who is signed in, and whether Telegram wants to be left alone."""
    with opened(data) as app:
        me = app.signed_in()
        wait_s = app.account_wait_s() if app.has_account else 0.0
        if as_json:
            told = {"number": me.number, "name": me.name, "username": me.username} if me else {}
            print_json({"signed_in": me is not None, **told, "wait_s": wait_s})
            return
        if me is None:
            out().print("no account is signed in: soso account login")
        else:
            name = f"{me.name} @{me.username}" if me.username else me.name
            out().print(foreign(f"signed in as {name} ({me.number})"))
        if wait_s:
            out().print(f"Telegram wants to be left alone for another {wait_s:.0f} s")
