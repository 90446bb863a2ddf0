"""Signed commits: whose key signed them, and which approvals they vouch for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smmflow.model.approval import SignedCommit
from smmflow.repository.arrivals import Arrival
from smmflow.repository.plumbing import Plumbing

__all__ = ["signed_commit"]

_GOOD = {"G", "U"}
"""What git calls a good signature; U is one of a key whose owner nobody certified.

https://git-scm.com/docs/git-log#Documentation/git-log.txt-emG
"""
_FORMAT = (
    "%G?%x00%GS%x00%cI%x00%P%x00"
    "%(trailers:key=Approved-by,valueonly,unfold,separator=%x01)"
)
_WRITERS = "%H%x00%ae%x00%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x01)"


def signed_commit(
    plumbing: Plumbing, arrival: Arrival, signers: str = ""
) -> SignedCommit | None:
    """Return the commit that brought a file, if a known key has signed it.

    Args:
        plumbing: The repository.
        arrival: The file and the commit.
        signers: The file of SSH keys that may sign; empty for git's own setting. GPG
            keys are known if they are on the keyring.
    """
    settings = ("-c", f"gpg.ssh.allowedSignersFile={signers}") if signers else ()
    if not plumbing.run(*settings, "verify-commit", arrival.commit).ok:
        return None
    answer = plumbing.must(
        *settings, "log", "-1", f"--format={_FORMAT}", arrival.commit
    )
    verdict, signer, at, parents, approvers = answer.text.split("\0")
    address = address_of(signer)
    if verdict not in _GOOD or not address:
        return None
    return SignedCommit(
        arrival.commit,
        address,
        _writers(plumbing, arrival, parents.split()),
        tuple(filter(None, approvers.split("\1"))),
        datetime.fromisoformat(at),
    )


def address_of(words: str) -> str:
    """Return the address in `Sara <sara@example.org>`, in small letters."""
    _, bracket, rest = words.partition("<")
    return (rest.partition(">")[0] if bracket else words).strip().lower()


def _writers(
    plumbing: Plumbing, arrival: Arrival, parents: Sequence[str]
) -> frozenset[str]:
    """Return who wrote what a commit brought, by address.

    Who merges writes nothing, unless the merge has bytes that none of its sides had.
    """
    commit, others = arrival.commit, parents[1:]
    span = (commit, f"^{parents[0]}") if parents else (commit,)
    rows = plumbing.must("log", f"--format={_WRITERS}", *span).text.splitlines()
    merged = any(_has(plumbing, side, arrival) for side in others)
    found: set[str] = set()
    for name, author, others_too in (row.split("\0") for row in rows):
        if merged and name == commit:
            continue
        found |= {author.lower(), *map(address_of, others_too.split("\1"))}
    return frozenset(found - {""})


def _has(plumbing: Plumbing, commit: str, arrival: Arrival) -> bool:
    place = f"{commit}:{arrival.then}"
    answer = plumbing.run("rev-parse", "--verify", "--quiet", place)
    return answer.ok and answer.text == arrival.blob
