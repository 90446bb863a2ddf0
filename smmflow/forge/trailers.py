"""Approvals without a forge: trailers of commits that known keys have signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smmflow.model.approval import Brought
from smmflow.repository import Repository

__all__ = ["TrailerWitness"]


class TrailerWitness:
    """Asks git alone; it is a `Witness`.

    Args:
        repository: The workspace's, with all of its history.
        signers: The file of SSH keys that may sign, relative to the workspace; empty
            for git's own setting.
    """

    def __init__(self, repository: Repository, signers: str) -> None:
        self._repository = repository
        self._signers = signers

    def tell(self, paths: Iterable[str]) -> Mapping[str, Brought]:
        """Return how each file came to be as it is; raises like `Witness.tell`."""
        return {
            path: Brought(path, fault=arrival.fault)
            if arrival.fault
            else Brought(
                path,
                arrival.commit,
                by=arrival.author,
                signed=self._repository.signed_commit(arrival, self._signers),
            )
            for path, arrival in self._repository.arrivals(paths).items()
        }
