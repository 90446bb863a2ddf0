"""What a workflow installs to get the smmflow that wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from smmflow import __version__

__all__ = ["requirement"]

_PLAIN_HTTPS = re.compile(r"https://[^\s@?#]+")
"""Nobody's password may end up in a file."""


def requirement(origin: str, extras: Iterable[str] = ()) -> str:
    """Return a line of pip's: a release, or the commit that was installed.

    Args:
        extras: What of smmflow is optional, and needed.
        origin: How this smmflow was installed, as pip records it in `direct_url.json`;
            empty if it came from a package index.
            https://packaging.python.org/en/latest/specifications/direct-url/
    """
    named = ",".join(sorted(extras))
    what = f"smmflow[{named}]" if named else "smmflow"
    told = json.loads(origin or "{}")
    url, source = told.get("url", ""), told.get("vcs_info", {})
    if source.get("vcs") == "git" and _PLAIN_HTTPS.fullmatch(url):
        return f"{what} @ git+{url}@{source['commit_id']}"
    return f"{what}=={__version__}"
