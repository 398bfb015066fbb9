"""The program: `actcli`, or `python -m actcli`."""

from actcli.signals import heed


def main() -> None:
    """The console script: whatever is imported for it, it can be interrupted."""
    heed()
    from actcli.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
