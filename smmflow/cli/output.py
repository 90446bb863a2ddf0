"""Words on the terminal: colours where they are wanted, progress beside results."""

from __future__ import annotations

import sys

import click

from smmflow.credentials import setting

__all__ = ["colours", "paint", "progress"]

_STYLES = {
    "head": {"bold": True},
    "due": {"fg": "green", "bold": True},
    "held": {"fg": "yellow", "bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow"},
    "note": {"fg": "blue"},
    "dim": {"dim": True},
}


def colours() -> bool:
    """Tell whether results may be coloured: a terminal that has not said no.

    Follows https://no-color.org.
    """
    return sys.stdout.isatty() and not setting("NO_COLOR")


def paint(text: str, role: str) -> str:
    """Return text in the colours of its role, or as it is if none are wanted."""
    if not colours():
        return text
    style = _STYLES[role]
    return click.style(
        text, fg=style.get("fg"), bold=style.get("bold"), dim=style.get("dim")
    )


def progress(words: str) -> None:
    """Tell a person at a terminal how far things are; silent anywhere else."""
    if sys.stderr.isatty():
        click.echo(words, err=True)
