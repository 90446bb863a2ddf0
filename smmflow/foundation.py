"""How a folder becomes a workspace: files, workflows, and a repository around them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from smmflow import content, scaffolding
from smmflow.errors import UsageError, WorkspaceNotFound
from smmflow.model.channel import StateSettings
from smmflow.model.workspace import Workspace
from smmflow.repository import Repository

__all__ = ["set_up"]


def set_up(folder: Path, brand: scaffolding.Brand) -> scaffolding.Placed:
    """Make a folder a workspace with its workflows, and keep all that is there.

    A workspace that is there already gets its workflows only: settings that it does
    without would change what its posts mean.

    Args:
        folder: It need not be there yet.
        brand: Whose workspace it becomes; the locale also says in which language the
            workflows ask.

    Raises:
        UsageError: The folder can't become a workspace.
        ConfigurationError: Git can't make a repository of it.
    """
    here = folder.resolve()
    known = _workspace_at(here)
    files = {} if known else scaffolding.new_workspace(brand)
    branch = Repository.at(here).main_branch
    wanted = _automation(known, brand.locale, branch)
    around = {**scaffolding.ignored(), **scaffolding.automation(wanted)}
    return scaffolding.place({**around, **files}, here)


def _workspace_at(here: Path) -> Workspace | None:
    """Return the workspace that a folder is; one that it lies in is in the way."""
    start = next(each for each in (here, *here.parents) if each.exists())
    if not start.is_dir():
        raise UsageError(f"{start} is a file", hint="name a folder, new or not")
    try:
        root = content.find_root(start)
    except WorkspaceNotFound:
        return None
    if root != here:
        raise UsageError(
            f"{here} lies in the workspace {root}",
            hint="choose a folder outside, or run it in the workspace itself",
        )
    return content.load(root)


def _automation(
    known: Workspace | None, locale: str, branch: str
) -> scaffolding.Automation:
    if known is None:
        state, secrets = StateSettings(), scaffolding.EXAMPLE_SECRETS
        extras = scaffolding.EXAMPLE_EXTRAS
    else:
        state = known.state
        secrets = scaffolding.secret_names(known.channels.values())
        extras = scaffolding.extras_for(known.channels.values())
    needed = scaffolding.requirement(_origin(), extras)
    return scaffolding.Automation(locale, branch, state.branch, secrets, needed)


def _origin() -> str:
    """Return how this smmflow was installed, as pip recorded it."""
    try:
        return distribution("smmflow").read_text("direct_url.json") or ""
    except PackageNotFoundError:  # it runs from its source
        return ""
