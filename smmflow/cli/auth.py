"""`smmflow auth`: secrets, asked for, tried, and shown once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from smmflow.cli.keeping import Place, keeper
from smmflow.cli.options import refuse_unknown
from smmflow.cli.output import complain
from smmflow.errors import UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.credentials import Secret
    from smmflow.model.channel import Channel

__all__ = ["command"]


@click.command(name="auth")
@click.argument("channel", required=False)
@click.option(
    "--new-key", is_flag=True, help="Print a new SMMFLOW_KEY, and ask for nothing."
)
@click.option(
    "--to",
    "place",
    type=click.Choice(get_args(Place)),
    default="stdout",
    help="Where the secrets go; printed once unless you say more.",
)
@click.option(
    "--environment",
    default="smmflow",
    metavar="NAME",
    help="With --to github: the repository's environment; '' for the whole of it.",
)
@click.pass_obj
def command(
    folder: Path, channel: str | None, *, new_key: bool, place: Place, environment: str
) -> None:
    """Ask for the secrets of a channel, try them, and print or store them.

    Says where each secret is made, asks for it at the terminal without showing it,
    and signs in with it. Only if that works, the assignments are printed, alone on
    standard output. With --to github they are kept where jobs on GitHub find them,
    sealed before they leave this machine: that needs GH_TOKEN. With --to keyring they
    are kept in the keyring of this machine, for commands in this folder. Ends with 2
    where there is no terminal, with 4 if the network refuses the secret.

    SMMFLOW_KEY seals the tokens that smmflow renews by itself; it needs the extra
    smmflow[tokens].

    \b
    Examples:
      smmflow auth mastodon
      smmflow auth mastodon --to keyring
      GH_TOKEN=$(gh auth token) smmflow auth mastodon --to github
      smmflow auth --new-key --to github
    """
    if new_key == (channel is not None):
        raise UsageError(
            "name one channel, or say --new-key",
            hint="smmflow channels --offline lists the channels",
        )
    if channel is None:
        from smmflow.store.sealing import KEY
        from smmflow.store.sealing import new_key as make

        with keeper(place, folder, environment) as keep:
            keep({KEY: make()})
        return
    from smmflow import workflow

    workspace = workflow.load(folder)
    refuse_unknown("channel", [channel], workspace.channels)
    wanted = workspace.channels[channel]
    with keeper(place, folder, environment) as keep:
        found = _asked(wanted)
        _try(wanted, found, workspace.root)
        keep(found)


def _asked(channel: Channel) -> dict[str, Secret]:
    """Return the secrets as a person typed them, by their names in the environment."""
    from smmflow.credentials import Secret
    from smmflow.networks import registry

    if not channel.secrets:
        raise UsageError(f"channel {channel.name} names no secrets in channels.yaml")
    if not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal to ask for a secret at",
            hint=f"set {', '.join(channel.secrets.values())} yourself",
        )
    network = registry.network(channel.network).on(channel)
    complain(f"{network.title}: see {network.documentation}")
    found = {}
    for ours, name in channel.secrets.items():
        complain(f"{name}: {network.secrets[ours]}")
        typed = click.prompt(name, hide_input=True, err=True, type=str)
        found[name] = Secret(typed.strip())
    return found


def _try(channel: Channel, found: dict[str, Secret], root: Path) -> None:
    from smmflow.credentials import environment
    from smmflow.networks.line import connected, visit

    with connected([channel], environment().over(found), root=root) as line:
        (answer,) = visit(line)
    if answer.error is not None:
        raise answer.error
    if answer.identity is not None:
        complain(f"signed in as {answer.identity.name}")
