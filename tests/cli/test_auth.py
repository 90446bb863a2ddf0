"""Asking for secrets at a terminal, trying them, and putting them somewhere."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path

import pytest

from smmflow.credentials import Secret
from smmflow.store.sealing import Seal
from tests.cli.terminal import git, make_workspace, smmflow
from tests.servers.github import NAME, OWNER, TOKEN, GitHub
from tests.servers.mastodon import MastodonServer


def toot(url: str) -> str:
    settings = f"network: mastodon, instance: '{url}', secrets: {{token: TOOT_TOKEN}}"
    return f"title: Example\nchannels:\n  toot: {{{settings}}}\n"


def typed(
    folder: Path, words: str, *arguments: str, secrets: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Run `auth toot` with a person who waits for the question; code, stdout, stderr.

    What is typed before the question is thrown away, as at any password prompt.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "smmflow", "auth", "toot", "--by-hand", *arguments],
        cwd=folder,
        env={**os.environ, **(secrets or {})},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        # The very call that hides what is typed throws away what was typed before.
        while termios.tcgetattr(theirs)[3] & termios.ECHO and running.poll() is None:
            pass
        os.close(theirs)
        os.write(ours, f"{words}\n".encode())
        out, err = running.communicate(timeout=60)
    os.close(ours)
    return running.returncode, out.decode(), err.decode()


def test_a_new_key_is_printed_once_and_is_a_key(tmp_path: Path) -> None:
    first, second = (smmflow(tmp_path, "auth", "--new-key") for _ in range(2))
    name, _, key = first.stdout.strip().partition("=")
    assert (first.returncode, first.stderr, name) == (0, "", "SMMFLOW_KEY")
    assert first.stdout != second.stdout
    Seal(Secret(key))


def test_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": toot("https://example.org")})
    run = smmflow(folder, "auth", "toot")
    assert (run.returncode, run.stdout) == (2, "")
    assert "no terminal" in run.stderr
    assert "TOOT_TOKEN" in run.stderr


@pytest.mark.parametrize("arguments", [[], ["toot", "--new-key"], ["nobody"]])
def test_what_is_not_one_channel_is_refused(
    tmp_path: Path, arguments: list[str]
) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": toot("https://example.org")})
    run = smmflow(folder, "auth", *arguments)
    assert (run.returncode, run.stdout) == (2, "")


def test_a_good_secret_is_printed_alone_on_stdout(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": toot(mastodon_server.url)})
    secret = mastodon_server.access_token
    code, out, err = typed(folder, secret)
    assert (code, out) == (0, f"TOOT_TOKEN={secret}\n"), err
    assert "signed in as" in err
    assert secret not in err


def test_a_wrong_secret_is_not_printed(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": toot(mastodon_server.url)})
    code, out, err = typed(folder, "wrong-secret")
    assert (code, out) == (4, "")
    assert "wrong-secret" not in err


# --- Kept on GitHub -------------------------------------------------------------------


def on_github(github: GitHub) -> dict[str, str]:
    return {**github.variables, "GH_TOKEN": TOKEN, "GITHUB_TOKEN": ""}


def test_a_good_secret_is_kept_where_jobs_on_github_find_it_and_shown_nowhere(
    tmp_path: Path, mastodon_server: MastodonServer, github: GitHub
) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": toot(mastodon_server.url)})
    github.vaults["smmflow"] = {"TOOT_TOKEN": "old"}
    secret = mastodon_server.access_token
    code, out, err = typed(folder, secret, "--to", "github", secrets=on_github(github))
    assert (code, out) == (0, ""), err
    assert f"TOOT_TOKEN is kept in the environment smmflow of {OWNER}/{NAME}" in err
    assert github.vaults == {"": {}, "smmflow": {"TOOT_TOKEN": secret}}
    assert secret not in err
    assert not any(secret.encode() in each.body for each in github.log)
    assert github.bad == []


def test_a_new_key_is_kept_for_a_whole_repository_without_environments(
    tmp_path: Path, github: GitHub
) -> None:
    folder = make_workspace(tmp_path)
    arguments = ("auth", "--new-key", "--to", "github", "--environment", "")
    run = smmflow(folder, *arguments, secrets=on_github(github))
    assert (run.returncode, run.stdout) == (0, ""), run.stderr
    Seal(Secret(github.vaults[""]["SMMFLOW_KEY"]))
    assert github.bad == []


def test_nobody_is_asked_for_a_secret_that_github_would_not_take(
    tmp_path: Path, mastodon_server: MastodonServer, github: GitHub
) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": toot(mastodon_server.url)})
    told = on_github(github)
    code, out, err = typed(folder, "never", "--to", "github", secrets=told)
    assert (code, out) == (2, "")
    assert "there is no the environment" not in err
    assert "no environment smmflow" in err
    assert "TOOT_TOKEN" not in err

    github.vaults["smmflow"] = {}
    github.forbidden = {"actions"}
    code, out, err = typed(folder, "never", "--to", "github", secrets=told)
    assert (code, out) == (4, "")
    assert "permission to read and write secrets" in err

    code, out, err = typed(
        folder, "never", "--to", "github", secrets={**told, "GH_TOKEN": ""}
    )
    assert (code, out) == (2, "")
    assert "gh auth token" in err

    github.stop()
    code, out, err = typed(folder, "never", "--to", "github", secrets=told)
    assert (code, out) == (4, "")
    assert "can't be reached" in err
    assert github.vaults["smmflow"] == {}


def test_a_secret_that_the_network_refuses_is_kept_nowhere(
    tmp_path: Path, mastodon_server: MastodonServer, github: GitHub
) -> None:
    folder = make_workspace(tmp_path, {"channels.yaml": toot(mastodon_server.url)})
    github.vaults["smmflow"] = {}
    code, out, _ = typed(
        folder, "wrong-secret", "--to", "github", secrets=on_github(github)
    )
    assert (code, out) == (4, "")
    assert github.vaults["smmflow"] == {}


# --- Kept in a keyring ----------------------------------------------------------------


def with_keyring(
    tmp_path: Path, backend: str = "file.PlaintextKeyring"
) -> dict[str, str]:
    """A keyring that is a file, which only the tests' library can read."""
    kind = "keyrings.alt" if backend.startswith("file.") else "keyring.backends"
    home = {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    return {**home, "PYTHON_KEYRING_BACKEND": f"{kind}.{backend}"}


def test_a_secret_in_the_keyring_is_found_by_commands_in_that_folder_alone(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    told = with_keyring(tmp_path)
    files = {"channels.yaml": toot(mastodon_server.url)}
    one, other = (make_workspace(tmp_path / each, files) for each in ("one", "other"))
    secret = mastodon_server.access_token
    before = smmflow(one, "channels", secrets=told)
    assert before.returncode == 4
    assert "the secret TOOT_TOKEN, which is not set" in before.stdout

    code, out, err = typed(one, secret, "--to", "keyring", secrets=told)
    assert (code, out) == (0, ""), err
    assert "TOOT_TOKEN is kept in your keyring" in err
    assert secret not in err

    after = smmflow(one, "channels", secrets=told)
    assert after.returncode == 0, after.stdout + after.stderr
    assert "signed in as" in after.stdout
    assert smmflow(other, "channels", secrets=told).returncode == 4
    wrong = smmflow(one, "channels", secrets={**told, "TOOT_TOKEN": "wrong"})
    assert wrong.returncode == 4  # the environment wins
    assert secret not in git(one, "status", "--porcelain", "--ignored")


def test_a_keyring_that_can_not_be_used_is_told_of_before_anybody_is_asked(
    tmp_path: Path, mastodon_server: MastodonServer
) -> None:
    folder = make_workspace(
        tmp_path / "w", {"channels.yaml": toot(mastodon_server.url)}
    )
    told = with_keyring(tmp_path, "fail.Keyring")
    code, out, err = typed(folder, "never", "--to", "keyring", secrets=told)
    assert (code, out) == (2, "")
    assert "no keyring that can be used here" in err
    assert "Traceback" not in err
    run = smmflow(folder, "channels", secrets=told)
    assert run.returncode == 4
    assert "which is not set; the keyring can't be read (NoKeyringError)" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
