"""A workflow installs the smmflow that wrote it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from smmflow import __version__
from smmflow.model.channel import Channel
from smmflow.networks import registry
from smmflow.scaffolding import extras_for, requirement

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

COMMIT = "3f0a1c52b7d94e863f0a1c52b7d94e863f0a1c52"


def installed(url: str, **details: object) -> str:
    return json.dumps({"url": url, **details})


def test_a_release_is_named_by_its_version() -> None:
    assert requirement("") == f"smmflow=={__version__}"


def test_what_channels_need_besides_is_named() -> None:
    assert requirement("", {"tokens", "nostr"}) == (
        f"smmflow[nostr,tokens]=={__version__}"
    )
    source = {"vcs": "git", "commit_id": COMMIT}
    origin = installed("https://github.com/smmflow/smmflow", vcs_info=source)
    assert requirement(origin, {"images"}) == (
        f"smmflow[images] @ git+https://github.com/smmflow/smmflow@{COMMIT}"
    )


@pytest.mark.parametrize(
    ("networks", "extras"),
    [
        (("site", "mastodon"), set()),
        (("bluesky", "x"), {"images", "tokens"}),
        (("nostr", "threads"), {"nostr", "tokens"}),
        (("instagram",), {"tokens"}),
        (("bale",), {"images"}),
    ],
)
def test_channels_need_what_their_networks_need(
    networks: tuple[str, ...], extras: set[str]
) -> None:
    assert extras_for(Channel(each, each) for each in networks) == extras


def test_every_extra_that_networks_need_can_be_installed() -> None:
    shipped = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    offered = set(shipped["project"]["optional-dependencies"])
    assert extras_for(Channel(each, each) for each in registry.NAMES) <= offered


def test_what_came_from_git_is_named_by_its_commit() -> None:
    source = {"vcs": "git", "requested_revision": "main", "commit_id": COMMIT}
    origin = installed("https://github.com/smmflow/smmflow", vcs_info=source)
    assert requirement(origin) == (
        f"smmflow @ git+https://github.com/smmflow/smmflow@{COMMIT}"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://sara:secret@github.com/smmflow/smmflow",
        "ssh://git@github.com/smmflow/smmflow",
        "file:///home/sara/smmflow",
        "https://github.com/smmflow/smmflow\nevil",
    ],
)
def test_an_address_that_others_can_not_use_or_must_not_see_is_not_written(
    url: str,
) -> None:
    source = {"vcs": "git", "commit_id": COMMIT}
    assert requirement(installed(url, vcs_info=source)) == f"smmflow=={__version__}"


def test_a_checkout_on_this_machine_is_not_written() -> None:
    origin = installed("file:///home/sara/smmflow", dir_info={"editable": True})
    assert requirement(origin) == f"smmflow=={__version__}"
