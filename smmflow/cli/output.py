"""Words on the terminal: colours where wanted, and nothing that commands it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial

import click

from smmflow.credentials import setting
from smmflow.language.controls import visible

__all__ = ["colours", "complain", "is_interactive", "paint", "progress", "say"]

_STYLES = {
    "head": partial(click.style, bold=True),
    "due": partial(click.style, fg="green", bold=True),
    "held": partial(click.style, fg="yellow", bold=True),
    "error": partial(click.style, fg="red", bold=True),
    "warning": partial(click.style, fg="yellow"),
    "note": partial(click.style, fg="blue"),
    "dim": partial(click.style, dim=True),
}


def _codes(style: Callable[[str], str]) -> Iterator[str]:
    before, after = style("|").split("|")
    yield before
    yield after


def colours() -> bool:
    """Tell whether results may be coloured: a terminal that has not said no.

    Follows https://no-color.org.
    """
    return sys.stdout.isatty() and not setting("NO_COLOR")


def paint(text: str, role: str) -> str:
    """Return text in the colours of its role, or as it is if none are wanted."""
    return _STYLES[role](text) if colours() else text


_OURS = re.compile(
    "("
    + "|".join(
        sorted(
            {re.escape(code) for style in _STYLES.values() for code in _codes(style)}
        )
    )
    + ")"
)
"""The colours that `paint` gives: all that a terminal is ever told to do."""


def say(text: str, *, nl: bool = True) -> None:
    """Write results; control characters in a post or an answer become visible."""
    if colours():
        words = _OURS.split(text)
        words[::2] = map(visible, words[::2])
        click.echo("".join(words), nl=nl)
    else:
        click.echo(visible(text), nl=nl)


def complain(text: str) -> None:
    """Write what went wrong, beside the results."""
    click.echo(visible(text), err=True)


def is_interactive() -> bool:
    """Tell whether a person is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def progress(words: str) -> None:
    """Tell a person at a terminal how far things are; silent anywhere else."""
    if sys.stderr.isatty():
        click.echo(words, err=True)
