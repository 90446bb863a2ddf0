"""Records as JSON: sorted keys, Persian as Persian, times in UTC, a format number.

A record lies in an envelope, `{"format": 1, "publication": {...}}`. Keys and values are
checked strictly when they are read, and an unknown key is a fault, because rewriting
a record that we understand by half would lose the other half.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from smmflow.errors import StateError
from smmflow.model.freeze import Freeze
from smmflow.model.grant import Keeping
from smmflow.model.publication import Publication
from smmflow.model.snapshot import ChannelReading, PartReading, Snapshot

__all__ = [
    "FORMAT",
    "StoredLimits",
    "decode_freezes",
    "decode_keeping",
    "decode_limits",
    "decode_publication",
    "decode_snapshot",
    "encode_freezes",
    "encode_keeping",
    "encode_limits",
    "encode_publication",
    "encode_publication_line",
    "encode_snapshot",
]

FORMAT = 1
"""The version of the files; raised when an older smmflow would misread a newer one."""


@dataclass(frozen=True, slots=True)
class StoredLimits:
    """An instance's own limits, and when they were read.

    Attributes:
        raw: As `Network.limits_for` takes them.
        read: When the instance gave them, aware, UTC.
    """

    raw: Mapping[str, int]
    read: datetime


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: Literal[1] = 1


class _PublicationFile(_Envelope):
    publication: Publication


class _LimitsFile(_Envelope):
    limits: StoredLimits


class _FreezesFile(_Envelope):
    freezes: tuple[Freeze, ...]


class _KeepingFile(_Envelope):
    keeping: Keeping


class _SnapshotHead(_Envelope):
    run: str
    taken: datetime


class _SnapshotLine(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    part: PartReading | None = None
    channel: ChannelReading | None = None


_Model = TypeVar("_Model", bound=BaseModel)


def encode_publication(publication: Publication) -> bytes:
    """Return the contents of a file of the ledger."""
    return _pretty(_PublicationFile(publication=publication))


def encode_publication_line(publication: Publication) -> bytes:
    """Return the same on one line, for journals."""
    return _line(_PublicationFile(publication=publication))


def decode_publication(content: bytes, where: str) -> Publication:
    """Return the publication in a file of the ledger.

    Args:
        content: The file.
        where: Its path and commit, for the message.

    Raises:
        StateError: It is broken, or a newer smmflow wrote it.
    """
    record = _read(_PublicationFile, content, where).publication
    moments = [record.due, record.lease_until, record.updated, record.published]
    moments += [record.edited, record.change.lease_until if record.change else None]
    moments += [each.at for each in record.approvals]
    _require_aware([*moments, *(receipt.at for receipt in record.receipts)], where)
    return record


def encode_limits(limits: StoredLimits) -> bytes:
    """Return the contents of a file of an instance's limits."""
    return _pretty(_LimitsFile(limits=limits))


def decode_limits(content: bytes, where: str) -> StoredLimits:
    """Return the limits in a file; raises like `decode_publication`."""
    limits = _read(_LimitsFile, content, where).limits
    _require_aware([limits.read], where)
    return limits


def encode_freezes(freezes: tuple[Freeze, ...]) -> bytes:
    """Return the contents of the file of freezes."""
    return _pretty(_FreezesFile(freezes=freezes))


def decode_freezes(content: bytes, where: str) -> tuple[Freeze, ...]:
    """Return the freezes in a file; raises like `decode_publication`."""
    freezes = _read(_FreezesFile, content, where).freezes
    moments = [each for f in freezes for each in (f.since, f.until, f.lifted)]
    _require_aware(moments, where)
    return freezes


def encode_keeping(keeping: Keeping) -> bytes:
    """Return the contents of a file of a grant; the grant itself is sealed."""
    return _pretty(_KeepingFile(keeping=keeping))


def decode_keeping(content: bytes, where: str) -> Keeping:
    """Return what a file of a grant holds; raises like `decode_publication`."""
    keeping = _read(_KeepingFile, content, where).keeping
    until = keeping.lease.until if keeping.lease else None
    _require_aware([keeping.issued, keeping.expires, until], where)
    return keeping


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """Return the lines of a snapshot: its head, then one reading on each."""
    lines: Iterator[BaseModel] = iter(
        [
            _SnapshotHead(run=snapshot.run, taken=snapshot.taken),
            *(_SnapshotLine(part=each) for each in snapshot.parts),
            *(_SnapshotLine(channel=each) for each in snapshot.channels),
        ]
    )
    return b"".join(_line(each) for each in lines)


def decode_snapshot(content: bytes, where: str) -> Snapshot:
    """Return the snapshot in a file; raises like `decode_publication`."""
    head, *lines = content.rstrip(b"\n").split(b"\n")
    about = _read(_SnapshotHead, head, where)
    _require_aware([about.taken], where)
    read = [
        _read(_SnapshotLine, line, f"{where}, line {number}")
        for number, line in enumerate(lines, start=2)
    ]
    return Snapshot(
        taken=about.taken,
        run=about.run,
        parts=tuple(each.part for each in read if each.part),
        channels=tuple(each.channel for each in read if each.channel),
    )


def _pretty(model: BaseModel) -> bytes:
    return _text(model.model_dump(), indent=1)


def _line(model: BaseModel) -> bytes:
    # A counter that is unknown stays null; only the kind of reading it isn't goes.
    present = {
        key: each for key, each in model.model_dump().items() if each is not None
    }
    return _text(present, separators=(",", ":"))


def _text(
    plain: Mapping[str, object],
    *,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
) -> bytes:
    text = json.dumps(
        plain,
        sort_keys=True,
        ensure_ascii=False,
        indent=indent,
        separators=separators,
        default=_moment,
    )
    # A network's words may hold half a surrogate pair, which UTF-8 can't.
    return (text + "\n").encode("utf-8", "replace")


def _moment(value: object) -> str:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        message = f"{value!r} can't be stored: times must be aware"
        raise TypeError(message)
    return value.astimezone(UTC).isoformat()


def _read(model: type[_Model], content: bytes, where: str) -> _Model:
    try:
        return model.model_validate_json(content)
    except ValidationError as problem:
        newer = _format_of(content)
        if newer is not None and newer > FORMAT:
            message = f"{where} was written by a newer smmflow (format {newer})"
            raise StateError(message, hint="upgrade smmflow") from None
        fault = problem.errors(include_url=False)[0]
        keys = ".".join(str(key) for key in fault["loc"])
        raise StateError(
            f"{where} can't be read: {keys + ': ' if keys else ''}{fault['msg']}",
            hint="`git log` of that file shows who wrote it; `git revert` brings back "
            "what was there before",
        ) from None


def _format_of(content: bytes) -> int | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    version = found.get("format") if isinstance(found, dict) else None
    return version if isinstance(version, int) else None


def _require_aware(moments: list[datetime | None], where: str) -> None:
    for moment in moments:
        if moment is not None and moment.utcoffset() is None:
            message = f"{where} can't be read: {moment} has no time zone"
            raise StateError(message)
