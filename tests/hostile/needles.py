"""Secrets in all the forms they may be written in, and where they are found."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

__all__ = ["Found", "files_below", "forms", "git_objects", "leaks", "search"]

SHORTEST = 8
"""Of a form: shorter ones occur by chance."""
Found = tuple[str, str, str]
"""Place, name of the secret, and the form it had."""


@cache
def forms(secret: str) -> Mapping[str, str]:
    """All forms of a secret by their names; in base64, wherever in a text it begins."""
    raw = secret.encode()
    made = {
        "plain": secret,
        "in an address": quote(secret, safe=""),
        "in a path": quote(secret),
        "in a form": quote_plus(secret),
        "in an address, in small letters": quote(secret, safe="").replace("%2F", "%2f"),
        "in JSON": json.dumps(secret)[1:-1],
        "in JSON, slashes escaped": json.dumps(secret)[1:-1].replace("/", "\\/"),
        "hex": raw.hex(),
        "HEX": raw.hex().upper(),
    }
    for shift, start in enumerate((0, 2, 3)):
        whole = base64.b64encode(b"\0" * shift + raw).decode()
        core = whole[start : (shift + len(raw)) * 8 // 6]
        made[f"base64, {shift}"] = core
        made[f"base64url, {shift}"] = core.replace("+", "-").replace("/", "_")
    return {name: each for name, each in made.items() if len(each) >= SHORTEST}


def search(text: bytes, secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield which secrets a text holds, and in which form."""
    for name, secret in secrets.items():
        for form, written in forms(secret).items():
            if written.encode() in text:
                yield name, form
                break


def leaks(
    texts: Iterator[tuple[str, bytes]], secrets: Mapping[str, str]
) -> Iterator[Found]:
    """Yield every place that holds a secret."""
    for place, text in texts:
        for name, form in search(text, secrets):
            yield place, name, form


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file as it is, and every object of every git repository unpacked.

    A file's name counts as part of what it says.
    """
    for path in sorted(folder.rglob("*")):
        place = str(path.relative_to(folder))
        if path.is_symlink():
            yield place, f"{place}\n{path.readlink()}".encode()
        elif path.is_file():
            yield place, place.encode() + b"\n" + path.read_bytes()
        elif (path / "objects").is_dir() and (path / "refs").is_dir():
            yield f"{place}, unpacked", git_objects(path)


def git_objects(git_dir: Path) -> bytes:
    """Return all objects of a repository, reachable or not, trees with their names."""
    return subprocess.run(
        [
            "git",
            f"--git-dir={git_dir}",
            *("cat-file", "--batch-all-objects", "--batch"),
        ],
        capture_output=True,
        check=True,
    ).stdout
