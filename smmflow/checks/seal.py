"""The key that tells our own memory from one that came with somebody's files."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from smmflow.credentials import setting

__all__ = ["key_of_this_account"]

_BYTES = 32
_OTHERS = 0o077


def key_of_this_account() -> bytes | None:
    """Return the key, made at its first use; None where none can be kept to oneself.

    It lies in the folder for caches of https://specifications.freedesktop.org/basedir/,
    outside every workspace. Nothing is lost with it but a little time.
    """
    with suppress(OSError, RuntimeError, ValueError):  # RuntimeError: there is no home
        caches = Path(setting("XDG_CACHE_HOME") or Path.home() / ".cache")
        file = caches / "smmflow" / "seal"
        return _read(file) if caches.is_absolute() else None
    return None


def _read(file: Path) -> bytes | None:
    with suppress(FileExistsError):
        file.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(file, flags, 0o600), "wb") as stream:
            stream.write(secrets.token_bytes(_BYTES))
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        ours = found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & _OTHERS
        key = stream.read(_BYTES)
    return key if ours and len(key) == _BYTES else None
