"""GitHub's runner on this machine: `act` runs workflow files without a container.

It knows neither `concurrency` nor `permissions` nor environments, so it shows what a
workflow does and that two at once do no harm, and nothing about who may do what.
Actions come from stand-ins: the checkout is skipped, since the clone is there already.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.git_http import GitRepository, Token
from tests.servers.processes import ServerUnavailable

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
UNKNOWN = re.compile(r"^ +deployment: false.*\n", re.MULTILINE)
"""What GitHub understands and act does not."""
STAND_IN = """\
name: A stand-in
inputs:
  name: {{default: "", description: Of the artifact}}
  path: {{default: "", description: Where it is, or where it goes}}
runs:
  using: composite
  steps:
    - shell: bash
      env:
        NAME: ${{{{ inputs.name }}}}
        AT: ${{{{ inputs.path }}}}
      run: {command}
"""
COMMANDS = {
    "actions/upload-artifact": (
        'to="$ARTIFACTS/$NAME"; mkdir -p "$to"; '
        'if [ -d "$AT" ]; then cp -r "$AT/." "$to"; '
        'elif [ -e "$AT" ]; then cp "$AT" "$to"; fi'
    ),
    "actions/download-artifact": 'mkdir -p "$AT" && cp -r "$ARTIFACTS/$NAME/." "$AT"',
}
"""What stand-ins do that do anything; artifacts are folders."""


@dataclass(frozen=True)
class WorkflowRun:
    """How a workflow ended.

    Attributes:
        succeeded: All of its jobs did.
        output: What its steps printed.
        summary: What they wrote for the page of the run.
        log: Everything, for the message of a failing test.
    """

    succeeded: bool
    output: str
    summary: str
    log: str


class Runner:
    """Runs workflows of clones of one repository, each in a home of its own.

    Args:
        folder: Where homes and stand-ins go.
        repository: What jobs push to.
        token: The `GITHUB_TOKEN` of jobs.
        actions: The actions that the workflows use, as `owner/name@commit`.
        variables: More of what GitHub gives its jobs, such as GITHUB_API_URL.
    """

    def __init__(
        self,
        folder: Path,
        repository: GitRepository,
        token: Token,
        *actions: str,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self._repository = repository
        self.token = token
        self._actions = actions
        self._variables = variables or {}
        self._runs = 0
        self.artifacts = folder / "artifacts"
        self._act = shutil.which("act", path=f"{PROGRAMS}:{os.environ['PATH']}")
        if self._act is None:
            raise ServerUnavailable("act is not installed (make install)")

    def clone(self, name: str, *, without: str = "") -> Path:
        """Return a new checkout, as `actions/checkout` leaves it: without a token.

        Args:
            name: Of its folder.
            without: The name of a step that can't work here and is left out.
        """
        path = self._folder / name
        url = self._repository.url_for(self.token)
        for command in (
            ["git", "clone", "-q", url, str(path)],
            [
                "git",
                "-C",
                str(path),
                "remote",
                "set-url",
                "origin",
                self._repository.url,
            ],
        ):
            subprocess.run(command, check=True, capture_output=True)
        for workflow in (path / ".github" / "workflows").iterdir():
            text = workflow.read_text(encoding="utf-8")
            steps = re.split(
                r"^(?=      - )", UNKNOWN.sub("", text), flags=re.MULTILINE
            )
            kept = [e for e in steps if not without or f"- name: {without}\n" not in e]
            workflow.write_text("".join(kept), encoding="utf-8")
        return path

    def start(
        self,
        clone: Path,
        workflow: str,
        event: str,
        payload: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> "subprocess.Popen[str]":
        """Start a workflow by an event."""
        self._runs += 1
        home = self._folder / f"home-{self._runs}"
        home.mkdir()
        told = home / "event.json"
        told.write_text(json.dumps(payload or {}), encoding="utf-8")
        server = self._repository.url.rpartition("/")[0]
        command = [
            str(self._act), event, "-C", str(clone), "-e", str(told), "--json",
            "-W", f".github/workflows/{workflow}.yml",
            "-P", "ubuntu-latest=-self-hosted", "--no-cache-server",
            "--action-cache-path", str(home / "actions"),
            "--actor", "sara",
            "--env", f"GITHUB_RUN_ID={self._runs}",
            "--env", f"GITHUB_SERVER_URL={server}",
            "-s", f"GITHUB_TOKEN={self.token.secret}",
        ]  # fmt: skip
        for name, value in self._variables.items():
            command += ["--env", f"{name}={value}"]
        for name, value in (secrets or {}).items():
            command += ["-s", f"{name}={value}"]
        for action in self._actions:
            command += ["--local-repository", f"{action}={self._stand_in(action)}"]
        return subprocess.Popen(
            command,
            env=self._environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, started: "subprocess.Popen[str]") -> WorkflowRun:
        """Wait for a workflow and tell how it ended."""
        log, _ = started.communicate(timeout=100)
        events = [json.loads(row) for row in log.splitlines() if row.startswith("{")]
        return WorkflowRun(
            started.returncode == 0,
            "".join(e["msg"] for e in events if e.get("raw_output")),
            "".join(e["content"] for e in events if e.get("command") == "summary"),
            log,
        )

    def run(
        self,
        clone: Path,
        workflow: str,
        event: str,
        payload: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> WorkflowRun:
        """Run a workflow to its end."""
        return self.finish(self.start(clone, workflow, event, payload, secrets))

    def _stand_in(self, action: str) -> Path:
        name = action.partition("@")[0]
        path = self._folder / "stand-ins" / name
        path.mkdir(parents=True, exist_ok=True)
        command = json.dumps(COMMANDS.get(name, "true"))
        content = STAND_IN.format(command=command)
        (path / "action.yml").write_text(content, encoding="utf-8")
        return path

    def _programs(self) -> Path:
        """A folder with a `gh` that finds everything switched on."""
        path = self._folder / "programs"
        path.mkdir(exist_ok=True)
        (path / "gh").write_text("#!/bin/sh\n", encoding="utf-8")
        (path / "gh").chmod(0o755)
        return path

    def _environment(self, home: Path) -> dict[str, str]:
        """Nothing of ours but programs: act hands its environment on to every step."""
        return {
            "PATH": f"{self._programs()}:{PROGRAMS}:{os.environ['PATH']}",
            "NO_COLOR": "1",  # act gives every step a terminal
            "PYTHONPATH": str(ROOT),  # the smmflow that is tested
            "ARTIFACTS": str(self.artifacts),
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
        }
