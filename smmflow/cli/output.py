"""Words on the terminal: colours where they are wanted, progress beside results."""

from __future__ import annotations

import sys
from functools import partial

import click

from smmflow.credentials import setting

__all__ = ["colours", "paint", "progress"]

_STYLES = {
    "head": partial(click.style, bold=True),
    "due": partial(click.style, fg="green", bold=True),
    "held": partial(click.style, fg="yellow", bold=True),
    "error": partial(click.style, fg="red", bold=True),
    "warning": partial(click.style, fg="yellow"),
    "note": partial(click.style, fg="blue"),
    "dim": partial(click.style, dim=True),
}


def colours() -> bool:
    """Tell whether results may be coloured: a terminal that has not said no.

    Follows https://no-color.org.
    """
    return sys.stdout.isatty() and not setting("NO_COLOR")


def paint(text: str, role: str) -> str:
    """Return text in the colours of its role, or as it is if none are wanted."""
    return _STYLES[role](text) if colours() else text


def progress(words: str) -> None:
    """Tell a person at a terminal how far things are; silent anywhere else."""
    if sys.stderr.isatty():
        click.echo(words, err=True)
