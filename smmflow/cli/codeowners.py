"""`smmflow codeowners`: CODEOWNERS from team.yaml, so that GitHub asks people."""

from __future__ import annotations

from pathlib import Path

import click

from smmflow.cli.output import complain, say
from smmflow.errors import ConfigurationError

__all__ = ["command"]

_PLACE = Path(".github/CODEOWNERS")


@click.command(name="codeowners")
@click.option("--write", is_flag=True, help=f"Write {_PLACE.as_posix()}.")
@click.pass_obj
def command(folder: Path, *, write: bool) -> None:
    """Print or write CODEOWNERS from team.yaml.

    GitHub asks the owners of changed files for a review. Rules by campaign, channel or
    risk can't be said there; `smmflow publish` goes by them all the same. A file that
    somebody else wrote is never overwritten.

    \b
    Examples:
      smmflow codeowners
      smmflow codeowners --write
    """
    from smmflow import approving, memory, workflow

    workspace = workflow.load(folder)
    top, below = memory.place_in_repository(workspace)
    text = approving.codeowners(workspace.team, below)
    if not write:
        say(text, nl=False)
        return
    place = top / _PLACE
    if place.exists() and not approving.is_ours(place.read_text(encoding="utf-8")):
        raise ConfigurationError(
            f"{_PLACE.as_posix()} was written by somebody else, and stays as it is",
            hint="move what it says into team.yaml and remove it, then run this again",
        )
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    complain(f"wrote {_PLACE.as_posix()}")
