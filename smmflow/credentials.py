"""Secrets: the only module that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from smmflow.errors import MissingSecret

__all__ = ["Credentials", "Secret", "environment", "setting"]


class Secret:
    """A value that must not be seen: it prints as `***` and does not pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself, for the request that needs it and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> str:
        msg = "a secret is never written anywhere"
        raise TypeError(msg)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Secrets by name, from one source.

    Args:
        source: Names to values; an empty value counts as absent.
    """

    source: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Tell whether the secret is there."""
        return bool(self.source.get(name))

    def secret(self, name: str, *, channel: str) -> Secret:
        """Return one secret.

        Args:
            name: The name of the secret, as `channels.yaml` gives it.
            channel: The channel that needs it, for the message.

        Raises:
            MissingSecret: It is absent or empty.
        """
        value = self.source.get(name, "")
        if not value:
            message = f"channel {channel} needs the secret {name}, which is not set"
            raise MissingSecret(
                message,
                hint=f"set the environment variable {name}, "
                "or add it to the secrets of the CI job",
            )
        return Secret(value)

    def find(self, name: str) -> Secret | None:
        """Return a secret that may be absent; None if it is."""
        return Secret(self.source[name]) if self.has(name) else None

    def over(self, newer: Mapping[str, Secret]) -> Credentials:
        """Return these secrets with some replaced by newer values."""
        values = {name: each.reveal() for name, each in newer.items()}
        return Credentials({**self.source, **values})

    def __repr__(self) -> str:
        return f"Credentials({len(self.source)} names)"


def environment() -> Credentials:
    """Return the secrets in the process's environment."""
    return Credentials(dict(os.environ))


def setting(name: str, default: str = "") -> str:
    """Return an environment variable that is no secret, such as `NO_COLOR`."""
    return os.environ.get(name, default)
