"""Renewing: tokens that die are replaced before a run connects."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from smmflow.clock import Clock
from smmflow.credentials import Credentials, Secret, within_reach
from smmflow.errors import (
    ConfigurationError,
    MissingSecret,
    NotARepository,
    SmmflowError,
)
from smmflow.memory import open_state
from smmflow.model.channel import Channel
from smmflow.model.grant import Grant
from smmflow.model.workspace import Workspace
from smmflow.networks import registry
from smmflow.networks.interface import Network
from smmflow.networks.line import Line, connected
from smmflow.networks.signing import (
    Ask,
    Renewal,
    Rotating,
    renew,
)
from smmflow.renewing.turn import Account, Desk, Turn, begins_with
from smmflow.store import State
from smmflow.store.sealing import KEY, Seal

__all__ = ["Renewed", "Renewing", "is_renewed", "opened"]


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a run connects with.

    Attributes:
        credentials: The environment's, with renewed tokens over it.
        shut: Channels that can't be used, and why.
        expires: By channel: when its token dies, where that is known.
    """

    credentials: Credentials
    shut: Mapping[str, SmmflowError] = field(default_factory=dict)
    expires: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Renewing:
    """Renews the grants of a workspace's channels.

    Attributes:
        workspace: The files.
        state: Where grants are kept; fetched here.
        credentials: What the environment holds.
        clock: Tells the time and waits.
        run: The run's name, for the lease.
        networks: The offline half of each channel's network; None to look them up.
        ask: Asks a network for the next grant.
    """

    workspace: Workspace
    state: State
    credentials: Credentials
    clock: Clock
    run: str
    networks: Mapping[str, Network] | None = None
    ask: Ask = renew

    def renewed(self, names: Iterable[str]) -> Renewed:
        """Return what channels connect with; what fails is kept, not raised.

        Where no channel has a grant that dies, nothing is read, sent or imported.

        Raises:
            StateError: The state can't be read.
        """
        wanted = [self.workspace.channels[name] for name in names]
        shut: dict[str, SmmflowError] = {}
        overlay: dict[str, Secret] = {}
        expires: dict[str, datetime] = {}
        done: dict[str, Grant | SmmflowError] = {}
        mortal = [
            (channel, renewal)
            for channel in wanted
            if (renewal := self._renewal(channel)) is not None
        ]
        if not mortal:
            return Renewed(self.credentials)
        try:
            seal = Seal(self.credentials.secret(KEY, channel=mortal[0][0].name))
        except ConfigurationError as why:
            return Renewed(self.credentials, _unsealed(mortal, why))
        self.state.fetch()
        desk = Desk(
            self.workspace.root, self.state, seal, self.clock, self.run, self.ask
        )
        for channel, renewal in mortal:
            account = self._account(channel, renewal)
            if account.keeper not in done:
                done[account.keeper] = _grant(desk, account)
            match done[account.keeper]:
                case Grant() as grant:
                    overlay[channel.secrets[renewal.token]] = grant.token
                    if grant.expires is not None:
                        expires[channel.name] = grant.expires
                case problem:
                    shut[channel.name] = problem
        return Renewed(self.credentials.over(overlay), shut, expires)

    def _renewal(self, channel: Channel) -> Renewal | None:
        networks = self.networks
        network = _network(channel) if networks is None else networks[channel.name]
        return _renewal(network, channel, self.credentials)

    def _account(self, channel: Channel, renewal: Renewal) -> Account:
        name = channel.secrets[begins_with(renewal)]
        sharing = [
            each.name
            for each in self.workspace.channels.values()
            if each.secrets.get(begins_with(renewal)) == name
            and each.network == channel.network
        ]
        secrets = {
            ours: found
            for ours, theirs in channel.secrets.items()
            if (found := self.credentials.find(theirs)) is not None
        }
        return Account(min(sharing), renewal, secrets)


def _network(channel: Channel) -> Network:
    return registry.network(channel.network).on(channel)


def _renewal(
    network: Network, channel: Channel, credentials: Credentials
) -> Renewal | None:
    """Return how a channel's token is renewed; None if it can't be."""
    renewal = network.renewal
    if renewal is None or renewal.token not in channel.secrets:
        return None
    begins = channel.secrets.get(begins_with(renewal), "")
    return renewal if credentials.has(begins) else None


def is_renewed(channel: Channel, credentials: Credentials) -> bool:
    """Tell whether a channel's token is replaced before it dies."""
    renewal = _renewal(_network(channel), channel, credentials)
    return renewal is not None and credentials.has(KEY)


@contextmanager
def opened(workspace: Workspace, names: Iterable[str], clock: Clock) -> Iterator[Line]:
    """Yield connections to channels, made with secrets within reach that live.

    Args:
        workspace: The files.
        names: Of the channels; what fails is kept, not raised.
        clock: Tells the time and waits.

    Raises:
        StateError: The state can't be read.
    """
    wanted = [workspace.channels[name] for name in names]
    ready = _ready(workspace, [each.name for each in wanted], clock)
    with connected(
        wanted,
        ready.credentials,
        root=workspace.root,
        shut=ready.shut,
        expires=ready.expires,
    ) as line:
        yield line


def _ready(workspace: Workspace, names: Iterable[str], clock: Clock) -> Renewed:
    """Return what to connect with; a folder in no repository renews nothing."""
    credentials = within_reach(workspace.root)
    try:
        state = open_state(workspace, clock)
    except NotARepository:
        return Renewed(credentials)
    run = f"{clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    return Renewing(workspace, state, credentials, clock, run).renewed(names)


def _grant(desk: Desk, account: Account) -> Grant | SmmflowError:
    try:
        return Turn(desk, account).grant()
    except SmmflowError as problem:
        return problem


def _unsealed(
    mortal: Iterable[tuple[Channel, Renewal]], problem: SmmflowError
) -> Mapping[str, SmmflowError]:
    """Return the channels that must not be used: what is renewed would be lost."""
    return {
        channel.name: MissingSecret(
            f"channel {channel.name} has a refresh token, and what comes after it "
            f"could not be sealed: {problem.message}",
            hint=f"make {KEY} with `smmflow auth --new-key`"
            if isinstance(problem, MissingSecret)
            else problem.hint,
        )
        for channel, renewal in mortal
        if isinstance(renewal, Rotating)
    }
