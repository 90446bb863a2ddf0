"""What all verdicts rest on besides their posts: other files, limits and the code."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from pathlib import Path

import regex

from smmflow.model.capabilities import Capabilities
from smmflow.model.workspace import Workspace

__all__ = ["basis_of", "code_digest"]

_APART = frozenset({"root", "posts", "media", "findings", "unreadable"})
"""Of a workspace: posts and the files they show have digests of their own; the others
are shown to no rule whose verdicts are remembered."""


def basis_of(workspace: Workspace, capabilities: Mapping[str, Capabilities]) -> str:
    """Return the digest of all that makes every verdict worthless when it changes.

    Args:
        workspace: Its settings, campaigns, templates and so on.
        capabilities: By channel, with the limits of the instances.
    """
    files = {
        each.name: getattr(workspace, each.name)
        for each in fields(workspace)
        if each.name not in _APART
    }
    digest = hashlib.sha256()
    for each in (_canonical(files), _canonical(capabilities), *_installed()):
        digest.update(each.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    digest.update(code_digest(Path(__file__).parent.parent))
    return digest.hexdigest()


def code_digest(folder: Path) -> bytes:
    """Return the digest of all Python code below a folder."""
    digest = hashlib.sha256()
    for source in sorted(folder.rglob("*.py")):
        code = source.read_bytes()
        digest.update(f"{source.relative_to(folder)}\0{len(code)}\0".encode())
        digest.update(code)
    return digest.digest()


def _canonical(value: object) -> str:
    """Return a text that is the same in every process, and only for the same value."""
    if is_dataclass(value):
        inside = (
            f"{f.name}={_canonical(getattr(value, f.name))}" for f in fields(value)
        )
        return f"{type(value).__name__}({','.join(inside)})"
    if isinstance(value, Mapping):
        pairs = (f"{_canonical(k)}:{_canonical(each)}" for k, each in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, AbstractSet):
        return f"set({','.join(sorted(map(_canonical, value)))})"
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return f"[{','.join(map(_canonical, value))}]"
    return repr(value)


def _installed() -> Iterable[str]:
    """Return Python's version and the names and versions of what is installed."""
    packages = Path(regex.__file__).parent.parent
    return (sys.version, *sorted(each.name for each in packages.glob("*.dist-info")))
