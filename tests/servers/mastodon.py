"""A Mastodon API on loopback: `mastodon-mock` from PyPI, with two accounts.

It remembers what it is told (posts, replies, likes, media, polls) and answers in the
form of Mastodon 4. It is lenient where a real server is strict, so a test that passes
here has not shown that a real server agrees:

* text is measured as Python counts, so links count in full rather than as 23
  characters, and content warnings and poll options are not measured at all;
* uploads are neither decoded nor measured and finish at once (never 202); media ids
  that do not exist or belong to others are ignored in silence;
* an Idempotency-Key is honoured for posts, forever, and not for scheduled posts;
* an edit changes text, warning and sensitivity; it ignores media, poll and language,
  and lets a post become empty;
* a poll is understood in JSON and ignored in a form, and may have a single option;
* visibility, language and `in_reply_to_id` are not validated; scopes are not checked;
* a scheduled post is published when its owner next lists scheduled posts, and a
  `scheduled_at` without an offset ends in a 500.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from tests.servers.processes import (
    LOOPBACK,
    ServerUnavailable,
    free_port,
    last_words,
    plain_environment,
    poll,
    stop,
    tied_to_us,
)


@dataclass(frozen=True)
class MastodonAccount:
    username: str
    access_token: str


class MastodonServer:
    """`start()`, then everything else, then `stop()`."""

    author = MastodonAccount("author", "token-of-author")
    reader = MastodonAccount("reader", "token-of-reader")

    def __init__(self) -> None:
        self._cleanup = contextlib.ExitStack()
        self.url = ""

    @property
    def access_token(self) -> str:
        """The token of the account whose posts are kept as code."""
        return self.author.access_token

    def start(self) -> Self:
        with contextlib.ExitStack() as cleanup:
            directory = Path(
                cleanup.enter_context(
                    tempfile.TemporaryDirectory(prefix="smmflow-mastodon-")
                )
            )
            port = free_port()
            log = directory / "log"
            command = [sys.executable, "-m", "mastodon_mock", "serve"]
            command += ["--config", str(self._configure(directory, port))]
            command += ["--host", LOOPBACK, "--port", str(port)]
            command += ["--log-level", "warning"]
            process = subprocess.Popen(
                tied_to_us(command, "TERM"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=cleanup.enter_context(log.open("w")),
                cwd=directory,
                env=plain_environment(),
                text=True,
            )
            cleanup.callback(stop, process)
            self.url = f"http://{LOOPBACK}:{port}"
            self._await_ready(process, log)
            self._cleanup = cleanup.pop_all()
        return self

    def stop(self) -> None:
        self._cleanup.close()

    def reset(self) -> None:
        """Forget everything but the two accounts."""
        self._control("POST", "reset")
        self._control("DELETE", "faults")

    def fail_next(
        self,
        method: str,
        path: str,
        status: int,
        *,
        headers: dict[str, str] | None = None,
        times: int = 1,
    ) -> None:
        """Refuse the next requests of this kind, before anything is written."""
        rule: dict[str, Any] = {
            "match": {"methods": [method], "path": path},
            "effect": {"type": "status", "status": status, "headers": headers or {}},
            "count": times,
        }
        self._control("POST", "faults", rule)

    def call(
        self,
        method: str,
        path: str,
        account: MastodonAccount | None = None,
        **content: Any,  # noqa: ANN401 - whatever the endpoint takes
    ) -> Any:  # noqa: ANN401 - an object or a list, by endpoint
        """A request of the API as this account, the reader unless given."""
        token = (account or self.reader).access_token
        answer = httpx.request(
            method,
            f"{self.url}{path}",
            headers={"Authorization": f"Bearer {token}"},
            json=content or None,
            trust_env=False,
        )
        assert answer.is_success, f"{answer.url}: {answer.status_code} {answer.text}"
        return answer.json()

    def _configure(self, directory: Path, port: int) -> Path:
        accounts = [
            {
                "username": account.username,
                "display_name": account.username.title(),
                "access_token": account.access_token,
            }
            for account in (self.author, self.reader)
        ]
        # JSON strings are TOML strings.
        lines = [
            f"domain = {json.dumps(f'{LOOPBACK}:{port}')}",  # of the URLs it gives out
            f"media_storage_path = {json.dumps(str(directory / 'media'))}",
            "[database]",
            'path = ":memory:"',
        ]
        for account in accounts:
            lines.append("[[seed.accounts]]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in account.items()]
        path = directory / "mastodon.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def _await_ready(self, process: subprocess.Popen[str], log: Path) -> None:
        def answers() -> bool:
            if process.poll() is not None:
                raise ServerUnavailable(f"mastodon-mock ended: {last_words(log)}")
            try:
                return client.get(f"{self.url}/health").is_success
            except httpx.TransportError:
                return False

        with httpx.Client(trust_env=False) as client:
            poll(answers, "mastodon-mock", error=ServerUnavailable)

    def _control(
        self, method: str, what: str, content: dict[str, Any] | None = None
    ) -> None:
        url = f"{self.url}/api/v1/_mock/{what}"
        httpx.request(method, url, json=content, trust_env=False).raise_for_status()
