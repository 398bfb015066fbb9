"""What the user can mend: every message says what is wrong and how to put it right."""

from __future__ import annotations


class ActcliError(Exception):
    """The work could not be done; the message is one line for the user."""

    exit_code = 1


class UsageError(ActcliError):
    """The request itself is wrong: an unknown name, a bad formula, a value out of bounds."""

    exit_code = 2


class CrowdedError(ActcliError):
    """A function turns or changes branch more often than can be followed."""

    def __init__(
        self, low: float, high: float, centre: float | None = None, function: str = "the function"
    ) -> None:
        where = f"from {low:.3g} to {high:.3g}" if centre is None else f"near {centre:.3g}"
        super().__init__(
            f"{function} turns too often {where} to be followed "
            "(info, saturation, plot and table take a --range that leaves this out)"
        )
        self._crowd = low, high, centre

    def of(self, function: object) -> CrowdedError:
        """The same, said of the function by its name."""
        return CrowdedError(*self._crowd, str(function))


class MissingExtraError(ActcliError):
    """An optional dependency is not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs an extra: pip install 'actcli[{extra}]'")


def quoted(text: str, limit: int = 40) -> str:
    """The user's text as a message may show it: in quotes, on one line, printable, not too long."""
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    return ascii(shown)
