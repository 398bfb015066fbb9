"""What the user can mend: every message says what is wrong and how to put it right."""


class ActcliError(Exception):
    """The work could not be done; the message is one line for the user."""

    exit_code = 1


class UsageError(ActcliError):
    """The request itself is wrong: an unknown name, a bad formula, a value out of bounds."""

    exit_code = 2


class MissingExtraError(ActcliError):
    """An optional dependency is not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs an extra: pip install 'actcli[{extra}]'")


def quoted(text: str, limit: int = 40) -> str:
    """The user's text as a message may show it: in quotes, on one line, printable, not too long."""
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    return ascii(shown)
