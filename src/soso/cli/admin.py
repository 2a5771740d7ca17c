"""soso admin: what the operator decides."""

import sys
from pathlib import Path

import click

from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import foreign, out, print_json
from soso.model.chat import Visibility
from soso.ports.desk import RequestState


@click.group()
def admin() -> None:
    """Set the password, decide who may see what, answer removal requests."""


@admin.command()
@click.option("--stdin", is_flag=True, help="Read it from standard input instead of asking.")
@data_option
def password(stdin: bool, data: Path | None) -> None:
    """Set the password of the operator pages."""
    if stdin:
        text = sys.stdin.readline().rstrip("\n")
    else:
        text = click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    with opened(data) as app:
        app.set_password(text)
    out().print("the password is set")


@admin.command()
@click.argument("chat")
@click.option("--visibility", type=click.Choice([one.value for one in Visibility]))
@click.option("--sensitive/--not-sensitive", default=None)
@click.option("--no-index/--index", default=None, help="For other search engines.")
@json_option
@data_option
def chat(
    chat: str,
    visibility: str | None,
    sensitive: bool | None,
    no_index: bool | None,
    as_json: bool,
    data: Path | None,
) -> None:
    """Change who may see CHAT (id, @name or x<number>)."""
    with opened(data) as app:
        changed = app.set_chat(
            chat,
            who="cli",
            visibility=Visibility(visibility) if visibility else None,
            sensitive=sensitive,
            no_index=no_index,
        )
        app.index_if_free()
    if as_json:
        print_json({"chat": changed.ref, "visibility": changed.visibility})
    else:
        out().print(foreign(f"{changed.title} is {changed.visibility.value}"))


@admin.command()
@json_option
@data_option
def requests(as_json: bool, data: Path | None) -> None:
    """List removal requests that wait."""
    with opened(data) as app:
        waiting = app.list_requests(RequestState.OPEN)
    if as_json:
        print_json({"requests": waiting})
        return
    for request in waiting:
        subject = request.chat + (f"/{request.post_id}" if request.post_id is not None else "")
        out().print(request.number, foreign(f"{subject} {request.role}: {request.reason}"))
    if not waiting:
        out().print("no request waits")


@admin.command()
@click.argument("number", type=int)
@click.argument("decision", type=click.Choice(["accept", "refuse"]))
@click.option("--note", default="")
@data_option
def decide(number: int, decision: str, note: str, data: Path | None) -> None:
    """Accept or refuse removal request NUMBER."""
    with opened(data) as app:
        app.decide_request(number, accept=decision == "accept", who="cli", note=note)
        app.index_if_free()
    done = {"accept": "accepted", "refuse": "refused"}[decision]
    out().print(f"request {number} is {done}")
