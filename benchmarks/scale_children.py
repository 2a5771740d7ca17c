"""An import in a process of its own: python -m benchmarks.scale_children FILE FOLDER

Says `ready` when everything is loaded, begins when it is given a line, and prints what it did. The
settings come from the environment. Nothing is indexed: that is the workers' part.
"""

import sys
from pathlib import Path
from time import perf_counter, process_time

import msgspec

from soso.bootstrap import ImportOptions, open_app
from soso.config import load_settings
from soso.model.value import Value


class Imported(Value):
    """What an import did; from, until: by the clock that all processes of a machine share."""

    posts: int
    since: float
    until: float
    cpu_s: float


def main() -> None:
    """Import what the command line names."""
    file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with open_app(load_settings(data=folder)) as app:
        app.store.last_seq()
        app.analyzers  # noqa: B018 -- loaded before the clock starts
        print("ready", flush=True)
        sys.stdin.readline()
        since, cpu_s, posts = perf_counter(), process_time(), 0
        for report in app.import_paths([file], ImportOptions(), lambda _: None):
            if report.state != "done" or report.skipped:
                raise RuntimeError(f"{report.state}: {report.error} {dict(report.skipped)}")
            posts += report.applied.inserted
        done = Imported(
            posts=posts, since=since, until=perf_counter(), cpu_s=process_time() - cpu_s
        )
    print(msgspec.json.encode(done).decode(), flush=True)


if __name__ == "__main__":
    main()
