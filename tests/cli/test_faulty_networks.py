"""What networks can do to a run: each fault is told of, and nothing goes out twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.cli.terminal import git, make_workspace, smmflow

SECRETS = {"TOKEN": "a-token-nobody-may-see"}
JSON = "application/json"


@dataclass(frozen=True)
class Reply:
    """What a server answers."""

    body: bytes
    status: int = 200
    kind: str = JSON
    retry_after: str = ""


@dataclass
class Instance:
    """As much of Mastodon as publishing needs, with a fault of our choice.

    Attributes:
        fault: From the request's method to an answer; None does what was asked.
        accepts: Whether a status is kept although the fault answers.
        statuses: Idempotency keys and texts of what was kept.
        lock: Held while `statuses` changes.
        born: When everything here was created.
    """

    fault: Callable[[str], Reply | None] = lambda _method: None
    accepts: bool = False
    statuses: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    born: datetime = field(default_factory=lambda: datetime.now(UTC))

    def post(self, key: str, text: str) -> Reply:
        with self.lock:
            known = [number for number, (k, _) in enumerate(self.statuses) if k == key]
            if not known:
                self.statuses.append((key, text))
            number = known[0] if known else len(self.statuses) - 1
        return Reply(json.dumps(self.status(number)).encode())

    def status(self, number: int) -> dict[str, object]:
        return {
            "id": str(number),
            "url": f"https://example.org/{number}",
            "uri": f"https://example.org/{number}",
            "created_at": f"{self.born:%Y-%m-%dT%H:%M:%S}.000Z",
            "content": f"<p>{self.statuses[number][1]}</p>",
            "account": {"id": "1"},
        }

    @property
    def texts(self) -> list[str]:
        return sorted(text for _, text in self.statuses)


ACCOUNT = {"id": "1", "acct": "example", "url": "https://example.org/@example"}


def handler(instance: Instance) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own: object = {}
            if "verify_credentials" in self.path:
                own = ACCOUNT
            elif "max_id=" in self.path:
                own = []  # a second page
            elif "/statuses" in self.path:
                own = [instance.status(n) for n in range(len(instance.statuses))]
            self._answer(instance.fault("GET") or Reply(json.dumps(own).encode()))

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fault = instance.fault("POST")
            if fault is not None and not instance.accepts:
                self._answer(fault)
                return
            kept = instance.post(self.headers["idempotency-key"], sent["status"])
            self._answer(fault or kept)

        def _answer(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("content-type", reply.kind)
            self.send_header("content-length", str(len(reply.body)))
            if reply.retry_after:
                self.send_header("retry-after", reply.retry_after)
            with suppress(ConnectionError):  # whoever asked has given up, or is dead
                self.end_headers()
                self.wfile.write(reply.body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving(instance: Instance) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(instance))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def closed_port() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    return f"http://127.0.0.1:{port}"


def channels(instances: dict[str, str]) -> str:
    rows = [
        f"  {name}: {{network: mastodon, instance: '{url}', "
        f"secrets: {{token: TOKEN}}, max_lateness: 3650d}}\n"
        for name, url in instances.items()
    ]
    site = "  site: {network: site, url: https://example.org, max_lateness: 3650d}\n"
    return f"title: Example\nlanguage: en\nchannels:\n{site}{''.join(rows)}"


def post(words: str, names: list[str]) -> str:
    return (
        f"---\ntitle: A post\npublish_at: 2026-11-01 09:00\n"
        f"channels: [{', '.join(names)}]\nlanguage: en\n---\n{words}\n"
    )


def workspace(folder: Path, instances: dict[str, str], *words: str) -> Path:
    """Write posts that are due everywhere, a minute apart."""
    files = {
        f"content/posts/{number}.md": post(text, ["site", *instances]).replace(
            "09:00", f"09:{number:02}"
        )
        for number, text in enumerate(words)
    }
    return make_workspace(folder, {"channels.yaml": channels(instances), **files})


def line_about(name: str, said: str) -> str:
    (line,) = [each for each in said.splitlines() if f" on {name}" in each]
    return line


FAULTS: dict[str, tuple[Callable[[str], Reply | None], str, str]] = {
    "html": (
        lambda _: Reply(b"<!doctype html><p>Hello", kind="text/html"),
        "in-doubt",
        "answered with an HTML page instead of JSON",
    ),
    "broken": (
        lambda _: Reply(b'{"id": "1"'),
        "in-doubt",
        "answered with broken text instead of JSON",
    ),
    "strange": (lambda _: Reply(b"[]"), "in-doubt", "without a status's id"),
    "wrong": (
        lambda _: Reply(b'{"error": "The access token is invalid"}', 401),
        "failed",
        "answered 401: The access token is invalid",
    ),
    "busy": (
        lambda _: Reply(b'{"error": "slow down"}', 429, retry_after="7200"),
        "failed",
        "answered 429: slow down",
    ),
    "spiteful": (
        lambda _: Reply(b'{"error": "\\u001b[2J a-token-nobody-may-see"}', 422),
        "refused",
        "answered 422: [2J ***",
    ),
}


def server_error_for_posts(method: str) -> Reply | None:
    return Reply(b"", 500) if method == "POST" else None


def test_each_faulty_network_is_told_of_and_stops_no_other(tmp_path: Path) -> None:
    """One run, nine ways to fail, and a lost answer that turns out well."""
    good = Instance()
    lost = Instance(server_error_for_posts, accepts=True)
    faults = {name: Instance(fault) for name, (fault, _, _) in FAULTS.items()}
    over = threading.Event()
    deaf = Instance(lambda _: Reply(b"{}") if over.wait(100) else None)
    with ExitStack() as stack:
        instances = {**faults, "lost": lost, "good": good}
        urls = {name: stack.enter_context(serving(i)) for name, i in instances.items()}
        urls["closed"] = closed_port()
        folder = workspace(tmp_path / "w", urls, "سلام")
        deaf_url = stack.enter_context(serving(deaf))
        hanging = workspace(tmp_path / "h", {"deaf": deaf_url}, "سلام")
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(
                smmflow, hanging, "channels", secrets=SECRETS, timeout=100
            )
            run = smmflow(folder, "publish", secrets=SECRETS, timeout=150)
            given_up = waiting.result()
            over.set()
        listed = smmflow(folder, "channels", secrets=SECRETS)
        again = smmflow(folder, "publish", "--dry-run", secrets=SECRETS)

    assert given_up.returncode == 4
    assert "can't be reached: timed out" in given_up.stdout
    assert run.returncode == 4, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    for name, (_, outcome, words) in FAULTS.items():
        line = line_about(name, run.stdout)
        assert line.startswith(f"{outcome}  0 on {name}: "), line
        assert words in line
    assert "can't be reached: " in line_about("closed", run.stdout)
    for name in ("good", "lost", "site"):
        assert line_about(name, run.stdout).startswith("published  ")
    assert (good.texts, lost.texts) == (["سلام"], ["سلام"])
    assert "3 published, 7 not, 0 held" in run.stdout
    assert SECRETS["TOKEN"] not in run.stdout + run.stderr
    assert SECRETS["TOKEN"] not in git(folder, "log", "-p", "--all")

    for name in ("html", "broken", "strange"):
        assert line_about(name, again.stdout).startswith("held  ")
    for name in ("wrong", "busy", "closed"):
        assert line_about(name, again.stdout).startswith("would send  ")
    for name in ("good", "lost", "site"):
        assert f" on {name}" not in again.stdout

    assert listed.returncode == 4
    assert "signed in as @example" in listed.stdout
    assert "does not say whose account the token opens" in listed.stdout
    assert "7 of 10 channels can't be used now" in listed.stderr


def test_a_short_retry_after_is_waited_for_within_the_run(tmp_path: Path) -> None:
    answers = iter([Reply(b"{}", 429, retry_after="1")])
    patient = Instance(lambda m: next(answers, None) if m == "POST" else None)
    with serving(patient) as url:
        folder = workspace(tmp_path, {"busy": url}, "سلام")
        run = smmflow(folder, "publish", "--channel", "busy", secrets=SECRETS)
    assert (run.returncode, run.stderr) == (0, "")
    assert patient.texts == ["سلام"]


def test_a_missing_secret_stops_only_its_own_channel(tmp_path: Path) -> None:
    good = Instance()
    with serving(good) as url:
        folder = workspace(tmp_path, {"good": url, "locked": url}, "سلام")
        file = folder / "channels.yaml"
        head, _, last = file.read_text().rpartition("TOKEN")
        file.write_text(f"{head}OTHER_TOKEN{last}")
        run = smmflow(folder, "publish", secrets=SECRETS)
        again = smmflow(
            folder, "publish", secrets={**SECRETS, "OTHER_TOKEN": "another"}
        )
    assert run.returncode == 4
    assert "needs the secret OTHER_TOKEN, which is not set" in run.stdout
    assert "hint: set the environment variable OTHER_TOKEN" in run.stdout
    assert "2 published, 1 not, 0 held" in run.stdout
    assert (again.returncode, "1 published, 0 not" in again.stdout) == (0, True)


def test_a_killed_run_publishes_nothing_twice(tmp_path: Path) -> None:
    """The process dies while the network holds back its answer to the second post."""
    asked, over = threading.Event(), threading.Event()
    requests = iter(range(100))

    def second_hangs(method: str) -> Reply | None:
        if method == "POST" and next(requests) == 1:
            asked.set()
            over.wait(60)
            return Reply(b"{}", 500)
        return None

    slow = Instance(second_hangs)
    with serving(slow) as url:
        folder = workspace(tmp_path, {"slow": url}, "one", "two", "three", "four")
        dying = subprocess.Popen(
            [sys.executable, "-m", "smmflow", "publish", "--channel", "slow"],
            cwd=folder,
            env={**os.environ, **SECRETS},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert asked.wait(60)
        dying.send_signal(signal.SIGKILL)
        assert dying.wait(60) == -signal.SIGKILL
        slow.statuses.append(("the-key-of-a-dead-run", "two"))  # it had arrived
        over.set()
        second = smmflow(folder, "publish", "--channel", "slow", secrets=SECRETS)
        third = smmflow(folder, "publish", "--channel", "slow", secrets=SECRETS)
    assert (second.returncode, second.stderr) == (0, "")
    assert "2 published, 0 not, 1 held" in second.stdout
    assert "0 published, 0 not, 1 held" in third.stdout
    assert slow.texts == ["four", "one", "three", "two"]
    plan = smmflow(folder, "plan").stdout
    assert "! 1 on slow" in plan
    assert list((folder / ".smmflow/journal").iterdir()) == []
