"""A turn: one run renews one grant, so that a kill between any two steps is survived.

    read -> lease (push) -> ask the network -> disk -> state (push) -> use

See docs/explanation/tokens.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from smmflow.clock import Clock
from smmflow.credentials import Secret
from smmflow.errors import (
    NetworkError,
    OutcomeUnknown,
    SignInFailed,
    SmmflowError,
    StateError,
)
from smmflow.model.grant import Grant, Keeping, Lease
from smmflow.networks.signing import (
    Ask,
    Extended,
    GrantRefused,
    Renewal,
    Rotating,
)
from smmflow.store import State
from smmflow.store.sealing import Seal, origin_of
from smmflow.store.slips import Slips

__all__ = ["LEASE", "SLIPS", "Account", "Desk", "Turn", "begins_with"]

_Change = Callable[[Keeping], Keeping]

LEASE = timedelta(minutes=2)
"""Longer than one request and two pushes take; then another run may try."""
SLIPS = ".smmflow/tokens"
"""Below the workspace; new grants on their way to the state branch, sealed."""
_LOOK_AGAIN = 5.0
_AGAIN = "sign in again and set the new secret: it wins over what is sealed"


@dataclass(frozen=True, slots=True)
class Account:
    """A grant: channels that name the same secret share it, and the first keeps it."""

    keeper: str
    renewal: Renewal
    secrets: Mapping[str, Secret]

    @property
    def origin(self) -> str:
        """What ties the grant to the secret it began with."""
        return origin_of(self.secrets[begins_with(self.renewal)])

    def first(self, now: datetime) -> Grant:
        """Return what the environment holds, as a grant of unknown age and life."""
        renewal = self.renewal
        token = self.secrets.get(renewal.token, Secret(""))
        refresh = (
            self.secrets[renewal.refresh] if isinstance(renewal, Rotating) else None
        )
        return Grant(token, refresh, now)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a turn works with.

    Attributes:
        root: The workspace.
        state: Where grants are kept.
        seal: Seals and opens them.
        clock: Tells the time and waits.
        run: The run's name, for the lease.
        ask: Asks a network for the next grant.
    """

    root: Path
    state: State
    seal: Seal
    clock: Clock
    run: str
    ask: Ask


class Turn:
    """The renewal of one grant by one run."""

    def __init__(self, desk: Desk, account: Account) -> None:
        self._state = desk.state
        self._clock = desk.clock
        self._run = desk.run
        self._ask = desk.ask
        self._account = account
        self._name = account.keeper
        self._origin = account.origin
        self._seal = desk.seal
        self._slips = Slips(desk.root / SLIPS)

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


def begins_with(renewal: Renewal) -> str:
    """Return the network's name for the secret that a grant begins with."""
    match renewal:
        case Rotating():
            return renewal.refresh
        case Extended():
            return renewal.token


def _dead(name: str) -> GrantRefused:
    return GrantRefused(
        f"channel {name}: the network takes its refresh token no more", hint=_AGAIN
    )
