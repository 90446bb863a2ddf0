"""The walk to a network's secrets, in the way that the network offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from smmflow.cli.asking import (
    ask_secret,
    ask_words,
    must_name,
    must_see,
    of_app,
    say_lacking,
)
from smmflow.cli.in_browser import InBrowser, Manner
from smmflow.cli.output import complain
from smmflow.errors import UsageError

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.credentials import Secret
    from smmflow.model.channel import Channel
    from smmflow.networks.authorizing import DeviceFlow, Password, SignIn
    from smmflow.networks.interface import Network

__all__ = ["walk"]


def walk(channel: Channel, network: Network, manner: Manner) -> dict[str, Secret]:
    """Return all secrets that the channel names, by their names in the environment.

    Raises:
        SmmflowError: What the channel lacks, or why nobody was let in.
    """
    from smmflow.networks.authorizing import CodeFlow, DeviceFlow, Password, Typed

    if not channel.secrets:
        raise UsageError(f"channel {channel.name} names no secrets in channels.yaml")
    must_see(channel.secrets.values())
    way = _way(channel, network, manner)
    found: dict[str, Secret] = {}
    match way:
        case CodeFlow():
            found = InBrowser(channel, network, way, manner).secrets()
        case DeviceFlow():
            found = _by_device(channel, network, way, manner)
        case Password():
            found = _by_password(channel, network, way)
        case Typed():
            complain(f"{network.title}: see {network.documentation}")
        case _:
            assert_never(way)
    for ours, name in channel.secrets.items():
        if ours not in found:
            complain(f"{name}: {network.secrets[ours]}")
            found[ours] = ask_secret(name)
    return {name: found[ours] for ours, name in channel.secrets.items()}


def _way(channel: Channel, network: Network, manner: Manner) -> SignIn:
    from smmflow.networks.authorizing import DeviceFlow, Typed

    if manner.by_hand:
        return Typed()
    ways = network.ways_in(channel)
    if not manner.device:
        return ways[0]
    for way in ways:
        if isinstance(way, DeviceFlow):
            return way
    raise UsageError(
        f"{network.title} lets nobody agree on another device",
        hint="leave out --device; --paste is for a browser on another machine",
    )


def _by_device(
    channel: Channel, network: Network, flow: DeviceFlow, manner: Manner
) -> dict[str, Secret]:
    from smmflow.clock import SystemClock
    from smmflow.networks.authorizing import device
    from smmflow.networks.authorizing.app import App

    must_name(channel, [flow.secret])
    complain(f"{network.title}: your app's client token is at {flow.place}")
    client = of_app(channel, "client_id", manner.known)
    app = App(client, of_app(channel, "client_token", manner.known))
    told = device.begin(flow, app)
    complain(f"{network.title}: type {told.shown} at\n{told.address}")
    seconds = min(manner.seconds, told.seconds or manner.seconds)
    complain(f"waiting {seconds:.0f} seconds; Ctrl-C stops")
    tokens = device.wait(flow, app, told, seconds=seconds, clock=SystemClock())
    say_lacking(network, flow.scopes, tokens)
    return {flow.secret: tokens.token}


def _by_password(
    channel: Channel, network: Network, way: Password
) -> dict[str, Secret]:
    from smmflow.networks.authorizing.tokens import log_in

    must_name(channel, [way.secret])
    complain(f"{network.title}: name and password of the account that publishes")
    user = ask_words("name")
    return {way.secret: log_in(way, user, ask_secret("password")).token}
