from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.cli.terminal import make_workspace, smmflow

POST = """\
---
title: سلام
publish_at: 2026-12-01 09:00
channels: [site]
language: fa
---
سلام، دنیا.
"""
PATIENCE = 30.0
"""Seconds until a server that says nothing fails a test."""


def workspace(folder: Path) -> Path:
    return make_workspace(folder, {"content/posts/salam.md": POST})


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[str, int]]:
    """The preview as a person serves it: host and port; ends by Ctrl-C."""
    with subprocess.Popen(
        [sys.executable, "-m", "smmflow", "preview", "--serve", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            address = urlsplit(process.stdout.readline().strip())
            assert address.hostname == "127.0.0.1"
            assert address.port is not None
            yield address.hostname, address.port
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert errors.endswith("stopped\n")
    assert "Traceback" not in errors


def ask(
    server: tuple[str, int], path: str, host: str | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(*server, timeout=PATIENCE)
    headers = {} if host is None else {"Host": host}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def test_the_preview_is_written_into_a_folder_of_the_workspace(
    tmp_path: Path,
) -> None:
    folder = workspace(tmp_path)
    run = smmflow(folder, "preview", "--now", "2026-11-23T00:00Z")
    assert (run.returncode, run.stderr) == (0, "")
    assert f"open {folder / 'preview' / 'index.html'}" in run.stdout
    page = (folder / "preview/posts/salam/index.html").read_text(encoding="utf-8")
    assert "سلام، دنیا." in page
    assert "<script" not in page


def test_findings_do_not_keep_the_preview_from_being_made(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    (folder / "content/posts/broken.md").write_text("---\ntitle: [\n---\nWords\n")
    run = smmflow(folder, "preview", "--out", str(tmp_path / "there"))
    assert run.returncode == 0
    listed = (tmp_path / "there/findings/index.html").read_text(encoding="utf-8")
    assert "content/posts/broken.md" in listed


def test_what_differs_from_a_commit_is_marked_and_told_to_programs(
    tmp_path: Path,
) -> None:
    folder = workspace(tmp_path)
    more = POST.replace("سلام، دنیا", "درود بر شما").replace("سلام", "درود")
    more = more.replace("2026-12-01", "2026-12-05")
    (folder / "content/posts/more.md").write_text(more, encoding="utf-8")
    now = ("--now", "2026-11-23T00:00Z")
    run = smmflow(folder, "preview", "--base", "main", "--out", "out", *now)
    assert (run.returncode, run.stderr) == (0, "")
    index = (folder / "out/index.html").read_text(encoding="utf-8")
    changes = index[index.index("What changes") : index.index("What is next")]
    assert "درود" in changes
    assert "badge-new" in changes
    assert "posts/salam/" not in changes
    review = smmflow(folder, "review", "--base", "main", "--format", "json", *now)
    told = (folder / "out/review.json").read_text(encoding="utf-8")
    assert json.loads(told) == json.loads(review.stdout)
    refused = smmflow(folder, "preview", "--base", "nowhere", "--out", "out")
    assert refused.returncode == 2
    assert "nowhere" in refused.stderr


def test_one_post_can_be_asked_for_and_must_be_there(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    run = smmflow(folder, "preview", "--post", "nobody", "--output", "out")
    assert run.returncode == 2
    assert "no post is called nobody" in run.stderr
    assert not (folder / "out").exists()
    assert smmflow(folder, "preview", "--post", "salam").returncode == 0


def test_a_link_in_the_place_of_the_folder_harms_nothing_behind_it(
    tmp_path: Path,
) -> None:
    folder = workspace(tmp_path / "workspace")
    behind = tmp_path / "behind"
    behind.mkdir()
    (behind / "index.html").write_text("somebody's")
    (folder / "preview").symlink_to(behind, target_is_directory=True)
    run = smmflow(folder, "preview")
    assert run.returncode == 2
    assert "smmflow did not make it" in run.stderr
    assert [each.read_text() for each in behind.iterdir()] == ["somebody's"]


def test_serving_and_writing_exclude_each_other(tmp_path: Path) -> None:
    run = smmflow(workspace(tmp_path), "preview", "--serve", "--output", "x")
    assert run.returncode == 2
    assert "--serve writes no files" in run.stderr


def test_pages_are_served_anew_after_an_edit_and_readers_are_told(
    tmp_path: Path,
) -> None:
    folder = workspace(tmp_path)
    with serving(folder, "--port", "0") as server:
        answer, content = ask(server, "/posts/salam/")
        assert answer.status == 200
        assert "سلام، دنیا." in content.decode()
        assert b'<script src="/live.js?seen=0" defer></script>' in content
        assert b"EventSource" in ask(server, "/live.js?seen=0")[1]
        listening = HTTPConnection(*server, timeout=PATIENCE)
        listening.request("GET", "/events?seen=0")
        news = listening.getresponse()
        assert news.getheader("Content-Type") == "text/event-stream"
        assert news.readline() == b": here\n"
        (folder / "content/posts/salam.md").write_text(
            POST.replace("دنیا", "جهان"), encoding="utf-8"
        )
        while not (line := news.readline()).startswith(b"data:"):
            assert line
        listening.close()
        _, content = ask(server, "/posts/salam/")
        assert "سلام، جهان." in content.decode()
        assert b"/live.js?seen=1" in content
    assert not (folder / "preview").exists()


def test_a_workspace_that_breaks_meanwhile_keeps_the_last_pages(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    with serving(folder, "--port", "0") as server:
        listening = HTTPConnection(*server, timeout=PATIENCE)
        (folder / "channels.yaml").rename(folder / "channels.off")
        assert ask(server, "/")[0].status == 200
        (folder / "channels.off").rename(folder / "channels.yaml")
        (folder / "content/posts/more.md").write_text(POST, encoding="utf-8")
        listening.request("GET", "/events?seen=0")
        news = listening.getresponse()
        while not (line := news.readline()).startswith(b"data:"):
            assert line
        listening.close()
        assert ask(server, "/posts/salam/")[0].status == 200


def test_only_this_machine_is_answered_and_only_with_pages(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    with serving(folder, "--port", "0") as server:
        host, port = server
        for name in ("evil.example", f"evil.example:{port}", "", "127.0.0.1"):
            answer, content = ask(server, "/posts/salam/", name)
            assert (answer.status, content) == (421, b"")
        assert ask(server, "/", f"localhost:{port}")[0].status == 200
        for path in (
            "/../channels.yaml",
            "/%2e%2e/channels.yaml",
            "/posts/../../../etc/passwd",
            "//etc/passwd",
            "/channels.yaml",
            "/.git/config",
            "/%00",
        ):
            assert ask(server, path)[0].status == 404
        answer, _ = ask(server, "//posts/salam")
        assert answer.getheader("Location") == "/posts/salam/"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        with socket.create_connection(server, timeout=PATIENCE) as raw:
            raw.sendall(f"POST / HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert raw.recv(100).startswith(b"HTTP/1.0 501")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = smmflow(folder, "preview", "--serve", "--port", str(port))
    assert run.returncode == 2
    assert f"port {port} of this machine can't be used" in run.stderr
    assert "--port" in run.stderr


def test_an_open_page_follows_the_file(tmp_path: Path, browser: Browser) -> None:
    folder = workspace(tmp_path)
    with serving(folder, "--port", "0") as (host, port):
        page = browser.new_page()
        page.goto(f"http://{host}:{port}/posts/salam/")
        (folder / "content/posts/salam.md").write_text(
            POST.replace("دنیا", "جهان"), encoding="utf-8"
        )
        expect(page.locator(".frame").get_by_text("سلام، جهان.")).to_be_visible(
            timeout=PATIENCE * 1000
        )
        page.close()
