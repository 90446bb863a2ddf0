"""What Threads says of a token: what it allows, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from smmflow.credentials import Secret
from smmflow.errors import Rejected, SignInFailed
from smmflow.networks.graph import Graph
from smmflow.networks.interface import Identity

__all__ = ["inspected"]


def inspected(graph: Graph, token: Secret, account: Identity) -> Identity:
    """Return an account with what its token allows, and until when, if that is told.

    https://github.com/fbsamples/threads_api, `GET /debug_token`; what it answers:
    https://developers.facebook.com/docs/graph-api/reference/debug_token/

    Raises:
        NetworkError: Of the kind that fits.
    """
    try:
        said = graph.ask(
            "GET",
            "/debug_token",
            repeatable=True,
            params={"input_token": token.reveal()},
        )
    except (Rejected, SignInFailed):
        return account  # the token works: not to know its end is no reason to stop
    facts = said.get("data")
    if not isinstance(facts, Mapping):
        return account
    scopes = facts.get("scopes")
    known = frozenset(map(str, scopes)) if isinstance(scopes, list) else None
    return replace(account, scopes=known, expires=_moment(facts.get("expires_at")))


def _moment(given: object) -> datetime | None:
    """Return a moment in seconds since 1970; a token that does not end says 0."""
    if not isinstance(given, int) or given <= 0:
        return None
    try:
        return datetime.fromtimestamp(given, UTC)
    except (ValueError, OverflowError, OSError):
        return None
