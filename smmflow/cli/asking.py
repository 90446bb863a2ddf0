"""Questions to the person at the terminal, and what a channel has no place for."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from smmflow.cli.output import complain
from smmflow.errors import ConfigurationError, UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.credentials import Credentials, Secret
    from smmflow.model.channel import Channel
    from smmflow.networks.authorizing.answers import Tokens
    from smmflow.networks.interface import Network

__all__ = [
    "address_of",
    "ask_secret",
    "ask_words",
    "must_be_terminal",
    "must_name",
    "must_see",
    "of_app",
    "say_lacking",
    "suggested",
]

_SCHEMES = frozenset({"https", "http"})


def ask_secret(label: str) -> Secret:
    """Ask for a secret without showing it.

    Raises:
        UsageError: Nobody can be asked, or what was typed can't be one.
    """
    from smmflow.credentials import Secret

    must_be_terminal([label])
    typed = click.prompt(label, hide_input=True, err=True, type=str)
    if not typed.strip().isprintable():
        raise UsageError(f"what was typed for {label} holds more than characters")
    return Secret(typed.strip())


def ask_words(label: str) -> str:
    """Ask for words that may be seen."""
    must_be_terminal([label])
    return click.prompt(label, err=True, type=str).strip()


def must_see(names: Iterable[str]) -> None:
    """Do nothing if a person sees what is said.

    Raises:
        UsageError: Nobody does, as in a job; `names` are the secrets it is about.
    """
    if not (sys.stdin.isatty() or sys.stderr.isatty()):
        raise UsageError(
            "there is no terminal, and so nobody to ask",
            hint=f"set {', '.join(names)} yourself",
        )


def must_be_terminal(names: Iterable[str]) -> None:
    """Do nothing if somebody can be asked.

    Raises:
        UsageError: Nobody can; `names` says for what.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"there is no terminal to ask for {', '.join(names)} at")


def must_name(channel: Channel, needed: Iterable[str]) -> None:
    """Do nothing if a channel has a place for what comes; else show the lines.

    Raises:
        ConfigurationError: It has none.
    """
    lacking = [each for each in needed if each not in channel.secrets]
    if not lacking:
        return
    names = {**channel.secrets, **{each: suggested(channel, each) for each in lacking}}
    lines = "".join(f"\n      {ours}: {name}" for ours, name in names.items())
    complain(f"channels:\n  {channel.name}:\n    secrets:{lines}")
    raise ConfigurationError(
        f"channel {channel.name} has no place for {', '.join(lacking)}",
        hint="write the lines above into channels.yaml, and run the command again",
    )


def suggested(channel: Channel, ours: str) -> str:
    """Return a name for a secret in the environment."""
    stem = re.sub(r"[^A-Z0-9]+", "_", channel.name.upper()).strip("_")
    return f"{stem or channel.network.upper()}_{ours.upper()}"


def address_of(redirect: str) -> str:
    """Return the address that an app names, as typed.

    Raises:
        UsageError: It is none.
    """
    address = redirect.strip()
    try:
        parts = urlsplit(address)
        fits = parts.scheme in _SCHEMES and parts.netloc and not parts.fragment
    except ValueError:
        fits = False
    if not fits:
        raise UsageError(
            f"{address} is no address that a browser can be sent to",
            hint="as in https://example.org/; exactly as the app names it",
        )
    return address


def of_app(channel: Channel, ours: str, known: Credentials) -> Secret:
    """Return what proves that an app is the person's: as known, or as typed."""
    name = channel.secrets.get(ours, "")
    found = known.find(name) if name else None
    if found is None:
        complain(f"{name or ours}: the app's {ours}")
        return ask_secret(name or ours)
    complain(f"{name}: taken as it is set")
    return found


def say_lacking(network: Network, asked: Collection[str], tokens: Tokens) -> None:
    """Say what was asked for and not granted, if anything."""
    granted = asked if tokens.scopes is None else tokens.scopes
    lacking = ", ".join(sorted(set(asked).difference(granted)))
    if lacking:
        complain(f"{network.title} granted less than was asked: {lacking}")
