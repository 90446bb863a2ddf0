"""Memory: the repository that a workspace lies in, and what smmflow remembers there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from smmflow.clock import Clock
from smmflow.errors import NotARepository, UsageError
from smmflow.model.workspace import Workspace
from smmflow.networks.line import Visit
from smmflow.repository import Repository
from smmflow.store import Known, State, StoredLimits
from smmflow.store.sealing import KEY

__all__ = [
    "look_up",
    "open_state",
    "person",
    "place_in_repository",
    "remember_limits",
    "repository_of",
    "secret_names",
]


def repository_of(workspace: Workspace) -> Repository:
    """Return the repository of a workspace, whose git sees no secret of a channel.

    Credential helpers may need the forge's token, and nothing that git starts needs
    what signs in to a network.

    Raises:
        NotARepository: The workspace is in none.
    """
    withheld = secret_names(workspace) - {"GITHUB_TOKEN"}
    return Repository(workspace.root, withheld=withheld)


def secret_names(workspace: Workspace) -> frozenset[str]:
    """Return the names, in the environment, of what signs in to networks."""
    channels = workspace.channels.values()
    return frozenset({KEY, *(n for each in channels for n in each.secrets.values())})


def open_state(workspace: Workspace, clock: Clock) -> State:
    """Return what smmflow remembers of a workspace; nothing is fetched yet.

    Raises:
        NotARepository: The workspace is in none.
        ConfigurationError: The settings of the state don't fit the repository.
    """
    settings = workspace.state
    repository = repository_of(workspace)
    return State(repository.state_branch(settings.branch, settings.remote, clock))


def person(workspace: Workspace) -> str:
    """Return who is at work, by git's configuration.

    Raises:
        UsageError: Git knows no name.
    """
    name = repository_of(workspace).person
    if not name:
        raise UsageError(
            "git does not know who you are",
            hint="name the owner with --owner, or run `git config user.name`",
        )
    return name


def place_in_repository(workspace: Workspace) -> tuple[Path, str]:
    """Return the top folder of the repository, and the workspace's folder in it.

    Raises:
        NotARepository: The workspace is in none.
    """
    repository = repository_of(workspace)
    return repository.top, repository.below


def look_up(workspace: Workspace, clock: Clock, *, metrics: bool = False) -> Known:
    """Return what is known on this machine, without asking any remote.

    A folder that is no git repository knows nothing, which is enough to check it.
    """
    state = _state_if_any(workspace, clock)
    if state is None:
        return Known()
    return Known.of(state, workspace.channels, metrics=metrics)


def _state_if_any(workspace: Workspace, clock: Clock) -> State | None:
    try:
        return open_state(workspace, clock)
    except NotARepository:
        return None


def remember_limits(
    workspace: Workspace, visits: Iterable[Visit], clock: Clock
) -> None:
    """Keep the instances' own limits, so that offline checks know them.

    A folder that is no git repository has nowhere to keep them, which is no fault.
    """
    limits = {
        each.channel: StoredLimits(each.limits.raw, clock.now())
        for each in visits
        if each.limits is not None
    }
    if limits and (state := _state_if_any(workspace, clock)):
        state.save_limits(limits)
