"""The bytes of a file that a post shows, as they were when the post was composed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from smmflow.errors import ConfigurationError
from smmflow.model.media import MediaFacts

__all__ = ["read_media"]


def read_media(root: Path, facts: MediaFacts) -> bytes:
    """Return a file's bytes.

    Args:
        root: The workspace.
        facts: What was checked and planned.

    Raises:
        ConfigurationError: The file can't be read, lies outside the workspace, or is
            no longer the one that was checked.
    """
    base = root.resolve()
    path = (base / facts.path).resolve()
    if not path.is_relative_to(base):
        raise ConfigurationError(f"{facts.path} lies outside the workspace")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{facts.path} can't be read: {error.strerror}"
        ) from None
    if hashlib.sha256(content).hexdigest() != facts.sha256:
        raise ConfigurationError(
            f"{facts.path} has changed since it was checked",
            hint="run the command again, so that the new file is checked first",
        )
    return content
