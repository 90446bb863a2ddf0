"""A review as JSON, on its way from a job that nobody trusts to one that may write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from smmflow.errors import UsageError
from smmflow.model.review import Review

__all__ = ["FORMAT", "LARGEST", "decode_review", "encode_review"]

FORMAT = 1
"""The version of the file; raised when an older smmflow would misread a newer one."""
LARGEST = 5_000_000
"""Bytes of a file that is read; what is written stays below."""
_MOST = 2_000
"""Entries, parts, findings: of each list."""
_LONGEST = 200_000
"""Code points of each text."""


class _ReviewFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: Literal[1] = 1
    review: Review


def encode_review(review: Review) -> bytes:
    """Return a review as a file that `decode_review` takes.

    Entries that there is no room for are counted, not written; the last go first.
    """
    findings = review.findings[:_MOST]
    bare = replace(review, entries=(), findings=findings)
    room = LARGEST - len(_text(bare)) - _MOST
    kept = []
    for entry in review.entries[:_MOST]:
        plain = json.dumps(asdict(entry), ensure_ascii=False)
        size = len(plain.encode("utf-8", "replace")) + 2
        if size <= room and not any(_faults(entry)):
            kept.append(entry)
            room -= size
    left_out = review.left_out + len(review.entries) - len(kept)
    return _text(replace(bare, entries=tuple(kept), left_out=left_out))


def decode_review(content: bytes) -> Review:
    """Return the review in a file that anybody may have written.

    Keys and types are checked strictly, and every list and text has its bound. The
    words are whatever somebody chose: they are shown, never followed.

    Raises:
        UsageError: It is no review.
    """
    if len(content) > LARGEST:
        raise _unusable(f"it has more than {LARGEST} bytes")
    try:
        review = _ReviewFile.model_validate_json(content).review
    except ValidationError as problem:
        fault = problem.errors(include_url=False, include_input=False)[0]
        keys = ".".join(str(key) for key in fault["loc"])[:100]
        raise _unusable(f"{keys + ': ' if keys else ''}{fault['msg'][:200]}") from None
    for fault_found in _faults(review):
        raise _unusable(fault_found)
    return review


def _faults(value: object) -> Iterator[str]:
    """Yield what goes beyond a bound in a value."""
    if isinstance(value, str):
        if len(value) > _LONGEST:
            yield f"a text has more than {_LONGEST} characters"
    elif isinstance(value, int):
        if not 0 <= value <= _ENOUGH:
            yield f"{value!r:.20} is no number of anything"
    elif isinstance(value, tuple):
        if len(value) > _MOST:
            yield f"a list has more than {_MOST} entries"
        for each in value[:_MOST]:
            yield from _faults(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _faults(getattr(value, each.name))


_ENOUGH = 10**9


def _text(review: Review) -> bytes:
    plain = {"format": FORMAT, "review": asdict(review)}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, allow_nan=False)
    # A title may hold half a surrogate pair, which UTF-8 can't.
    return (text + "\n").encode("utf-8", "replace")


def _unusable(why: str) -> UsageError:
    return UsageError(
        f"this is no review: {why}",
        hint="`smmflow review --format json` writes one",
    )
