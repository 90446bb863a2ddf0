"""`smmflow schema`: JSON Schemas of the workspace's files."""

from __future__ import annotations

import json

import click

from smmflow.cli.output import say

__all__ = ["command"]


@click.command(name="schema")
@click.argument("kind", required=False)
def command(kind: str | None) -> None:
    """Print the JSON Schema of a kind of file, for editors.

    Without KIND, lists the kinds.

    \b
    Examples:
      smmflow schema
      smmflow schema post > post.schema.json
    """
    from smmflow import content

    if kind is None:
        say("\n".join(content.KINDS))
        return
    if kind not in content.KINDS:
        raise click.UsageError(
            f"there is no kind {kind}; known: {', '.join(content.KINDS)}"
        )
    say(json.dumps(content.schema(kind), ensure_ascii=False, indent=2))
