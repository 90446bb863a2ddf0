"""`smmflow rules`: every rule in one line."""

from __future__ import annotations

import click

from smmflow.cli.output import paint, say

__all__ = ["command"]


@click.command(name="rules")
def command() -> None:
    """List the rules that `check` applies.

    \b
    Examples:
      smmflow rules
      smmflow explain alt-text-missing
    """
    from smmflow.checks import RULES

    width = max(map(len, RULES))
    for name, rule in RULES.items():
        severity = paint(f"{rule.severity:<8}", rule.severity)
        say(f"{name:<{width}}  {severity} {rule.title}")
