"""Remotes that fail: hooks that refuse a push, lose it, or let somebody else in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

_COUNTED = """#!/bin/sh
printf . >>{count}
[ "$(wc -c <{count})" -eq {number} ] || exit 0
"""
_KILL = "kill -KILL $PPID\n"


class Refusal(StrEnum):
    """What a remote does to a push; each is the end of a sentence about it."""

    REFUSED = "is refused"
    LOST = "breaks off before anything is written"
    UNHEARD = "arrives, and its answer is lost"
    OVERTAKEN = "comes second after somebody else's"


_HOOKS = {
    Refusal.REFUSED: ("pre-receive", "echo not today >&2; exit 1\n"),
    Refusal.LOST: ("pre-receive", _KILL),
    # https://git-scm.com/docs/githooks#_reference_transaction: the ref has moved, and
    # the client has not been told yet.
    Refusal.UNHEARD: ("reference-transaction", _KILL),
    Refusal.OVERTAKEN: (
        "pre-receive",
        """read -r old new ref
unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
tree=$(git rev-parse --verify --quiet "$ref^{tree}" || git mktree </dev/null)
git rev-parse --verify --quiet "$ref" >/dev/null && parent="-p $old"
other=$(git commit-tree $parent -m "Somebody else's" "$tree")
git update-ref "$ref" "$other"
""",
    ),
}


def disturb(remote: Path, refusal: Refusal, number: int) -> Path:
    """Make the remote fail at its so-manieth push; return the hook, to be removed."""
    name, script = _HOOKS[refusal]
    hook = remote / "hooks" / name
    head = _COUNTED.format(count=remote / f"count-{name}", number=number)
    if refusal is Refusal.UNHEARD:
        head = head.replace("printf", '[ "$1" = committed ] || exit 0\nprintf', 1)
    hook.write_text(head + script)
    hook.chmod(0o755)
    return hook
