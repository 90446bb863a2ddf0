"""A grant: a token that dies, what it is renewed with, and who renews it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smmflow.credentials import Secret

__all__ = ["Grant", "Keeping", "Lease"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a network gave.

    Attributes:
        token: What requests carry.
        refresh: What gets the next grant; None where the token itself does.
        issued: When it was given, or first seen here; aware.
        expires: When the token dies, aware; None if that is not known.
    """

    token: Secret
    refresh: Secret | None
    issued: datetime
    expires: datetime | None = None

    def is_alive(self, now: datetime) -> bool:
        """Tell whether the token certainly still works, as far as time goes."""
        return self.expires is not None and now < self.expires


@dataclass(frozen=True, slots=True)
class Lease:
    """Who renews a grant, and until when nobody else does."""

    run: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Keeping:
    """A grant as the state keeps it: what can be read without the key.

    Attributes:
        origin: Digest of the secret it began with.
        sealed: The grant, for whoever has the key; empty if none was renewed yet.
        number: How often it was renewed; tells the newer of two.
        issued: As the grant's; None if there is none yet.
        expires: As the grant's.
        lease: Who renews it now.
        doubtful: A renewal's answer was lost: the grant may be used up.
        refused: The network takes it no more: a person must sign in.
        former: Origins that a newly set secret took the place of: a run that still
            holds one of them must not put its grant over the new one.
    """

    origin: str
    sealed: str = ""
    number: int = 0
    issued: datetime | None = None
    expires: datetime | None = None
    lease: Lease | None = None
    doubtful: bool = False
    refused: bool = False
    former: tuple[str, ...] = ()
