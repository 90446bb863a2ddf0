from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from smmflow.credentials import Secret
from smmflow.store.sealing import Seal
from tests.cli.terminal import make_workspace, smmflow
from tests.servers.mastodon import MastodonServer


def toot(url: str) -> str:
    settings = f"network: mastodon, instance: '{url}', secrets: {{token: TOOT_TOKEN}}"
    return f"title: Example\nchannels:\n  toot: {{{settings}}}\n"


def typed(folder: Path, words: str) -> tuple[int, str, str]:
    """Run `auth toot` with a person who waits for the question; code, stdout, stderr.

    What is typed before the question is thrown away, as at any password prompt.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "smmflow", "auth", "toot", "--by-hand"],
        cwd=folder,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        # The very call that hides what is typed throws away what was typed before.
        while termios.tcgetattr(theirs)[3] & termios.ECHO:
            assert running.poll() is None
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
