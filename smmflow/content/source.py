"""The text of files: bytes read within bounds and decoded, or why not."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from smmflow.diagnostics import Finding, Place, Severity

__all__ = ["MAX_BYTES", "decode", "leads_out", "read_bytes"]

MAX_BYTES = 1024 * 1024
"""The largest text file that is read, in bytes."""

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def leads_out(root: Path | str, path: str) -> Finding | None:
    """Return the fault of a file or folder that symbolic links put somewhere else.

    A pull request may bring a link to any file of the machine that checks it.
    """
    home, target = os.path.realpath(root), os.path.realpath(f"{root}/{path}")
    if target == home or target.startswith(home + os.sep):
        return None
    return Finding(
        "symlink-outside",
        Severity.ERROR,
        "this symbolic link leads out of the workspace",
        Place(path),
        "copy the file or folder into the workspace",
    )


def read_bytes(
    root: Path | str, path: str, expected: int | None = None
) -> bytes | Finding:
    """Return the bytes of one file of the workspace, at most `MAX_BYTES` of them.

    Args:
        root: The workspace.
        path: The file, relative to it.
        expected: Its size, if it was found inside the workspace: then a single read is
            enough. Otherwise it is not read if it lies outside.
    """
    if expected is None:
        if outside := leads_out(root, path):
            return outside
        expected = MAX_BYTES
    try:
        descriptor = os.open(f"{root}/{path}", _FLAGS)
        try:
            content = os.read(descriptor, min(expected, MAX_BYTES) + 1)
            if len(content) != expected:
                content = _read_on(descriptor, content)
        finally:
            os.close(descriptor)
    except OSError as error:
        return Finding(
            "file-unreadable",
            Severity.ERROR,
            f"the file can't be read: {error.strerror or error}",
            Place(path),
            "look at its permissions, and at what kind of file it is",
        )
    if len(content) > MAX_BYTES:
        return Finding(
            "file-too-large",
            Severity.ERROR,
            f"the file is larger than {MAX_BYTES // 1024} KiB",
            Place(path),
            "keep pictures and long texts in files of their own",
        )
    return content


def _read_on(descriptor: int, content: bytes) -> bytes:
    while len(content) <= MAX_BYTES:
        more = os.read(descriptor, MAX_BYTES + 1 - len(content))
        if not more:
            break
        content += more
    return content


def decode(path: str, content: bytes) -> str | Finding:
    r"""Return the text of a file: no byte order mark, and `\n` at the ends of lines."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _wrong_encoding(path, content, error)
    if "\0" in text:
        return _binary(path)
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _wrong_encoding(path: str, content: bytes, error: UnicodeDecodeError) -> Finding:
    for mark, name in _OTHER_ENCODINGS:
        if content.startswith(mark):
            message = f"the file is {name}, not UTF-8"
            place = Place(path)
            break
    else:
        if b"\0" in content:
            return _binary(path)
        before = content[: error.start].decode("utf-8")
        byte = content[error.start]
        message = f"the file is not UTF-8: byte 0x{byte:02X} can't stand here"
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        if line == 1 and before.startswith("\ufeff"):
            column -= 1
        place = Place(path, line=line, column=column)
    hint = "save it as UTF-8 in your editor"
    return Finding("wrong-encoding", Severity.ERROR, message, place, hint)


def _binary(path: str) -> Finding:
    return Finding(
        "wrong-encoding",
        Severity.ERROR,
        "the file is binary, not text",
        Place(path),
        "pictures and video belong in content/media",
    )
