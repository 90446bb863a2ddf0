"""`smmflow networks`: what each network takes and can do."""

from __future__ import annotations

import click

from smmflow.cli.output import paint, say

__all__ = ["command"]


@click.command(name="networks")
def command() -> None:
    """Show what each network takes and can do.

    Everything here is what `check` and `plan` go by, too.

    \b
    Examples:
      smmflow networks
      smmflow channels --offline
    """
    from smmflow.cli.abilities import describe
    from smmflow.networks import registry

    every = registry.all_networks()
    for network in (variant for each in every for variant in each.variants()):
        say(paint(f"{network.name}: {network.title}", "head"))
        for name, value in describe(network.capabilities):
            say(f"  {name:<14} {value}")
        for name, where in network.secrets.items():
            say(f"  {'secret':<14} {name}: {where}")
        say(paint(f"  {network.documentation}", "dim"))
