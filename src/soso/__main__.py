"""The entry of the program: python -m soso, and the command soso.

Imports the command line only inside main, so that Ctrl-C while it loads is no traceback either.
"""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    try:
        from soso.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
