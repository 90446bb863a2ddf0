"""Secrets: the only module that reads the environment and the keyring."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from smmflow.errors import ConfigurationError, MissingExtra, MissingSecret

__all__ = ["Credentials", "Keyring", "Secret", "environment", "setting", "within_reach"]


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


class Keyring:
    """One workspace's part of the keyring of who runs smmflow on this machine.

    Two workspaces may give the same name to secrets of different accounts, so a secret
    belongs to the folder it was kept for; a folder that moves starts without any.

    https://keyring.readthedocs.io

    Args:
        root: The workspace.
    """

    def __init__(self, root: Path) -> None:
        self.service = f"smmflow {root.resolve()}"
        self._read: dict[str, str] = {}
        self._problem = ""

    @property
    def problem(self) -> str:
        """Why it could not be read; empty if it could, or was not asked."""
        return self._problem

    def value(self, name: str) -> str:
        """Return what is kept under a name; empty if nothing is, or nobody can tell."""
        if name not in self._read:
            try:
                found = _library().get_password(self.service, name)
            except MissingExtra:
                found = None
            except Exception as problem:  # noqa: BLE001 - backends raise what they like
                self._problem = type(problem).__name__
                found = None
            self._read[name] = found or ""
        return self._read[name]

    def check(self) -> None:
        """Do nothing if secrets can be kept here.

        Raises:
            MissingExtra: The library is not installed.
            ConfigurationError: It has no keyring to use, or that one is locked.
        """
        library = _library()
        try:
            library.get_password(self.service, "SMMFLOW_KEY")
        except Exception as problem:  # noqa: BLE001 - as in `value`
            raise self._unusable(problem) from None

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret under a name, in place of what was there; raises as `check`."""
        library = _library()
        try:
            library.set_password(self.service, name, secret.reveal())
        except Exception as problem:  # noqa: BLE001 - as in `value`
            raise self._unusable(problem) from None
        self._read.pop(name, None)

    def _unusable(self, problem: Exception) -> ConfigurationError:
        return ConfigurationError(
            f"there is no keyring that can be used here ({type(problem).__name__})",
            hint="unlock it, or see `python -m keyring diagnose`",
        )


def _library() -> ModuleType:
    try:
        return import_module("keyring")
    except ImportError as problem:
        raise MissingExtra(
            "keeping secrets in a keyring needs the library keyring, which is not "
            "installed",
            hint="pip install 'smmflow[keyring]'",
        ) from problem


@dataclass(frozen=True, slots=True)
class Credentials:
    """Secrets by name.

    Args:
        source: Names to values; an empty value counts as absent.
        keyring: Where a name is looked for that the source lacks.
    """

    source: Mapping[str, str]
    keyring: Keyring | None = None

    def has(self, name: str) -> bool:
        """Tell whether the secret is there."""
        return bool(self._value(name))

    def secret(self, name: str, *, channel: str) -> Secret:
        """Return one secret.

        Args:
            name: The name of the secret, as `channels.yaml` gives it.
            channel: The channel that needs it, for the message.

        Raises:
            MissingSecret: It is absent or empty.
        """
        value = self._value(name)
        if not value:
            message = f"channel {channel} needs the secret {name}, which is not set"
            unread = self.keyring.problem if self.keyring else ""
            raise MissingSecret(
                message + (f"; the keyring can't be read ({unread})" if unread else ""),
                hint=f"set the environment variable {name}, "
                "or add it to the secrets of the CI job",
            )
        return Secret(value)

    def find(self, name: str) -> Secret | None:
        """Return a secret that may be absent; None if it is."""
        value = self._value(name)
        return Secret(value) if value else None

    def over(self, newer: Mapping[str, Secret]) -> Credentials:
        """Return these secrets with some replaced by newer values."""
        values = {name: each.reveal() for name, each in newer.items()}
        return Credentials({**self.source, **values}, self.keyring)

    def _value(self, name: str) -> str:
        found = self.source.get(name, "")
        return found or (self.keyring.value(name) if self.keyring else "")

    def __repr__(self) -> str:
        return f"Credentials({len(self.source)} names)"


def environment() -> Credentials:
    """Return the secrets in the process's environment."""
    return Credentials(dict(os.environ))


def within_reach(root: Path) -> Credentials:
    """Return the secrets in the environment, and else those in a workspace's keyring.

    Args:
        root: The workspace.
    """
    return Credentials(dict(os.environ), Keyring(root))


def setting(name: str, default: str = "") -> str:
    """Return an environment variable that is no secret, such as `NO_COLOR`."""
    return os.environ.get(name, default)
