"""Every exception smmflow raises on purpose, each with its exit code.

    SmmflowError                 2
    ├── UsageError               2   the command line asks for something impossible
    ├── ConfigurationError       2   a file, setting or secret has to be put right first
    │   ├── WorkspaceNotFound    2
    │   ├── NotARepository       2
    │   ├── MissingSecret        2
    │   └── MissingExtra         2
    ├── Unsupported              2   this network can't do that, or not yet
    ├── StateError               2   the state branch can't be read or written
    │   └── StateContended       2
    ├── PlanRefused              3   the plan itself says no; nothing was sent
    └── NetworkError             4   a network refused, or can't be reached
        ├── SignInFailed         4
        ├── Rejected             4
        ├── RateLimited          4
        ├── Unreachable          4
        └── OutcomeUnknown       4

The five kinds of `NetworkError` say what may happen next, which is all a caller may
decide on: never read a message to find out.

Any other exception is a fault of smmflow's own. It ends with 70 (`EX_SOFTWARE` of
https://man.openbsd.org/sysexits.3), one sentence and what to report; only `--debug`
shows where it happened. What the operating system refuses (a full disk, a file that
may not be read) is no such fault: it ends with 2.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ConfigurationError",
    "MissingExtra",
    "MissingSecret",
    "NetworkError",
    "NotARepository",
    "OutcomeUnknown",
    "PlanRefused",
    "RateLimited",
    "Rejected",
    "SignInFailed",
    "SmmflowError",
    "StateContended",
    "StateError",
    "Unreachable",
    "Unsupported",
    "UsageError",
    "WorkspaceNotFound",
]


class SmmflowError(Exception):
    """Anything smmflow can explain to a person: what is wrong, and what to do next.

    Args:
        message: What is wrong, in words for a person, without a trailing full stop.
        hint: What to do about it.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SmmflowError):
    """The command line asks for something that can't be."""


class ConfigurationError(SmmflowError):
    """A file, a setting or a secret has to be put right before anything can run."""


class WorkspaceNotFound(ConfigurationError):
    """No workspace in this folder or above it."""


class NotARepository(ConfigurationError):
    """The workspace lies in no git repository, so nothing is remembered of it."""


class MissingSecret(ConfigurationError):
    """A channel names a secret that the environment does not hold."""


class MissingExtra(ConfigurationError):
    """A feature needs an optional package that is not installed."""


class Unsupported(SmmflowError):
    """A connection was asked for something its network's capabilities don't declare."""


class StateError(SmmflowError):
    """The state branch can't be read or written; what was there is still there."""


class StateContended(StateError):
    """Other runs kept winning the push until the attempts were used up."""


class PlanRefused(SmmflowError):
    """The plan may not be carried out as it stands; nothing was sent."""

    exit_code: ClassVar[int] = 3


class NetworkError(SmmflowError):
    """A network refused, or can't be reached."""

    exit_code: ClassVar[int] = 4


class SignInFailed(NetworkError):
    """The credentials are wrong, expired or lack a permission. Nothing was sent."""


class Rejected(NetworkError):
    """The network refused this very content; sending it again can't help."""


class RateLimited(NetworkError):
    """Too many requests; nothing was done.

    Args:
        message: The network's words.
        retry_after: Seconds until the network will listen again; None if it didn't say.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Unreachable(NetworkError):
    """The request certainly did nothing: it may be sent again."""


class OutcomeUnknown(NetworkError):
    """The request may have been carried out although no answer says so."""
