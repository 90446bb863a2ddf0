"""What GitHub runs by itself: the workflows, and what they install.

`docs/explanation/github.md` says which job may do what, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smmflow.errors import UsageError
from smmflow.model.channel import Channel
from smmflow.networks import registry
from smmflow.networks.interface import Network
from smmflow.scaffolding.filling import fill
from smmflow.scaffolding.requirement import requirement
from smmflow.scaffolding.scalar import scalar
from smmflow.store.sealing import KEY

__all__ = ["NAMES", "Automation", "automation", "extras_for", "secret_names"]

NAMES = ("check", "comment", "publish", "measure", "freeze", "pages", "watch")
"""The workflows, in the order in which a post meets them."""

_PINS = {
    "checkout": "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "setup_python": (
        "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
    ),
    "upload_artifact": (
        "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0"
    ),
    "download_artifact": (
        "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1"
    ),
    "deploy_pages": (
        "actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128 # v5.0.0"
    ),
}
"""Actions by full commit: a tag can be moved to other code, a commit can't."""

_WORDS = {
    "en": {
        "action": "Stop publishing, or let it go on?",
        "reason": "Why? In one sentence; a freeze needs it",
        "channel": "Only these channels; all if empty",
        "except_": "Posts or campaigns that go out anyway",
        "until": "End by itself, as in 2026-12-01T18:00+03:30",
    },
    "fa": {
        "action": "انتشار بایستد (freeze) یا ادامه یابد (unfreeze)؟",
        "reason": "چرا؟ در یک جمله؛ برای ایستادن لازم است",
        "channel": "فقط این کانال‌ها؛ اگر خالی باشد همه",
        "except_": "پست‌ها یا کارزارهایی که با این همه منتشر شوند",
        "until": "خودش تمام شود، مانند 2026-12-01T18:00+03:30",
    },
}
"""What the form of `freeze` asks, by locale."""

_SECRET = re.compile(r"(?!GITHUB_)[A-Z_][A-Z0-9_]*", re.IGNORECASE | re.ASCII)
"""https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets"""
_BRANCH = re.compile(r"[\w][\w./-]*")
"""Of the names git allows, those without a meaning to YAML and GitHub's expressions."""

_REQUIREMENTS = ".github/smmflow-requirements.txt"

_INSTALL = f"""\
      - uses: {_PINS["setup_python"]}
        with:
          python-version: "3.13"
          cache: pip
          cache-dependency-path: {_REQUIREMENTS}
      - name: Install smmflow
        run: pip install --quiet -r {_REQUIREMENTS}"""

_INSTALL_OWN = """\
      - name: Install smmflow from this checkout
        # Answered: the step before has checked out this very commit.
        uses: ./ # zizmor: ignore[self-repository]
        with: {{extras: "{extras}"}}"""

_SIGN_IN = """\
      # Git asks this for its password; only the step that pushes knows the token.
      GIT_CONFIG_COUNT: 1
      GIT_CONFIG_KEY_0: credential.${{ github.server_url }}.helper
      GIT_CONFIG_VALUE_0: >-
        !f() { test "$1" = get || return 0;
        echo username=x-access-token; echo "password=$GITHUB_TOKEN"; }; f"""

_ENVIRONMENT = """\
    environment:
      # Its secrets can be for the default branch alone; a repository's can't.
      name: smmflow
      deployment: false # publishing a post is no deployment of software"""


@dataclass(frozen=True, slots=True)
class Automation:
    """What the workflows of one repository depend on.

    Attributes:
        locale: Of the form that people fill in: `en` or `fa`.
        branch: The default branch, whose posts are published.
        state_branch: Where the state lives.
        secrets: Names of the networks' secrets.
        requirement: What to install, as pip reads it.
        extras: Of smmflow, where it installs itself; `requirement` names its own.
        own: The repository is smmflow's, which installs itself from its checkout.
    """

    locale: str = "en"
    branch: str = "main"
    state_branch: str = "smmflow-state"
    secrets: tuple[str, ...] = ()
    requirement: str = requirement("")
    extras: frozenset[str] = frozenset()
    own: bool = False


def automation(wanted: Automation) -> Mapping[str, bytes]:
    """Return the files below `.github`: bytes by path.

    Raises:
        UsageError: A name can't stand in a workflow.
    """
    _refuse_odd_names(wanted)
    words = _WORDS[wanted.locale]
    values: dict[str, object] = {
        "pins": _PINS,
        "own": wanted.own,
        "branch": wanted.branch,
        "state_branch": wanted.state_branch,
        "install": _install_own(wanted.extras) if wanted.own else _INSTALL,
        "sign_in": _SIGN_IN,
        "environment": _ENVIRONMENT,
        "secrets": _secrets(wanted.secrets),
        "words": {key: scalar(text) for key, text in words.items()},
    }
    files = {
        f".github/workflows/{name}.yml": fill(f"github/workflows/{name}.yml", **values)
        for name in NAMES
    }
    files[".github/dependabot.yml"] = fill("github/dependabot.yml", **values)
    if not wanted.own:
        files[_REQUIREMENTS] = fill(
            "github/requirements.txt", requirement=wanted.requirement
        )
    return files


def secret_names(channels: Iterable[Channel]) -> tuple[str, ...]:
    """Return the names of the secrets that channels need, each once.

    Where a token is renewed, the key that seals it is one of them.
    """
    found = tuple(channels)
    names = [name for channel in found for name in channel.secrets.values()]
    if any(_network(each).renewal for each in found):
        names.append(KEY)
    return tuple(dict.fromkeys(names))


def extras_for(channels: Iterable[Channel]) -> frozenset[str]:
    """Return the extras of smmflow that jobs need to publish to channels."""
    networks = [_network(each) for each in channels]
    tokens = {"tokens"} if any(each.renewal for each in networks) else set()
    return frozenset(tokens).union(*(each.extras for each in networks))


def _network(channel: Channel) -> Network:
    return registry.network(channel.network).on(channel)


def _install_own(extras: frozenset[str]) -> str:
    return _INSTALL_OWN.format(extras=",".join(sorted(extras)))


def _refuse_odd_names(wanted: Automation) -> None:
    for branch in (wanted.branch, wanted.state_branch):
        if not _BRANCH.fullmatch(branch):
            raise UsageError(
                f"workflows can't be written for a branch called {branch}",
                hint="a name of letters, digits, - and / will do",
            )
    for secret in wanted.secrets:
        if not _SECRET.fullmatch(secret):
            raise UsageError(
                f"GitHub takes no secret called {secret}",
                hint="name it in channels.yaml as in MASTODON_TOKEN",
            )


def _secrets(names: tuple[str, ...]) -> str:
    """Return the lines that hand secrets to a step; one that is not set is empty."""
    if not names:
        return "          # Each secret that channels.yaml names has a line here."
    return "\n".join(f"          {name}: ${{{{ secrets.{name} }}}}" for name in names)
