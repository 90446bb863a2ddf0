from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import git, make_workspace, smmflow
from tests.servers.bluesky import Account, BlueskyNetwork
from tests.servers.mastodon import MastodonServer

NOBODY = """\
title: Example
language: fa
channels:
  site: {network: site, url: https://example.org}
  toot: {network: mastodon, instance: https://example.org, secrets: {token: TOKEN}}
"""


def channels(network: BlueskyNetwork, account: Account, server: MastodonServer) -> str:
    sky = f"network: bluesky, handle: {account.handle}, service: '{network.url}'"
    toot = f"network: mastodon, instance: '{server.url}'"
    return (
        "title: Example\nlanguage: fa\nchannels:\n"
        f"  sky: {{{sky}, secrets: {{password: SKY_PASSWORD}}}}\n"
        f"  toot: {{{toot}, secrets: {{token: TOOT_TOKEN}}}}\n"
    )


def test_every_channel_tells_who_it_is_and_keeps_its_limits(
    tmp_path: Path,
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    mastodon_server: MastodonServer,
) -> None:
    settings = channels(bluesky_network, bluesky_account, mastodon_server)
    folder = make_workspace(tmp_path, {"channels.yaml": settings})
    secrets = {
        "SKY_PASSWORD": bluesky_account.password,
        "TOOT_TOKEN": mastodon_server.access_token,
    }
    run = smmflow(folder, "channels", secrets=secrets)
    assert (run.returncode, run.stderr) == (0, "")
    assert f"signed in as @{bluesky_account.handle}" in run.stdout
    assert run.stdout.count("signed in as @") == 2
    assert "limits/toot.json" in git(folder, "ls-tree", "-r", "smmflow-state")
    for secret in secrets.values():
        assert secret not in run.stdout + git(folder, "log", "-p", "--all")


def test_a_wrong_password_ends_with_4_and_hides_no_good_channel(
    tmp_path: Path,
    bluesky_network: BlueskyNetwork,
    bluesky_account: Account,
    mastodon_server: MastodonServer,
) -> None:
    settings = channels(bluesky_network, bluesky_account, mastodon_server)
    folder = make_workspace(tmp_path, {"channels.yaml": settings})
    secrets = {
        "SKY_PASSWORD": "not-the-password",
        "TOOT_TOKEN": mastodon_server.access_token,
    }
    run = smmflow(folder, "channels", "--format", "json", secrets=secrets)
    assert run.returncode == 4
    assert "1 of 2 channels can't be used now" in run.stderr
    sky, toot = json.loads(run.stdout)["channels"]
    assert (sky["channel"], sky["signed_in_as"]) == ("sky", None)
    assert sky["error"]
    assert toot["signed_in_as"].startswith("@")
    assert "not-the-password" not in run.stdout + run.stderr

    shown = smmflow(folder, "channels", secrets=secrets)
    assert shown.returncode == 4
    assert "  no: " in shown.stdout
    assert "signed in as @" in shown.stdout


def test_offline_nobody_is_asked_and_no_secret_is_needed(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": NOBODY})
    run = smmflow(folder, "channels", "--offline")
    assert (run.returncode, run.stderr) == (0, "")
    assert "toot (mastodon)\n  text           500 graphemes\n" in run.stdout
    assert "signed in" not in run.stdout
    assert "smmflow-state" not in git(folder, "for-each-ref")


def test_a_secret_that_is_not_set_is_named(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": NOBODY})
    run = smmflow(folder, "channels")
    assert run.returncode == 4
    assert "toot needs the secret TOKEN, which is not set" in run.stdout
    assert "hint: set the environment variable TOKEN" in run.stdout
