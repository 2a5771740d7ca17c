"""soso doctor"""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from soso.bootstrap import App
from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import foreign, out, print_json
from soso.flows.examine import Finding
from soso.model.errors import Unavailable

LEAST_FREE_BYTES = 200 * 2**20


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@json_option
@data_option
def doctor(repair: bool, as_json: bool, data: Path | None) -> None:
    """Check the installation, the data folder, and the index against the store."""
    with opened(data) as app:
        findings = [*_installation(), *_folder(app)]
        if _may_write(app):  # else nothing can be opened, and it was said why
            findings += _archive(app, repair=repair)
    open_findings = [finding for finding in findings if not finding.mended]
    if as_json:
        print_json({"ok": not open_findings, "findings": findings})
    else:
        for finding in findings:
            out().print("mended" if finding.mended else "found", foreign(finding.what))
        out().print("all is well" if not findings else f"{len(open_findings)} left to mend")
    if open_findings:
        raise SystemExit(1)


def _installation() -> Iterator[Finding]:
    for requirement in importlib.metadata.requires("soso") or ():
        name = requirement.split(";")[0].strip()
        package = name.split(">")[0].split("<")[0].split("=")[0].strip()
        if "extra ==" in requirement or ("win32" in requirement and sys.platform == "win32"):
            continue
        try:
            importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(what=f"installation: {name} is missing; run: make install")


def _may_write(app: App) -> bool:
    return os.access(app.data, os.W_OK | os.X_OK)


def _archive(app: App, *, repair: bool) -> list[Finding]:
    findings: list[Finding] = []
    try:
        findings += app.examine(repair=repair)
        if repair:
            app.index_if_free()
            app.housekeep()
    except Unavailable as error:
        findings.append(Finding(what=str(error)))
    return findings


def _folder(app: App) -> Iterator[Finding]:
    if not _may_write(app):
        yield Finding(what=f"data folder: {app.data} can't be written by this user")
    free = shutil.disk_usage(app.data).free
    if free < LEAST_FREE_BYTES:
        yield Finding(what=f"data folder: only {free // 2**20} MiB are free on its disk")
