"""`smmflow auth`: secrets, got, tried, and shown once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from smmflow.cli.in_browser import PORT, Manner
from smmflow.cli.keeping import Place, keeper
from smmflow.cli.options import Span, refuse_unknown
from smmflow.cli.output import complain
from smmflow.cli.sign_in import walk
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
@click.option("--by-hand", is_flag=True, help="Ask for secrets that you have already.")
@click.option(
    "--paste",
    is_flag=True,
    help="Copy the answer from the browser by hand, as on another machine.",
)
@click.option(
    "--device",
    is_flag=True,
    help="Type a short code on another device, where the network offers it.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address to open.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Where to listen on 127.0.0.1; {PORT}, or any where the network allows it.",
)
@click.option(
    "--redirect",
    metavar="URL",
    default="",
    help="The redirect address of your app, if it is not on 127.0.0.1; with --paste.",
)
@click.option(
    "--wait",
    type=Span(),
    default="5m",
    show_default=True,
    help="How long to wait for the browser.",
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
def command(  # noqa: PLR0913 - each option is an argument
    folder: Path,
    channel: str | None,
    *,
    new_key: bool,
    wait: timedelta,
    no_browser: bool,
    by_hand: bool,
    paste: bool,
    device: bool,
    port: int | None,
    redirect: str,
    place: Place,
    environment: str,
) -> None:
    """Get the secrets of a channel, try them, and print or store them.

    Walks you through the network's own sign-in page where it has one: prints its
    address, opens a browser if there is a desktop, waits for you to agree, and fetches
    the token. Elsewhere it says where each secret is made and asks for it at the
    terminal without showing it. Only if the secrets work, the assignments are printed,
    alone on standard output. With --to github they are kept where jobs on GitHub find
    them, sealed before they leave this machine: that needs GH_TOKEN. With --to keyring
    they are kept in the keyring of this machine, for commands in this folder. Ends with
    2 where there is no terminal to ask at, with 4 if the network or you refuse.

    SMMFLOW_KEY seals the tokens that smmflow renews by itself; it needs the extra
    smmflow[tokens].

    \b
    Examples:
      smmflow auth mastodon
      smmflow auth x --no-browser
      smmflow auth mastodon --paste      the browser is on another machine
      smmflow auth threads --redirect https://example.org/
      smmflow auth page --device         agree on your phone (Facebook)
      smmflow auth mastodon --by-hand    you have a token already
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
    from smmflow import memory, workflow
    from smmflow.credentials import within_reach
    from smmflow.networks import registry

    workspace = workflow.load(folder)
    refuse_unknown("channel", [channel], workspace.channels)
    wanted = workspace.channels[channel]
    network = registry.network(wanted.network).on(wanted)
    manner = Manner(
        by_hand=by_hand,
        paste=paste,
        device=device,
        browser=not no_browser,
        redirect=redirect,
        port=port,
        seconds=wait.total_seconds(),
        withheld=memory.secret_names(workspace),
        known=within_reach(workspace.root),
    )
    with keeper(place, folder, environment) as keep:
        found = walk(wanted, network, manner)
        _try(wanted, found, workspace.root)
        keep(found)


def _try(channel: Channel, found: dict[str, Secret], root: Path) -> None:
    from smmflow.credentials import environment
    from smmflow.networks.line import connected, visit

    with connected([channel], environment().over(found), root=root) as line:
        (answer,) = visit(line)
    if answer.error is not None:
        raise answer.error
    if answer.identity is not None:
        complain(f"signed in as {answer.identity.name}")
