"""A process that matches and delivers to a webhook until it is killed: DATA, on the command line."""

import sys
from datetime import timedelta
from pathlib import Path

from soso.bootstrap import open_app
from soso.config import load_settings
from soso.flows import deliver
from soso.stores.sql import watches


def main() -> None:
    """Work without pauses between messages, so that a kill has something to hit."""
    deliver.SPACED = watches.SPACED = timedelta(0)
    deliver.LEASE_S = 1.0
    settings = load_settings(data=Path(sys.argv[1]), embedder="none", fetch_private=True)
    with open_app(settings) as app:
        app.analyzers.words("台风")
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            app.alert_changes()
            app.cluster_changes()
            app.deliver_due(app.alert_doors)


main()
