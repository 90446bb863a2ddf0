"""Renewing: tokens that die are replaced before a run connects, by one run at a time.

    read -> lease (push) -> ask the network -> disk -> state (push) -> use

Between any two of these the run may be killed; see docs/explanation/tokens.md for what
then happens.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from smmflow.clock import Clock
from smmflow.credentials import Credentials, Secret
from smmflow.errors import (
    ConfigurationError,
    MissingSecret,
    NetworkError,
    NotARepository,
    OutcomeUnknown,
    SignInFailed,
    SmmflowError,
    StateError,
)
from smmflow.model.channel import Channel
from smmflow.model.grant import Grant, Keeping, Lease
from smmflow.model.workspace import Workspace
from smmflow.networks import registry
from smmflow.networks.interface import Network
from smmflow.networks.signing import (
    Ask,
    Extended,
    GrantRefused,
    Renewal,
    Rotating,
    renew,
)
from smmflow.store import State
from smmflow.store.sealing import KEY, Seal, origin_of
from smmflow.store.slips import Slips
from smmflow.workflow import open_state

__all__ = ["LEASE", "SLIPS", "Renewed", "Renewing", "before_connecting"]

_Change = Callable[[Keeping], Keeping]

LEASE = timedelta(minutes=2)
"""Longer than one request and two pushes take; then another run may try."""
SLIPS = ".smmflow/tokens"
"""Below the workspace; new grants on their way to the state branch, sealed."""
_LOOK_AGAIN = 5.0
_AGAIN = "sign in again and set the new secret: it wins over what is sealed"


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
class _Account:
    """A grant: channels that name the same secret share it, and the first keeps it."""

    keeper: str
    renewal: Renewal
    secrets: Mapping[str, Secret]

    @property
    def origin(self) -> str:
        return origin_of(self.secrets[_begins_with(self.renewal)])

    def first(self, now: datetime) -> Grant:
        """Return what the environment holds, as a grant of unknown age and life."""
        renewal = self.renewal
        token = self.secrets.get(renewal.token, Secret(""))
        refresh = (
            self.secrets[renewal.refresh] if isinstance(renewal, Rotating) else None
        )
        return Grant(token, refresh, now)


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
        except ConfigurationError as problem:
            return Renewed(self.credentials, _unsealed(mortal, problem))
        self.state.fetch()
        for channel, renewal in mortal:
            account = self._account(channel, renewal)
            if account.keeper not in done:
                done[account.keeper] = self._grant(account, seal)
            match done[account.keeper]:
                case Grant() as grant:
                    overlay[channel.secrets[renewal.token]] = grant.token
                    if grant.expires is not None:
                        expires[channel.name] = grant.expires
                case problem:
                    shut[channel.name] = problem
        return Renewed(self.credentials.over(overlay), shut, expires)

    def _renewal(self, channel: Channel) -> Renewal | None:
        """Return how a channel's token is renewed; None if it can't be."""
        if self.networks is None:
            network = registry.network(channel.network).on(channel)
        else:
            network = self.networks[channel.name]
        renewal = network.renewal
        if renewal is None:
            return None
        named = {renewal.token, _begins_with(renewal)} <= set(channel.secrets)
        begins = channel.secrets.get(_begins_with(renewal), "")
        return renewal if named and self.credentials.has(begins) else None

    def _account(self, channel: Channel, renewal: Renewal) -> _Account:
        name = channel.secrets[_begins_with(renewal)]
        sharing = [
            each.name
            for each in self.workspace.channels.values()
            if each.secrets.get(_begins_with(renewal)) == name
            and each.network == channel.network
        ]
        secrets = {
            ours: found
            for ours, theirs in channel.secrets.items()
            if (found := self.credentials.find(theirs)) is not None
        }
        return _Account(min(sharing), renewal, secrets)

    def _grant(self, account: _Account, seal: Seal) -> Grant | SmmflowError:
        try:
            return _Turn(self, account, seal).grant()
        except SmmflowError as problem:
            return problem


def before_connecting(
    workspace: Workspace, names: Iterable[str], credentials: Credentials, clock: Clock
) -> Renewed:
    """Return what a run connects with; a folder in no repository renews nothing.

    Raises:
        StateError: The state can't be read.
    """
    try:
        state = open_state(workspace, clock)
    except NotARepository:
        return Renewed(credentials)
    run = f"{clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    return Renewing(workspace, state, credentials, clock, run).renewed(names)


class _Turn:
    """The renewal of one grant by one run."""

    def __init__(self, about: Renewing, account: _Account, seal: Seal) -> None:
        self._state = about.state
        self._clock = about.clock
        self._run = about.run
        self._ask = about.ask
        self._account = account
        self._name = account.keeper
        self._origin = account.origin
        self._seal = seal
        self._slips = Slips(about.workspace.root / SLIPS)

    def grant(self) -> Grant:
        """Return a grant that lives, renewed if it is time.

        Raises:
            SmmflowError: There is none, or it could not be kept.
        """
        self._push_slip()
        while True:
            kept = self._ours(self._state.keeping(self._name))
            grant = self._opened(kept)
            if not self._is_due(kept, grant):
                return self._remembered(kept, grant)
            if kept.refused:
                return self._living_or(grant, _dead(self._name))
            if (leased := self._leased(kept)) is not None:
                return self._renewed(leased, self._opened(leased))
            self._clock.sleep(_LOOK_AGAIN)
            self._state.fetch()

    def _ours(self, kept: Keeping | None) -> Keeping:
        """Return what is kept; a newly set secret begins anew."""
        if kept is None:
            return Keeping(self._origin)
        if kept.origin == self._origin:
            return kept
        if self._origin in kept.former:
            raise SignInFailed(
                f"channel {self._name}: the secret of this run is older than the one "
                "that was set since",
                hint="give every machine the newest secret; to go back, sign in again",
            )
        return Keeping(self._origin, former=(*kept.former, kept.origin))

    def _opened(self, kept: Keeping) -> Grant:
        if not kept.sealed:
            return self._account.first(self._clock.now())
        return self._seal.open(kept.sealed, channel=self._name, origin=self._origin)

    def _is_due(self, kept: Keeping, grant: Grant) -> bool:
        renewal, now = self._account.renewal, self._clock.now()
        ends = grant.expires is None or grant.expires - now <= renewal.margin
        match renewal:
            case Rotating():
                return ends
            case Extended():
                seen = bool(kept.sealed)
                return seen and ends and now - grant.issued >= renewal.youngest

    def _remembered(self, kept: Keeping, grant: Grant) -> Grant:
        """Note when a token was first seen: only an old enough one is renewed."""
        if not kept.sealed:
            self._keep(
                "first seen",
                lambda now: self._with(now, grant, 0) if not now.sealed else now,
            )
        return grant

    def _leased(self, before: Keeping) -> Keeping | None:
        """Take the lease; None if another run has it or was faster."""
        now = self._clock.now()
        mine = Lease(self._run, now + LEASE)

        def change(kept: Keeping) -> Keeping:
            held = kept.lease is not None and kept.lease.until > now
            if held or kept.number != before.number or kept.refused:
                return kept
            # A lease that nobody ended: that run may have asked, and not heard.
            lost = kept.lease is not None and isinstance(
                self._account.renewal, Rotating
            )
            return replace(kept, lease=mine, doubtful=kept.doubtful or lost)

        kept = self._keep("renewing", change)
        return kept if kept.lease == mine else None

    def _renewed(self, kept: Keeping, grant: Grant) -> Grant:
        try:
            new = self._ask(
                self._account.renewal,
                grant,
                self._account.secrets,
                now=self._clock.now(),
            )
        except NetworkError as problem:
            doubtful = kept.doubtful or isinstance(problem, OutcomeUnknown)
            refused = isinstance(problem, GrantRefused)
            self._end_lease(doubtful=doubtful, refused=refused)
            return self._living_or(grant, self._told(problem, doubtful=doubtful))
        slip = self._with(Keeping(self._origin), new, kept.number + 1)
        try:
            self._slips.write(self._name, slip)
        except StateError:  # a full disk: the push may still save it
            return self._opened(self._pushed(slip))
        self._push_slip()
        return self._opened(self._ours(self._state.keeping(self._name)))

    def _told(self, problem: NetworkError, *, doubtful: bool) -> NetworkError:
        """Return the problem, with what a person has to know about this grant."""
        if isinstance(problem, GrantRefused) and doubtful:
            return GrantRefused(
                f"channel {self._name}: an answer with its new token was lost, and "
                f"the old one is used up ({problem.message})",
                hint=_AGAIN,
            )
        if isinstance(problem, OutcomeUnknown):
            return SignInFailed(
                f"channel {self._name}: its token may have been renewed, and the "
                f"answer was lost ({problem.message})",
                hint="the next run tries once more; if that is refused, a person must "
                "sign in again",
            )
        return problem

    def _living_or(self, grant: Grant, problem: SmmflowError) -> Grant:
        """Return the grant while it lives; one of unknown life may well do so."""
        extended = isinstance(self._account.renewal, Extended)
        unknown = extended and grant.expires is None
        if grant.is_alive(self._clock.now()) or unknown:
            return grant
        raise problem

    def _end_lease(self, *, doubtful: bool, refused: bool) -> None:
        def change(kept: Keeping) -> Keeping:
            if kept.lease is None or kept.lease.run != self._run:
                return kept
            return replace(kept, lease=None, doubtful=doubtful, refused=refused)

        self._keep("not renewed", change)

    def _push_slip(self) -> None:
        """Bring what lies on this disk to the state."""
        slip = self._slips.read(self._name)
        if slip is not None:
            if slip.origin == self._origin:
                self._pushed(slip)
            self._slips.remove(self._name)

    def _pushed(self, slip: Keeping) -> Keeping:
        """Return what the state keeps then: the newer of the two grants."""

        def change(kept: Keeping) -> Keeping:
            if slip.number <= kept.number:
                return kept
            return replace(slip, former=kept.former)

        try:
            return self._keep("renewed", change)
        except StateError as problem:
            raise StateError(
                f"the new token of channel {self._name} could not be pushed, so it is "
                f"not used: {problem.message}",
                hint=f"it lies sealed in {SLIPS}; run it again on this machine",
            ) from problem

    def _keep(self, what: str, change: _Change) -> Keeping:
        def from_any(kept: Keeping | None) -> Keeping:
            return change(self._ours(kept))

        message = f"Run {self._run}: token of {self._name} {what}"
        return self._ours(self._state.keep(self._name, message, from_any))

    def _with(self, kept: Keeping, grant: Grant, number: int) -> Keeping:
        sealed = self._seal.close(grant, channel=self._name, origin=self._origin)
        return replace(
            kept,
            sealed=sealed,
            number=number,
            issued=grant.issued,
            expires=grant.expires,
        )


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


def _begins_with(renewal: Renewal) -> str:
    match renewal:
        case Rotating():
            return renewal.refresh
        case Extended():
            return renewal.token


def _dead(name: str) -> GrantRefused:
    return GrantRefused(
        f"channel {name}: the network takes its refresh token no more", hint=_AGAIN
    )
