"""The command line: one file a command. It speaks English; --json is for machines.

Exit codes: 0 done, 1 failed, 2 bad input or usage, 3 not found, 4 busy, 5 the disk, store or index
does not answer, 130 interrupted.
"""

import sys

import click

from soso import __version__
from soso.cli.account import account
from soso.cli.admin import admin
from soso.cli.bot import bot
from soso.cli.doctor import doctor
from soso.cli.embed import embed
from soso.cli.eval import eval_
from soso.cli.export import export
from soso.cli.follow import follow
from soso.cli.importing import import_
from soso.cli.merge import merge
from soso.cli.migrate import migrate
from soso.cli.purge import purge
from soso.cli.queries import queries
from soso.cli.reindex import reindex
from soso.cli.related import related
from soso.cli.run import run
from soso.cli.search import search
from soso.cli.show import show
from soso.cli.sources import add, pause, remove, resume, sources
from soso.cli.status import status
from soso.cli.stories import stories
from soso.cli.terminal import fail
from soso.cli.trace import trace
from soso.cli.watch import watch
from soso.cli.web import web
from soso.cli.worker import worker
from soso.model.errors import BadInput, Busy, NotFound, SosoError, Unavailable

EXIT_CODES: dict[type[SosoError], int] = {BadInput: 2, NotFound: 3, Busy: 4, Unavailable: 5}
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="soso")
def soso() -> None:
    """Soso finds things on Telegram and gives each of them a lasting page."""


for command in (
    *(run, web, worker),
    *(add, remove, pause, resume, sources, follow),
    *(account, bot, import_, search, show, related, stories, trace, export),
    *(merge, migrate, purge, reindex, embed, status, doctor, queries, admin, eval_, watch),
):
    soso.add_command(command)


def main() -> None:
    """Run the command line and exit with a code that a script can use."""
    try:
        soso.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        fail("interrupted")
        sys.exit(INTERRUPTED)
    except SosoError as error:
        fail(str(error))
        codes = (code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
        sys.exit(next(codes, 1))
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away; nobody is left to tell
        sys.exit(1)
