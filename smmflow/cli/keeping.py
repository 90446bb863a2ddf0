"""Where `auth` puts secrets: on standard output, once, or where runs look for them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, assert_never

import click

from smmflow.cli.output import complain

if TYPE_CHECKING:  # loading these costs more than `--help` may
    from smmflow.credentials import Secret

__all__ = ["Keep", "Place", "keeper"]

Place = Literal["stdout", "github", "keyring"]
Keep = Callable[[Mapping[str, "Secret"]], None]


@contextmanager
def keeper(place: Place, folder: Path, environment: str) -> Iterator[Keep]:
    """Yield what keeps secrets, by their names; whether it can is known already.

    Args:
        place: Where.
        folder: In the workspace; it says which repository on GitHub.
        environment: Of that repository; empty for secrets of the whole of it.

    Raises:
        SmmflowError: Nothing can be kept there: nobody is asked for anything then.
    """
    match place:
        case "stdout":
            yield _printed
        case "github":
            with _on_github(folder, environment) as keep:
                yield keep
        case "keyring":
            yield _in_keyring(folder)
        case _:
            assert_never(place)


def _printed(found: Mapping[str, Secret]) -> None:
    for name, secret in found.items():
        click.echo(f"{name}={shlex.quote(secret.reveal())}")


@contextmanager
def _on_github(folder: Path, environment: str) -> Iterator[Keep]:
    from smmflow import credentials, workflow
    from smmflow.forge import open_secrets
    from smmflow.repository import Repository

    workspace = workflow.load(folder)
    at = Repository(workspace.root), workspace.state.remote
    with open_secrets(*at, credentials.environment(), environment) as secrets:
        secrets.check()

        def keep(found: Mapping[str, Secret]) -> None:
            for name, secret in found.items():
                secrets.put(name, secret)
                complain(f"{name} is kept in {secrets.place}")

        yield keep


def _in_keyring(folder: Path) -> Keep:
    from smmflow import workflow
    from smmflow.credentials import Keyring

    keyring = Keyring(workflow.load(folder).root)
    keyring.check()

    def keep(found: Mapping[str, Secret]) -> None:
        for name, secret in found.items():
            keyring.put(name, secret)
            complain(f"{name} is kept in your keyring, for {keyring.service}")

    return keep
