"""Approvals without a forge: trailers of commits that known keys have signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smmflow.model.approval import Brought
from smmflow.model.team import Team
from smmflow.repository import Arrival, Repository

__all__ = ["TrailerWitness"]


class TrailerWitness:
    """Asks git alone; it is a `Witness`.

    Args:
        repository: The workspace's, with all of its history.
        team: Says which keys may sign, and since when.
    """

    def __init__(self, repository: Repository, team: Team) -> None:
        self._repository = repository
        self._team = team

    def tell(self, paths: Iterable[str]) -> Mapping[str, Brought]:
        """Return how each file came to be as it is; raises like `Witness.tell`."""
        found = self._repository.arrivals(paths)
        return {path: self._brought(path, arrival) for path, arrival in found.items()}

    def _brought(self, path: str, arrival: Arrival) -> Brought:
        commit, by, since = arrival.commit, arrival.author, self._team.since
        if arrival.fault:
            return Brought(path, fault=arrival.fault)
        if since and self._repository.has_by(commit, since):
            return Brought(path, commit, by=by, settled=True)
        signed = self._repository.signed_commit(arrival, self._team.signers)
        return Brought(path, commit, by=by, signed=signed)
