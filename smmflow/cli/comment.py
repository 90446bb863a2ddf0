"""`smmflow comment`: a review on its pull request, by a job that may write."""

from __future__ import annotations

import re
from pathlib import Path

import click

from smmflow.cli.output import say

__all__ = ["command"]

_JOB = "github-actions[bot]"
"""A job's GITHUB_TOKEN acts for it, and can't be asked who it is: `GET /user` is not
among what an app's token may.

https://docs.github.com/en/rest/authentication/endpoints-available-for-github-app-installation-access-tokens
"""


def _commit(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", value, re.ASCII):
        raise click.BadParameter("it is no full name of a commit")
    return value


@click.command(name="comment")
@click.option(
    "--artifact",
    "artifact",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder with review.json; whatever else is in it is left alone.",
)
@click.option(
    "--head",
    required=True,
    callback=_commit,
    metavar="SHA",
    help="The commit it is about, as GitHub names it, never as the artifact does.",
)
@click.option(
    "--account",
    default=_JOB,
    show_default=True,
    help="Who GITHUB_TOKEN acts for; only comments of this account are changed.",
)
def command(artifact: Path, head: str, account: str) -> None:
    """Put a review on the pull request, in one comment kept up to date.

    For a workflow that runs after the one that made the review (`workflow_run`), with
    a token that may write. The artifact may be a stranger's: it is read as bounded
    text, nothing in it is run, and which pull request it is for is asked of GitHub.
    Needs GITHUB_REPOSITORY and GITHUB_TOKEN, and no files of the repository.

    \b
    Examples:
      smmflow comment --artifact review --head "$HEAD_SHA"
    """
    from smmflow import proposals, reviewing
    from smmflow.credentials import environment
    from smmflow.forge import open_comments

    review = reviewing.decode_review(reviewing.read_artifact(artifact))
    with open_comments(environment(), account) as comments:
        found = proposals.post_review(review, head, comments)
    for number, kept in found.items():
        say(f"#{number}: comment {kept}")
    if not found:
        say(f"no open pull request ends with {head}; nothing was written")
