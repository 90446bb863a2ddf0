"""What a forge knows of files: which pull requests brought them, and who saw them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smmflow.forge.interface import Forge
from smmflow.model.approval import Brought, PullRequest, ReviewState
from smmflow.repository import Arrival, Repository

__all__ = ["ForgeWitness"]


class ForgeWitness:
    """Asks git and a forge, each thing once; it is a `Witness`.

    Args:
        repository: The workspace's, with all of its history.
        forge: Where its pull requests are.
        since: As in `Team`.
    """

    def __init__(self, repository: Repository, forge: Forge, since: str = "") -> None:
        self._repository = repository
        self._forge = forge
        self._since = since
        self._known: dict[str, Brought] = {}
        self._pulls: dict[str, tuple[PullRequest, ...]] = {}
        self._blobs: dict[tuple[str, str], str] = {}

    def tell(self, paths: Iterable[str]) -> Mapping[str, Brought]:
        """Return how each file came to be as it is.

        Args:
            paths: Relative to the workspace.

        Raises:
            NetworkError: The forge can't be asked.
            ConfigurationError: The repository has no history to look at.
        """
        wanted = tuple(dict.fromkeys(paths))
        new = [path for path in wanted if path not in self._known]
        for path, arrival in self._repository.arrivals(new).items() if new else ():
            self._known[path] = self._brought(path, arrival)
        return {path: self._known[path] for path in wanted}

    def _brought(self, path: str, arrival: Arrival) -> Brought:
        if arrival.fault:
            return Brought(path, fault=arrival.fault)
        commit = arrival.commit
        if self._since and self._repository.has_by(commit, self._since):
            return Brought(path, commit, by=arrival.author, settled=True)
        if commit not in self._pulls:
            self._pulls[commit] = self._forge.merged_with(commit)
        pulls = self._pulls[commit]
        seen = {pull.head for pull in pulls} | {
            review.commit
            for pull in pulls
            for review in pull.reviews
            if review.state is ReviewState.APPROVED
        }
        reviewed = {
            each: self._blob(arrival.then, each) == arrival.blob
            for each in sorted(seen - {""})
        }
        return Brought(path, commit, by=arrival.author, pulls=pulls, reviewed=reviewed)

    def _blob(self, path: str, commit: str) -> str:
        key = path, commit
        if key not in self._blobs:
            self._blobs[key] = self._forge.blob(path, commit)
        return self._blobs[key]
