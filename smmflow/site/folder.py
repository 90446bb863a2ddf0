"""Writing the site: complete files only, and never over those of others."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from smmflow.errors import ConfigurationError, SmmflowError

__all__ = ["MANIFEST", "write"]

MANIFEST = ".smmflow-site.json"
"""Lists the files that smmflow made in the folder: no other is ever touched."""


def write(files: Mapping[str, bytes], folder: Path) -> tuple[int, int]:
    """Make the folder hold these files; what people put beside them stays.

    Files that have to change are written beside the folder first, so a full disk leaves
    the old site as it was; only then are they moved in, each in one step. Files of an
    earlier build that are no longer wanted go last.

    Args:
        files: Bytes by path relative to the folder, with forward slashes.
        folder: Made if it is missing.

    Returns:
        How many files were written, and how many deleted.

    Raises:
        ConfigurationError: The folder holds files that smmflow did not make and that
            are in the way, or is not a folder.
        SmmflowError: The disk is full or something can't be written.
    """
    for path in files:
        if path == MANIFEST or not _is_inside(path):
            raise ValueError(f"{path!r} is no path inside the site")
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(
            f"{folder} is a file", hint="name a folder for the site"
        )
    made = _manifest(folder)
    _refuse_others(files, folder, made)
    try:
        return _replace(files, folder, made)
    except OSError as error:
        raise SmmflowError(
            f"the site can't be written to {folder}: {error.strerror or error}",
            hint="make room or give permission, then build it again; "
            "no page is half-written",
        ) from error


def _replace(
    files: Mapping[str, bytes], folder: Path, made: frozenset[str]
) -> tuple[int, int]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    changed = [path for path in files if not _holds(folder / path, files[path])]
    stale = sorted(made - set(files))
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True
    ) as name:
        stage = Path(name)
        for path in changed:
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            (stage / path).write_bytes(files[path])
        # Before the first file moves in, everything that may be there is named as ours:
        # a run that dies half-way leaves nothing that the next one won't recognise.
        _write_manifest(stage, folder, made.union(files))
        for path in changed:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (stage / path).replace(folder / path)
        _delete(folder, stale)
        if stale:
            _write_manifest(stage, folder, files)
    return len(changed), len(stale)


def _manifest(folder: Path) -> frozenset[str]:
    try:
        listed = json.loads((folder / MANIFEST).read_bytes())["files"]
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()):
            raise ConfigurationError(
                f"{folder} holds files already and smmflow did not make it",
                hint="name an empty or a new folder for the site",
            ) from None
        return frozenset()
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise ConfigurationError(
            f"{folder / MANIFEST} can't be read, so nobody knows whose files these are",
            hint="look through the folder, delete it, and build the site again",
        ) from error
    # The list says what may be deleted, so it is not believed beyond the folder.
    return frozenset(
        each for each in listed if isinstance(each, str) and _is_inside(each)
    )


def _write_manifest(stage: Path, folder: Path, paths: Iterable[str]) -> None:
    text = json.dumps({"files": sorted(paths)}, ensure_ascii=False, indent=0)
    if _holds(folder / MANIFEST, f"{text}\n".encode()):
        return
    (stage / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (stage / MANIFEST).replace(folder / MANIFEST)


def _refuse_others(
    files: Mapping[str, bytes], folder: Path, made: frozenset[str]
) -> None:
    root = folder.resolve()
    seen: set[PurePosixPath] = set()
    for path in (*files, *made):
        target = folder / path
        if path not in made and (target.exists() or target.is_symlink()):
            raise ConfigurationError(
                f"{target} is in the way, and smmflow did not make it",
                hint="move it elsewhere, or build into another folder",
            )
        above = PurePosixPath(path).parent
        if above not in seen:
            seen.add(above)
            if not target.parent.resolve().is_relative_to(root):
                raise ConfigurationError(
                    f"{target.parent} leads out of {folder}",
                    hint="replace the symbolic link by a folder",
                )


def _delete(folder: Path, stale: Iterable[str]) -> None:
    for path in stale:
        (folder / path).unlink(missing_ok=True)
        for above in (folder / path).parents:
            if above == folder or not above.is_dir() or any(above.iterdir()):
                break
            above.rmdir()


def _holds(path: Path, content: bytes) -> bool:
    try:
        if path.stat().st_size != len(content):
            return False
        return path.read_bytes() == content
    except OSError:
        return False


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return "\\" not in path and "\0" not in path and not {"", ".", ".."} & {*parts}
