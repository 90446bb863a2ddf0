"""A new workspace: every file that it begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from smmflow.errors import UsageError
from smmflow.scaffolding.filling import fill
from smmflow.scaffolding.lines import one_line
from smmflow.scaffolding.scalar import scalar

__all__ = [
    "EXAMPLE_EXTRAS",
    "EXAMPLE_SECRETS",
    "LOCALES",
    "Brand",
    "ignored",
    "new_workspace",
]

LOCALES = ("en", "fa")
EXAMPLE_SECRETS: tuple[str, ...] = ("BLUESKY_APP_PASSWORD", "MASTODON_TOKEN")
"""Secrets of the accounts that the new channels.yaml shows as comments."""
EXAMPLE_EXTRAS = frozenset({"images"})
"""What of smmflow those accounts need."""

_ZONES = {"en": "UTC", "fa": "Asia/Tehran"}
_REPOSITORY = re.compile(
    r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]*)/(?P<name>[\w.-]+)", re.ASCII
)
_FILES = {
    "README.md": "README.md",
    "calendar.yaml": "calendar.yaml",
    "strategy.md": "strategy.md",
    "team.yaml": "team.yaml",
    "content/posts/hello.md": "post.md",
    "content/templates/footer.md": "footer.md",
    "content/campaigns/welcome.md": "campaign.md",
    "content/playbooks/wrong-post.md": "playbook.md",
    # Last: with it the folder is a workspace, so one that has it has everything.
    "channels.yaml": "channels.yaml",
}
"""Paths in the workspace, and the templates in the folder of the locale."""


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose workspace it is.

    Attributes:
        title: One line.
        locale: One of `LOCALES`: language, calendar and first day of the week.
        timezone: Of the IANA database; empty means the locale's.
        repository: As GitHub calls it, `owner/name`; empty if not known yet.
    """

    title: str
    locale: str = "en"
    timezone: str = ""
    repository: str = ""


def new_workspace(brand: Brand) -> Mapping[str, bytes]:
    """Return the files of a new workspace: bytes by path, in the order to write them.

    Raises:
        UsageError: The title, the time zone or the name of the repository can't be.
    """
    title = one_line(brand.title, of="a workspace")
    values = {
        "title": scalar(title),
        "heading": title,
        "timezone": _known_zone(brand.timezone or _ZONES[brand.locale]),
        "url": scalar(_pages(brand.repository)),
    }
    return {
        path: fill(f"{brand.locale}/{template}", **values)
        for path, template in _FILES.items()
    }


def ignored() -> Mapping[str, bytes]:
    """Return the .gitignore of a workspace."""
    return {".gitignore": fill("gitignore")}


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as problem:  # no such key, path or file
        raise UsageError(
            f"there is no time zone {name}", hint="as in Asia/Tehran or Europe/Berlin"
        ) from problem


def _pages(repository: str) -> str:
    """Return where GitHub Pages show a repository.

    https://docs.github.com/en/pages/getting-started-with-github-pages/what-is-github-pages
    """
    if not repository:
        return "https://example.org"
    found = _REPOSITORY.fullmatch(repository)
    if found is None:
        raise UsageError(
            f"{repository} is no repository of GitHub", hint="as in --github owner/name"
        )
    host = f"{found['owner'].lower()}.github.io"
    same = found["name"].lower() == host
    return f"https://{host}" if same else f"https://{host}/{found['name']}"
