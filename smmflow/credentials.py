"""Secrets: the only module that reads the environment and the keyring."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from smmflow.errors import ConfigurationError, MissingExtra, MissingSecret

__all__ = [
    "Credentials",
    "Keyring",
    "Secret",
    "environment",
    "setting",
    "struck_out",
    "within_reach",
]

_SHORTEST = 8
"""Characters of base64 or hex: fewer are found in words that hold no secret."""
_LONGEST_WORDS, _LONGEST_SECRET = 20_000, 4_000


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


def surroundings(withheld: Collection[str]) -> dict[str, str]:
    """Return the environment as another program is given it, without these names."""
    return {name: it for name, it in os.environ.items() if name not in withheld}


def struck_out(words: str, secrets: Iterable[Secret]) -> str:
    """Return somebody else's words with `***` for secrets, however they are written.

    As they are; escaped for addresses, JSON or HTML, once or several times; in hex; in
    base64 of both alphabets, wherever in the encoded text the secret begins. Of very
    long words only the beginning is returned.
    """
    cut = len(words) > _LONGEST_WORDS
    words = words[:_LONGEST_WORDS]
    # A secret may be part of another one, as a token is of a webhook's address.
    for secret in sorted(secrets, key=lambda each: -len(each.reveal())):
        if secret.reveal():
            words = _written(secret).sub("***", words)
    # Where they were cut, the beginning of a secret may be left.
    return words[:-_LONGEST_SECRET] if cut else words


@cache
def _written(secret: Secret) -> re.Pattern[str]:
    """Return what finds a secret in all its forms."""
    raw = secret.reveal().encode("utf-8", "surrogatepass")
    encoded = (raw.hex(), *_in_base64(raw))
    forms = (secret.reveal(), *(each for each in encoded if len(each) >= _SHORTEST))
    alike = ("".join(map(_character, each)) for each in dict.fromkeys(forms))
    return re.compile("|".join(alike), re.IGNORECASE)


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield what depends on these bytes alone, for each place among three others."""
    for before, start in ((0, 0), (1, 2), (2, 3)):
        whole = base64.b64encode(b"\0" * before + raw).decode("ascii")
        yield whole[start : (before + len(raw)) * 8 // 6]


def _character(character: str) -> str:
    """Return a pattern of one character in all the ways that it is escaped."""
    raw = character.encode("utf-8", "surrogatepass")
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    ways = [
        rf"\\{{0,4}}{re.escape(character)}",
        "".join(f"%(?:25){{0,3}}{byte:02x}" for byte in raw),
        "".join(rf"\\{{1,4}}u{pair}" for pair in pairs),
        f"&(?:amp;){{0,3}}#(?:0{{0,4}}{ord(character)}|x0{{0,4}}{ord(character):x});",
    ]
    ways += _FURTHER.get(character, ())
    return f"(?:{'|'.join(ways)})"


_FURTHER = {
    " ": (r"\+",),
    "+": ("-",),  # in base64 for addresses
    "/": ("_",),
    "&": ("&(?:amp;){1,3}",),
    "<": ("&(?:amp;){0,3}lt;",),
    ">": ("&(?:amp;){0,3}gt;",),
    '"': ("&(?:amp;){0,3}quot;",),
    "'": ("&(?:amp;){0,3}apos;",),
}
