"""`smmflow explain`: a rule's own documentation."""

from __future__ import annotations

import click

from smmflow.cli.output import say

__all__ = ["command"]


@click.command(name="explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Explain a rule: what it finds, why it matters, how to fix it.

    \b
    Examples:
      smmflow explain text-too-long
      smmflow explain hashtag-cut
    """
    from difflib import get_close_matches

    from smmflow.checks import RULES, explain

    if rule not in RULES:
        near = get_close_matches(rule, RULES, n=1)
        meant = f"; did you mean {near[0]}?" if near else "; see `smmflow rules`"
        raise click.UsageError(f"there is no rule {rule}{meant}")
    say(explain(RULES[rule]).rstrip())
