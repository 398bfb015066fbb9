"""The program: `actcli`, or `python -m actcli`."""

import gc

from actcli.signals import heed

RARELY = 100_000
"""Objects between two collections: by Python's 700 it looks through modules all the time, which
takes a fourteenth of every short answer."""


def main() -> None:
    """The console script: whatever is imported for it, it can be interrupted."""
    heed()
    gc.set_threshold(RARELY)
    from actcli.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
